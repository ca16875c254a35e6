/// A password or shared secret. It never shows its contents: descriptions, dumps and interpolations get three
/// asterisks.
public struct Secret: Hashable, Sendable {
    let octets: [UInt8]

    /// A secret of these octets.
    public init(octets: [UInt8]) { self.octets = octets }

    /// A secret written as text, in UTF-8.
    public init(_ text: String) { octets = Array(text.utf8) }

    /// Whether these octets are the secret. The time it takes depends on nothing but the length given.
    func matches(_ given: [UInt8]) -> Bool { isEqualInConstantTime(given, octets) }
}

/// Whether both are equal, in a time that tells nothing of where they differ.
func isEqualInConstantTime(_ given: [UInt8], _ expected: [UInt8]) -> Bool {
    var difference: UInt8 = given.count == expected.count ? 0 : 1
    for (index, octet) in given.enumerated() {
        difference |= octet ^ (index < expected.count ? expected[index] : 0)
    }
    return difference == 0
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Three asterisks.
    public var description: String { "***" }
    /// Three asterisks.
    public var debugDescription: String { "***" }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
