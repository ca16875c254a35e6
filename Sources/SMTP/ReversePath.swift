/// Where reports about a message go: the argument of MAIL FROM (RFC 5321 §4.1.1.2).
public enum ReversePath: Hashable, Sendable {
    /// `<>`: nobody is to be told (RFC 5321 §4.5.5).
    case null
    /// The sender's mailbox.
    case mailbox(Mailbox)

    /// Reads a reverse-path; a source route is left aside.
    /// - Parameters:
    ///   - octets: the path with its angle brackets.
    ///   - alphabet: what it may be written in.
    /// - Throws: ``PathError`` when the octets are anything else.
    public init(parsing octets: ArraySlice<UInt8>, in alphabet: AddressAlphabet = .ascii) throws(PathError) {
        self =
            if let mailbox = try PathError.mailbox(parsing: octets, in: alphabet) { .mailbox(mailbox) } else { .null }
    }

    /// Reads a reverse-path from text.
    /// - Parameter text: the path with its angle brackets.
    /// - Throws: ``PathError`` when the text is anything else.
    public init(parsing text: String) throws(PathError) {
        try self.init(parsing: Array(text.utf8)[...])
    }

    /// Whether it is written in US-ASCII.
    public var isASCII: Bool { if case .mailbox(let mailbox) = self { mailbox.isASCII } else { true } }

    /// Appends the path with its angle brackets.
    func append(to octets: inout [UInt8]) {
        switch self {
        case .null: octets.append("<>")
        case .mailbox(let mailbox):
            octets.append(UInt8(ascii: "<"))
            mailbox.append(to: &octets)
            octets.append(UInt8(ascii: ">"))
        }
    }
}

extension ReversePath: CustomStringConvertible {
    /// The path with its angle brackets.
    public var description: String {
        switch self {
        case .null: "<>"
        case .mailbox(let mailbox): "<\(mailbox)>"
        }
    }
}
