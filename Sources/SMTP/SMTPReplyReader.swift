/// Why octets are not a reply.
public enum ReplyError: Error, Hashable, Sendable {
    /// A line does not begin with three digits, the first of them 2 to 5.
    case badCode
    /// Something else than a space, a hyphen or the end of the line after the code.
    case badSeparator
    /// The lines of one reply bear different codes.
    case codesDiffer
    /// A carriage return or line feed by itself.
    case bareLineEnd
    /// A line of more than 4096 octets.
    case lineTooLong
    /// More than 500 lines in one reply.
    case tooManyLines
    /// The octets end before the reply does.
    case incomplete
    /// Octets follow after the reply.
    case trailingOctets
}

/// Puts replies together from octets, however they were split on the way (RFC 5321 §4.2).
public struct SMTPReplyReader: Sendable {
    private var line: [UInt8] = []
    private var code = 0
    private var enhancedStatus: EnhancedStatusCode?
    private var lines: [String] = []

    /// A reader at the beginning of a reply.
    public init() {}

    /// Whether part of a reply has been read.
    public var isInsideReply: Bool { !line.isEmpty || !lines.isEmpty }

    /// Reads on until a reply is complete.
    /// - Parameters:
    ///   - octets: what arrived.
    ///   - index: where to begin; afterwards where the next reply begins, or the end.
    /// - Returns: the reply, or nil when more octets are needed.
    /// - Throws: ``ReplyError`` when this is not SMTP; nothing read later can be relied on.
    public mutating func receive(_ octets: RawSpan, from index: inout Int) throws(ReplyError) -> SMTPReply? {
        while index < octets.byteCount {
            let end = OctetSearch.firstLineFeed(in: octets, from: index)
            guard line.count + end - index <= 4096 else { throw .lineTooLong }
            line.append(octets, index..<end)
            guard end < octets.byteCount else {
                index = end
                return nil
            }
            index = end + 1
            guard line.popLast() == .carriageReturn, !line.contains(.carriageReturn) else { throw .bareLineEnd }
            if try takeLine() { return takeReply() }
        }
        return nil
    }

    // Whether it was the reply's last line.
    private mutating func takeLine() throws(ReplyError) -> Bool {
        guard line.count >= 3, line[..<3].allSatisfy(\.isDigit) else { throw .badCode }
        let lineCode = line[..<3].reduce(0) { $0 * 10 + Int($1 - 0x30) }
        guard (200...599).contains(lineCode) else { throw .badCode }
        guard lines.isEmpty || lineCode == code else { throw .codesDiffer }
        guard lines.count < 500 else { throw .tooManyLines }
        let separator = line.count > 3 ? line[3] : .space
        guard separator == .space || separator == UInt8(ascii: "-") else { throw .badSeparator }
        code = lineCode
        takeText(line.dropFirst(4))
        line.removeAll(keepingCapacity: true)
        return separator == .space
    }

    private mutating func takeText(_ text: ArraySlice<UInt8>) {
        let word = text.prefix { $0 != .space }
        if let status = EnhancedStatusCode(parsing: word), Int(status.statusClass) == code / 100,
            lines.isEmpty || status == enhancedStatus
        {
            enhancedStatus = status
            lines.append(SMTPReply.escaped(text.dropFirst(word.count + 1)))
        } else {
            lines.append(SMTPReply.escaped(text))
        }
    }

    private mutating func takeReply() -> SMTPReply {
        let reply = SMTPReply(code, enhancedStatus, lines: lines)
        self = SMTPReplyReader()
        return reply
    }
}

extension SMTPReply {
    /// Reads one whole reply.
    /// - Parameter octets: the reply with the line ends of all its lines.
    /// - Throws: ``ReplyError`` when the octets are anything else.
    public init(parsing octets: [UInt8]) throws(ReplyError) {
        var reader = SMTPReplyReader()
        var index = 0
        guard let reply = try reader.receive(octets.span.bytes, from: &index) else { throw .incomplete }
        guard index == octets.count else { throw .trailingOctets }
        self = reply
    }
}
