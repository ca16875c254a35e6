/// Why octets are not a DNS message: where, what is there, and what should be.
public struct DNSError: Error, Hashable, Sendable {
    /// What should be there.
    public enum Expected: Hashable, Sendable {
        /// So many octets before the message or the record's data ends; found is how many there are.
        case octets(Int)
        /// A label of 63 octets at most, or a pointer; found is the octet with a label type that was never defined
        /// (RFC 1035 §4.1.4).
        case labelOrPointer
        /// A pointer to before the name that it stands in; found is where it points to.
        case pointerBackwards
        /// A name that is put together by 64 pointers at most; found is how many there are.
        case fewerPointers
        /// A name of 255 octets at most; found is how many there are.
        case shorterName
        /// So many octets of data, as the record's type demands; found is its length.
        case dataOfLength(Int)
        /// The end of the record's data or of the message; found is how many octets are left.
        case end
    }

    /// Which octet of the message it is about.
    public let offset: Int
    /// What is there, as a number.
    public let found: Int
    /// What should be there.
    public let expected: Expected

    /// - Parameters:
    ///   - offset: which octet of the message it is about.
    ///   - found: what is there.
    ///   - expected: what should be there.
    @inline(never) public init(at offset: Int, found: Int, expected: Expected) {
        self.offset = offset
        self.found = found
        self.expected = expected
    }
}

extension DNSError: CustomStringConvertible {
    /// The error as a sentence: `at octet 12: 3 octets found, 4 expected`.
    public var description: String {
        let complaint =
            switch expected {
            case .octets(let count): "\(found) octets found, \(count) expected"
            case .labelOrPointer: "\(found) found, a label of 63 octets at most or a pointer expected"
            case .pointerBackwards: "a pointer to octet \(found) found, one to before its name expected"
            case .fewerPointers: "\(found) pointers in one name found, 64 at most expected"
            case .shorterName: "a name of \(found) octets found, \(DNSName.mostOctets) at most expected"
            case .dataOfLength(let count): "data of \(found) octets found, of \(count) expected"
            case .end: "\(found) octets found, the end expected"
            }
        return "at octet \(offset): \(complaint)"
    }
}
