/// Why octets are not a mailbox.
public enum MailboxError: Error, Hashable, Sendable {
    /// No `@` between local-part and domain.
    case atSignMissing
    /// The local-part is neither a dot-string nor a quoted-string of printable ASCII.
    case badLocalPart
    /// More than 64 octets before the `@` (RFC 5321 §4.5.3.1.1).
    case localPartTooLong
    /// What follows the `@` is not a domain.
    case badDomain(DomainError)
    /// More than 254 octets, so that the path with its brackets exceeds 256 (RFC 5321 §4.5.3.1.3).
    case tooLong
}

/// `local-part@domain` (RFC 5321 §4.1.2).
///
/// The local-part is held without its quoting, so that `"a.b"@x.example` and `a.b@x.example` are equal, and is written
/// in the least quoted form. Its case is kept and counts; the domain's does not.
public struct Mailbox: Hashable, Sendable {
    /// What stands before the `@`, without quotation marks and backslashes: printable ASCII, or UTF-8 where SMTPUTF8
    /// allows it.
    public let localPart: String
    /// What stands after the `@`.
    public let domain: Domain

    /// A mailbox from its parts.
    /// - Parameters:
    ///   - localPart: the local-part without quoting.
    ///   - domain: the domain.
    ///   - alphabet: what the local-part may be written in.
    /// - Throws: ``MailboxError`` when the local-part is not printable, or too long as it is written.
    public init(
        localPart: String, domain: Domain, in alphabet: AddressAlphabet = .ascii
    ) throws(MailboxError) {
        guard
            localPart.utf8.allSatisfy(\.isPrintable)
                || alphabet == .utf8 && Array(localPart.utf8)[...].printableUTF8 != nil
        else { throw .badLocalPart }
        try self.init(localPart, domain, lengthAsWritten: Mailbox.written(localPart).utf8.count)
    }

    private init(_ localPart: String, _ domain: Domain, lengthAsWritten length: Int) throws(MailboxError) {
        guard length <= 64 else { throw .localPartTooLong }
        guard length + 1 + domain.spelling.utf8.count <= 254 else { throw .tooLong }
        self.localPart = localPart
        self.domain = domain
    }

    /// Reads a mailbox.
    /// - Parameters:
    ///   - octets: the mailbox alone, without angle brackets.
    ///   - alphabet: what it may be written in.
    /// - Throws: ``MailboxError`` when the octets are anything else.
    public init(parsing octets: ArraySlice<UInt8>, in alphabet: AddressAlphabet = .ascii) throws(MailboxError) {
        let (local, end) = try Mailbox.takeLocalPart(from: octets, alphabet)
        guard end < octets.endIndex, octets[end] == UInt8(ascii: "@") else { throw .atSignMissing }
        let domain: Domain
        do throws(DomainError) {
            domain = try Domain(parsing: octets[(end + 1)...], in: alphabet)
        } catch {
            throw .badDomain(error)
        }
        // A dot-string in US-ASCII is written as it was read.
        if alphabet == .ascii, octets.first != UInt8(ascii: "\"") {
            try self.init(local.text, domain, lengthAsWritten: local.count)
        } else {
            guard let localPart = String(validating: local, as: UTF8.self) else { throw .badLocalPart }
            try self.init(localPart: localPart, domain: domain, in: alphabet)
        }
    }

    /// Reads a mailbox from text.
    /// - Parameter text: the mailbox alone, without angle brackets.
    /// - Throws: ``MailboxError`` when the text is anything else.
    public init(parsing text: String) throws(MailboxError) {
        try self.init(parsing: Array(text.utf8)[...])
    }

    /// Whether it is written in US-ASCII, so that every host can be told of it.
    public var isASCII: Bool { localPart.utf8.allSatisfy { $0 < 0x80 } && domain.isASCII }

    /// Whether mail for it goes to the postmaster: the one local-part whose case does not count (RFC 5321 §4.5.1).
    public var isPostmaster: Bool { Array(localPart.utf8)[...].spells("postmaster") }

    // The local-part without quoting, and the place after it.
    private static func takeLocalPart(
        from octets: ArraySlice<UInt8>, _ alphabet: AddressAlphabet
    ) throws(MailboxError) -> (octets: ArraySlice<UInt8>, end: Int) {
        if octets.first == UInt8(ascii: "\"") { return try takeQuotedString(from: octets, alphabet) }
        let end = octets.firstIndex { !$0.isAtext && $0 != .dot && !alphabet.allows($0) } ?? octets.endIndex
        let local = octets[..<end]
        guard isDotString(local) else { throw .badLocalPart }
        return (local, end)
    }

    private static func takeQuotedString(
        from octets: ArraySlice<UInt8>, _ alphabet: AddressAlphabet
    ) throws(MailboxError) -> (octets: ArraySlice<UInt8>, end: Int) {
        var content: [UInt8] = []
        var index = octets.startIndex + 1
        while index < octets.endIndex {
            switch octets[index] {
            case UInt8(ascii: "\""): return (content[...], index + 1)
            case UInt8(ascii: "\\"):
                index += 1
                guard index < octets.endIndex, octets[index].isPrintable else { throw .badLocalPart }
                content.append(octets[index])
            case let octet where octet.isPrintable || alphabet.allows(octet): content.append(octet)
            default: throw .badLocalPart
            }
            index += 1
        }
        throw .badLocalPart
    }

    // An octet above 127 needs no quoting where it may stand at all.
    private static func isDotString(_ octets: some Collection<UInt8>) -> Bool {
        var previous = UInt8.dot
        for octet in octets {
            guard octet.isAtext || octet >= 0x80 || (octet == .dot && previous != .dot) else { return false }
            previous = octet
        }
        return previous != .dot
    }

    /// Appends the mailbox as it goes on the wire.
    func append(to octets: inout [UInt8]) {
        octets.append(Mailbox.written(localPart))
        octets.append(UInt8(ascii: "@"))
        octets.append(domain.spelling)
    }

    private static func written(_ localPart: String) -> String {
        guard !isDotString(localPart.utf8) else { return localPart }
        var quoted = "\""
        for character in localPart.unicodeScalars {
            if character == "\"" || character == "\\" { quoted += "\\" }
            quoted.unicodeScalars.append(character)
        }
        return quoted + "\""
    }
}

extension Mailbox: CustomStringConvertible {
    /// The mailbox as it goes on the wire, in the least quoted form and without angle brackets.
    public var description: String { "\(Mailbox.written(localPart))@\(domain)" }
}
