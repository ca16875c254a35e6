/// The number under which a queue holds a message: 1 for the first, and never given twice.
public struct MessageID: Hashable, Comparable, Sendable {
    /// The number.
    public let number: Int

    /// The message of that number.
    public init(_ number: Int) { self.number = number }

    /// Whether the left was held before the right.
    public static func < (left: MessageID, right: MessageID) -> Bool { left.number < right.number }
}

extension MessageID: CustomStringConvertible {
    /// The number in digits.
    public var description: String { "\(number)" }
}
