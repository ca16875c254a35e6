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

    private let code: Int
    private let enhancedStatus: EnhancedStatusCode?
    /// What stands before the first gap as it goes on the wire. A form is copied for every reply, so it is kept once.
    private let opening: [UInt8]
    private let pieces: [Piece]

    /// A form of one line.
    /// - Parameter text: a reply code, perhaps an enhanced status code of its class, and text; nil when it is not that,
    ///   or holds a gap of no known name.
    public init?(parsing text: String) {
        guard let reply = try? SMTPReply(parsing: Array("\(text)\r\n".utf8)),
            let (beginning, pieces) = ReplyForm.pieces(of: reply.lines[0])
        else { return nil }
        code = reply.code
        enhancedStatus = reply.enhancedStatus
        let status = enhancedStatus.map { "\($0) " } ?? ""
        opening = Array("\(code) \(status)\(beginning)".utf8)
        self.pieces = pieces
    }

    /// Whether there is anything to fill.
    var hasGaps: Bool { !pieces.isEmpty }

    /// The reply with every gap filled; one for which there is nothing stays empty. What fills a gap is never looked at
    /// for gaps.
    /// - Parameter fill: appends what belongs into a gap.
    /// - Returns: the reply.
    func filled(_ fill: (Gap, inout [UInt8]) -> Void = { _, _ in }) -> SMTPReply {
        var octets: [UInt8] = []
        write(to: &octets, showsEnhancedStatus: false, fill)
        return SMTPReply(code, enhancedStatus, SMTPReply.escaped(octets[ReplyForm.codeLength...]))
    }

    /// Appends the reply with every gap filled as it goes on the wire, and makes no reply of it before.
    /// - Parameters:
    ///   - octets: where to append.
    ///   - showsEnhancedStatus: false when the server does not offer ENHANCEDSTATUSCODES.
    ///   - fill: appends what belongs into a gap.
    func append(to octets: inout [UInt8], showsEnhancedStatus: Bool, _ fill: (Gap, inout [UInt8]) -> Void) {
        let start = octets.count
        write(to: &octets, showsEnhancedStatus: showsEnhancedStatus, fill)
        // What must be escaped, or goes on in a further line, is rare.
        let isPlain = !hasGaps || octets[start...].allSatisfy(\.isPrintable)
        if isPlain, octets.count - start <= 510 {
            octets.append(.carriageReturn)
            octets.append(.lineFeed)
        } else {
            octets.removeSubrange(start...)
            filled(fill).append(to: &octets, showsEnhancedStatus: showsEnhancedStatus)
        }
    }

    private static let codeLength = 4

    private func write(to octets: inout [UInt8], showsEnhancedStatus: Bool, _ fill: (Gap, inout [UInt8]) -> Void) {
        if let enhancedStatus, !showsEnhancedStatus {
            octets.append(contentsOf: opening[..<ReplyForm.codeLength])
            octets.append(contentsOf: opening[(ReplyForm.codeLength + enhancedStatus.length + 1)...])
        } else {
            octets.append(contentsOf: opening)
        }
        for piece in pieces {
            fill(piece.gap, &octets)
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
