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

    /// A gap, and the text that follows it.
    private struct Piece: Hashable, Sendable {
        let gap: Gap
        let text: [UInt8]
    }

    /// The reply with its gaps as they are written.
    let reply: SMTPReply
    /// What stands before the first gap as it goes on the wire, with and without the enhanced status code.
    private let opening: [UInt8]
    private let plainOpening: [UInt8]
    private let pieces: [Piece]

    /// A form of one line.
    /// - Parameter text: a reply code, perhaps an enhanced status code of its class, and text; nil when it is not that,
    ///   or holds a gap of no known name.
    public init?(parsing text: String) {
        guard let reply = try? SMTPReply(parsing: Array("\(text)\r\n".utf8)),
            let (beginning, pieces) = ReplyForm.pieces(of: reply.lines[0])
        else { return nil }
        self.reply = reply
        self.pieces = pieces
        plainOpening = Array("\(reply.code) \(beginning)".utf8)
        opening = reply.enhancedStatus.map { Array("\(reply.code) \($0) \(beginning)".utf8) } ?? plainOpening
    }

    /// Whether there is anything to fill.
    var hasGaps: Bool { !pieces.isEmpty }

    /// The reply with every gap filled; one for which there is nothing stays empty. What fills a gap is never looked at
    /// for gaps.
    func filled(with details: ReplyDetails) -> SMTPReply {
        guard hasGaps else { return reply }
        var octets: [UInt8] = []
        fill(&octets, plainOpening, details)
        return SMTPReply(reply.code, reply.enhancedStatus, SMTPReply.escaped(octets.dropFirst(4)))
    }

    /// Appends the reply with every gap filled as it goes on the wire, and makes no reply of it before.
    /// - Parameters:
    ///   - octets: where to append.
    ///   - showsEnhancedStatus: false when the server does not offer ENHANCEDSTATUSCODES.
    ///   - details: what fills the gaps; nil for a form without them.
    func append(to octets: inout [UInt8], showsEnhancedStatus: Bool, details: ReplyDetails?) {
        let start = octets.count
        let opening = showsEnhancedStatus ? opening : plainOpening
        fill(&octets, opening, details)
        // What must be escaped, or goes on in a further line, is rare.
        let isPlain = details == nil || octets[(start + opening.count)...].allSatisfy(\.isPrintable)
        if isPlain, octets.count - start <= 510 {
            octets.append(.carriageReturn)
            octets.append(.lineFeed)
        } else {
            octets.removeSubrange(start...)
            (details.map(filled) ?? reply).append(to: &octets, showsEnhancedStatus: showsEnhancedStatus)
        }
    }

    private func fill(_ octets: inout [UInt8], _ opening: [UInt8], _ details: ReplyDetails?) {
        octets.append(contentsOf: opening)
        for piece in pieces {
            details?.append(piece.gap, to: &octets)
            octets.append(contentsOf: piece.text)
        }
    }

    private static func pieces(of line: String) -> (beginning: String, pieces: [Piece])? {
        let parts = line.split(separator: "{", omittingEmptySubsequences: false)
        var pieces: [Piece] = []
        for part in parts.dropFirst() {
            guard let end = part.firstIndex(of: "}"), let gap = Gap(rawValue: String(part[..<end])) else { return nil }
            pieces.append(Piece(gap: gap, text: Array(part[part.index(after: end)...].utf8)))
        }
        return (String(parts[0]), pieces)
    }
}

extension ReplyForm: ExpressibleByStringLiteral {
    /// A form that is part of the program, so a wrong one is a mistake of ours.
    public init(stringLiteral text: String) {
        guard let form = ReplyForm(parsing: text) else { preconditionFailure("no form of a reply: \(text)") }
        self = form
    }
}
