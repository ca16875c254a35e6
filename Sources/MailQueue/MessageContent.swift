/// What DATA transfers: header and body, every line ended by CR LF, without the dots of transparency.
public enum MessageContent: Hashable, Sendable {
    /// A real message, octet for octet.
    case octets([UInt8])
    /// A message that is written when somebody looks at it.
    case generated(GeneratedMessage)

    /// Its size in octets, known without rendering (what SIZE counts, RFC 1870 §5).
    public var size: Int {
        switch self {
        case .octets(let octets): octets.count
        case .generated(let message): message.size
        }
    }

    /// The octets, exactly ``size`` of them; the same ones each time.
    public func render() -> [UInt8] {
        switch self {
        case .octets(let octets): octets
        case .generated(let message): message.render()
        }
    }
}
