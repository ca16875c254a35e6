/// Why octets are not a capture, and where.
public struct PcapngError: Error, Hashable, Sendable {
    /// What was found.
    public enum Problem: Hashable, Sendable {
        /// The first block is no section header.
        case notPcapng
        /// The section's byte-order magic is neither of the two.
        case unknownByteOrder(UInt32)
        /// A section of another major version than 1.
        case unknownVersion(UInt16)
        /// A block length that is no multiple of four or shorter than the block can be.
        case impossibleLength(UInt32)
        /// A block longer than the reader takes.
        case tooLong(UInt32)
        /// The two lengths of a block differ.
        case lengthsDiffer(UInt32, UInt32)
        /// The file ends inside a block.
        case cutShort
        /// A length inside a block points beyond its end.
        case contentBeyondBlock
        /// A frame or statistics of an interface that nobody has described.
        case unknownInterface(UInt32)
        /// A name or a description that is not UTF-8, or a name that is empty or longer than 255 octets.
        case unreadableText
        /// A time before 1970 or after 2262, or a rate that no `Int` holds.
        case numberOutOfRange
        /// A journal block that holds no entry with a time.
        case brokenJournalEntry
        /// The system could not read the file.
        case unreadable(CaptureError)
    }

    /// Where the block begins, in octets from the beginning of the file.
    public var offset: Int
    /// What was found.
    public var problem: Problem
}

extension PcapngError: CustomStringConvertible {
    /// `octet 1024: the file ends inside a block`.
    public var description: String { "octet \(offset): \(problem)" }
}

extension PcapngError.Problem: CustomStringConvertible {
    /// The problem in words.
    public var description: String {
        switch self {
        case .notPcapng: "no pcapng file"
        case .unknownByteOrder(let magic): "byte-order magic 0x\(String(magic, radix: 16)) is unknown"
        case .unknownVersion(let version): "version \(version) of pcapng is unknown"
        case .impossibleLength(let length): "a block cannot have \(length) octets"
        case .tooLong(let length): "a block has \(length) octets, which is too long"
        case .lengthsDiffer(let first, let last): "the lengths of a block differ: \(first) and \(last)"
        case .cutShort: "the file ends inside a block"
        case .contentBeyondBlock: "a length inside a block points beyond its end"
        case .unknownInterface(let number): "interface \(number) was not described"
        case .unreadableText: "a text is not UTF-8, empty or too long"
        case .numberOutOfRange: "a time or a rate is out of range"
        case .brokenJournalEntry: "a journal block holds no entry with a time"
        case .unreadable(let error): "\(error)"
        }
    }
}
