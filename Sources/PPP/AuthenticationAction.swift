import Wire

/// What one side of an authentication protocol wants done.
enum AuthenticationAction: Hashable, Sendable {
    /// Send this packet.
    case send(ControlPacket)
    /// Whoever had to has proved to be this user.
    case succeeded(user: String)
    /// The proof was not accepted.
    case failed(user: String, message: String)
}

extension String {
    /// Text from the peer, fit for events and logs: what is not printable ASCII becomes a dot.
    init(printable octets: [UInt8]) {
        self.init(decoding: octets.map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: ".") }, as: UTF8.self)
    }
}
