/// What the receiving host said to a command, as the queue remembers it.
public struct DeliveryReply: Hashable, Sendable {
    /// The reply code, as in 452.
    public let code: Int
    /// The text after it.
    public let text: String

    /// A reply of a code and a text.
    public init(code: Int, text: String) {
        self.code = code
        self.text = text
    }
}

extension DeliveryReply: CustomStringConvertible {
    /// Code and text in one line.
    public var description: String { "\(code) \(text)" }
}
