public import Wire

/// A name server that finds out what it is asked, whomever it has to ask itself.
public struct NameServer: Hashable, Sendable {
    /// Its address.
    public var address: IPAddress
    /// Its port, by UDP and TCP.
    public var port: UInt16

    /// The port of DNS (RFC 1035 §4.2).
    public static let standardPort: UInt16 = 53

    /// A server.
    /// - Parameters:
    ///   - address: its address.
    ///   - port: its port.
    public init(_ address: IPAddress, port: UInt16 = NameServer.standardPort) {
        self.address = address
        self.port = port
    }
}
