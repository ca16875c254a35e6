public import Timebase

/// What a capture says of one frame besides its octets.
public struct CapturedPacket: Hashable, Sendable {
    /// Which way a frame went, seen from the capture point.
    public enum Direction: UInt32, Hashable, Sendable {
        /// Received.
        case inbound = 1
        /// Sent.
        case outbound = 2
    }

    /// When the frame passed the capture point.
    public var at: Instant
    /// The interface it passed: interfaces count from zero in the order in which they were appended.
    public var interface: Int
    /// Which way it went.
    public var direction: Direction
    /// Whether the receiver found the FCS wrong and dropped the frame.
    public var hasCRCError: Bool

    /// A frame's time, place and direction.
    public init(at: Instant, interface: Int, direction: Direction, hasCRCError: Bool = false) {
        self.at = at
        self.interface = interface
        self.direction = direction
        self.hasCRCError = hasCRCError
    }
}
