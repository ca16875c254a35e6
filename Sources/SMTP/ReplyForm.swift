/// A reply with gaps to fill, written as it goes on the wire: `250 2.1.0 {path}... Sender ok`.
public struct ReplyForm: Hashable, Sendable {
    /// What can stand in a gap; its raw value is what stands between the braces.
    public enum Gap: String, Hashable, Sendable, CaseIterable {
        /// The server's name.
        case host
        /// The name that the client gave with EHLO or HELO.
        case client
        /// What the calendar says, as in a mail header.
        case date
        /// A reverse-path or forward-path in its angle brackets.
        case path
        /// The same without them.
        case address
        /// What the server calls a message.
        case id
        /// What ETRN named.
        case name
        /// How many messages wait.
        case count
    }

    /// Text, and the gap that follows it.
    private struct Piece: Hashable, Sendable {
        let text: String
        let gap: Gap?
    }

    /// The reply with its gaps as they are written.
    let reply: SMTPReply
    /// Its text; a single piece when there is nothing to fill.
    private let pieces: [Piece]

    /// A form of one line.
    /// - Parameter text: a reply code, perhaps an enhanced status code of its class, and text; nil when it is not that,
    ///   or holds a gap of no known name.
    public init?(parsing text: String) {
        guard let reply = try? SMTPReply(parsing: Array("\(text)\r\n".utf8)),
            let pieces = ReplyForm.pieces(of: reply.lines[0])
        else { return nil }
        self.reply = reply
        self.pieces = pieces
    }

    /// Whether there is anything to fill.
    var hasGaps: Bool { pieces.count > 1 }

    /// The reply with every gap filled; one for which there is nothing stays empty. What fills a gap is never looked at
    /// for gaps.
    func filled(with values: [Gap: String]) -> SMTPReply {
        let line = pieces.reduce(into: "") { line, piece in
            line += piece.text
            if let gap = piece.gap { line += values[gap] ?? "" }
        }
        return SMTPReply(reply.code, reply.enhancedStatus, line)
    }

    private static func pieces(of line: String) -> [Piece]? {
        var pieces: [Piece] = []
        var rest = line[...]
        while let brace = rest.firstIndex(of: "{") {
            guard let end = rest[brace...].firstIndex(of: "}"),
                let gap = Gap(rawValue: String(rest[rest.index(after: brace)..<end]))
            else { return nil }
            pieces.append(Piece(text: String(rest[..<brace]), gap: gap))
            rest = rest[rest.index(after: end)...]
        }
        return pieces + [Piece(text: String(rest), gap: nil)]
    }
}

extension ReplyForm: ExpressibleByStringLiteral {
    /// A form that is part of the program, so a wrong one is a mistake of ours.
    public init(stringLiteral text: String) {
        guard let form = ReplyForm(parsing: text) else { preconditionFailure("no form of a reply: \(text)") }
        self = form
    }
}
