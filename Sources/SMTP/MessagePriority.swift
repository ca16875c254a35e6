/// How urgent a message is: the parameter MT-PRIORITY of MAIL (RFC 6710 §3).
public struct MessagePriority: Hashable, Comparable, Sendable {
    /// -9 to 9; 0 for all messages that say nothing.
    public let level: Int8

    /// What a message has that says nothing.
    public static let normal = MessagePriority(level: 0)

    private init(level: Int8) { self.level = level }

    /// A priority; nil outside of -9 to 9.
    public init?(_ level: Int) {
        guard (-9...9).contains(level) else { return nil }
        self.level = Int8(level)
    }

    /// Reads a value; nil when it is none. Neither a plus sign nor a leading zero is allowed.
    init?(parsing value: ArraySlice<UInt8>) {
        let isNegative = value.first == UInt8(ascii: "-")
        guard let digit = value.dropFirst(isNegative ? 1 : 0).first, value.count == (isNegative ? 2 : 1), digit.isDigit,
            !(isNegative && digit == 0x30)
        else { return nil }
        self.init(level: isNegative ? -Int8(digit - 0x30) : Int8(digit - 0x30))
    }

    /// Whether one is less urgent than the other.
    public static func < (left: MessagePriority, right: MessagePriority) -> Bool { left.level < right.level }
}

extension MessagePriority: CustomStringConvertible {
    /// The value as it goes on the wire.
    public var description: String { "\(level)" }
}
