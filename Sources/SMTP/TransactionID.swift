/// What a client calls one transfer of a message over one link, so that an interrupted one can go on (RFC 1845 §2).
public struct TransactionID: Hashable, Sendable {
    /// With its angle brackets, as it goes on the wire; letters in either case are different.
    public let text: String

    /// Reads an identifier, `<local@domain>` of at most 80 octets; nil when it is none.
    /// - Parameter octets: the identifier with its angle brackets.
    public init?(parsing octets: ArraySlice<UInt8>) {
        guard octets.count <= 80, octets.first == UInt8(ascii: "<"), octets.last == UInt8(ascii: ">") else {
            return nil
        }
        let parts = octets.dropFirst().dropLast().split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy(TransactionID.isDotted) else { return nil }
        text = octets.text
    }

    /// Reads an identifier from text.
    public init?(parsing text: String) { self.init(parsing: Array(text.utf8)[...]) }

    // Atoms with single dots between them; the special characters of RFC 1521 are in none.
    private static func isDotted(_ part: ArraySlice<UInt8>) -> Bool {
        part.split(separator: .dot, omittingEmptySubsequences: false).allSatisfy { atom in
            !atom.isEmpty && atom.allSatisfy { $0.isVisible && !specials.contains($0) }
        }
    }

    private static let specials = Array("()<>@,;:\\\"/[]?=".utf8)
}

extension TransactionID: CustomStringConvertible {
    /// With its angle brackets.
    public var description: String { text }
}
