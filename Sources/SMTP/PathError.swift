/// Why octets are not a reverse-path or a forward-path.
public enum PathError: Error, Hashable, Sendable {
    /// No `<` at the beginning or no `>` at the end.
    case bracketsMissing
    /// More than 256 octets with brackets (RFC 5321 §4.5.3.1.3).
    case tooLong
    /// `<>` where mail must go somewhere.
    case nullPath
    /// What stands before the colon is not a list of `@domain`.
    case badSourceRoute
    /// What stands in the brackets is not a mailbox.
    case badMailbox(MailboxError)

    // The mailbox between the brackets. A source route is read and left aside (RFC 5321 §4.1.1.3, appendix C); nil is
    // the null path.
    static func mailbox(
        parsing path: ArraySlice<UInt8>, in alphabet: AddressAlphabet
    ) throws(PathError) -> Mailbox? {
        guard path.count >= 2, path.first == UInt8(ascii: "<"), path.last == UInt8(ascii: ">") else {
            throw .bracketsMissing
        }
        guard path.count <= 256 else { throw .tooLong }
        var inner = path.dropFirst().dropLast()
        if inner.isEmpty { return nil }
        if inner.first == UInt8(ascii: "@") { inner = try withoutSourceRoute(inner, alphabet) }
        do throws(MailboxError) {
            return try Mailbox(parsing: inner, in: alphabet)
        } catch {
            throw .badMailbox(error)
        }
    }

    private static func withoutSourceRoute(
        _ octets: ArraySlice<UInt8>, _ alphabet: AddressAlphabet
    ) throws(PathError) -> ArraySlice<UInt8> {
        var rest = octets
        while rest.first == UInt8(ascii: "@") {
            // A colon or comma inside the brackets of an IPv6 literal does not end the hop.
            let isLiteral = rest.dropFirst().first == UInt8(ascii: "[")
            let from = isLiteral ? rest.firstIndex(of: UInt8(ascii: "]")) ?? rest.startIndex : rest.startIndex
            guard let end = rest[from...].firstIndex(where: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: ":") }),
                (try? Domain(parsing: rest[(rest.startIndex + 1)..<end], in: alphabet)) != nil
            else { throw .badSourceRoute }
            let isLast = rest[end] == UInt8(ascii: ":")
            rest = rest[(end + 1)...]
            if isLast { return rest }
        }
        throw .badSourceRoute
    }
}
