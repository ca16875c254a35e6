/// What a host calls a connection. A name is used once: that of a connection that is gone means nothing.
public struct ConnectionID: Hashable, Sendable {
    /// The place in the host's table, which is used again.
    public let slot: Int
    let number: UInt32
}

/// What an application hears of its connections.
public enum SocketEvent: Hashable, Sendable {
    /// A peer has connected to this port.
    case accepted(ConnectionID, port: UInt16)
    /// Our connection is established.
    case connected(ConnectionID)
    /// There is something to read.
    case readable(ConnectionID)
    /// There is room to write again.
    case writable(ConnectionID)
    /// The peer will send no more.
    case peerClosed(ConnectionID)
    /// Nothing more will come or go.
    case closed(ConnectionID, CloseReason)
    /// A UDP datagram came for a bound port.
    case datagram(port: UInt16, payload: [UInt8])
}
