/// Where a message goes: the argument of RCPT TO (RFC 5321 §4.1.1.3).
public enum ForwardPath: Hashable, Sendable {
    /// `<Postmaster>` without a domain: the postmaster of the host itself (RFC 5321 §4.5.1).
    case postmaster
    /// The recipient's mailbox.
    case mailbox(Mailbox)

    /// Reads a forward-path; a source route is left aside.
    /// - Parameters:
    ///   - octets: the path with its angle brackets.
    ///   - alphabet: what it may be written in.
    /// - Throws: ``PathError`` when the octets are anything else, or the null path.
    public init(parsing octets: ArraySlice<UInt8>, in alphabet: AddressAlphabet = .ascii) throws(PathError) {
        if octets.spells("<postmaster>") {
            self = .postmaster
        } else if let mailbox = try PathError.mailbox(parsing: octets, in: alphabet) {
            self = .mailbox(mailbox)
        } else {
            throw .nullPath
        }
    }

    /// Reads a forward-path from text.
    /// - Parameter text: the path with its angle brackets.
    /// - Throws: ``PathError`` when the text is anything else, or the null path.
    public init(parsing text: String) throws(PathError) {
        try self.init(parsing: Array(text.utf8)[...])
    }

    /// Whether it is written in US-ASCII.
    public var isASCII: Bool { if case .mailbox(let mailbox) = self { mailbox.isASCII } else { true } }

    /// The domain the message goes to; nil for the host's own postmaster.
    public var domain: Domain? {
        if case .mailbox(let mailbox) = self { mailbox.domain } else { nil }
    }

    /// Appends the path with its angle brackets.
    func append(to octets: inout [UInt8]) {
        switch self {
        case .postmaster: octets.append("<Postmaster>")
        case .mailbox(let mailbox):
            octets.append(UInt8(ascii: "<"))
            mailbox.append(to: &octets)
            octets.append(UInt8(ascii: ">"))
        }
    }
}

extension ForwardPath: CustomStringConvertible {
    /// The path with its angle brackets.
    public var description: String {
        switch self {
        case .postmaster: "<Postmaster>"
        case .mailbox(let mailbox): "<\(mailbox)>"
        }
    }
}
