public import SMTP

/// What was said to a message or a recipient, as the queue remembers it.
public struct DeliveryReply: Hashable, Sendable {
    /// The reply code, as in 452.
    public let code: Int
    /// The text after it, without the finer status.
    public let text: String
    /// The finer status, if there was one.
    public let status: EnhancedStatusCode?
    /// The host that said it; nil when it is this host's own verdict.
    public let host: Domain?

    /// A reply of a code and a text.
    public init(code: Int, text: String, status: EnhancedStatusCode? = nil, host: Domain? = nil) {
        self.code = code
        self.text = text
        self.status = status
        self.host = host
    }

    /// The finer status in a class; one that says no more than the class when there is none (RFC 3461 §6.3).
    func status(ofClass statusClass: UInt8) -> EnhancedStatusCode {
        guard let status, status.statusClass == statusClass else { return EnhancedStatusCode(statusClass, 0, 0) }
        return status
    }
}

extension DeliveryReply: CustomStringConvertible {
    /// Code, status and text in one line.
    public var description: String { "\(code) " + (status.map { "\($0) " } ?? "") + text }
}
