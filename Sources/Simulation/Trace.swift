public import Events
public import Timebase

/// What comes out of a world besides mail: frames and events, in the order in which they happened.
///
/// The driver runs the world a while, takes the trace, writes it where it likes and empties it; so no closure and no
/// existential stands on the hot path, and the world knows nothing of files.
public struct Trace: Sendable {
    /// One thing that was seen. A trivial value: most entries are frames, and walking them counts no references.
    public enum Entry: Sendable {
        /// A call got its carrier: frames on this interface may follow. An index of ``Trace/interfaces``.
        case interface(Int)
        /// A frame passed the RAS; its octets are the next `length` octets of ``Trace/octets``.
        case frame(at: Instant, interface: Int32, direction: Direction, length: Int32)
        /// Something happened. An index of ``Trace/events``.
        case event(Int)
    }

    /// Which way a frame went, as the RAS sees it.
    public enum Direction: Sendable {
        /// From the client host.
        case inbound
        /// To the client host.
        case outbound
    }

    /// What was seen, oldest first.
    public internal(set) var entries: [Entry] = []
    /// The octets of the frames, one after the other: address, control, protocol, packet; no FCS, nothing escaped.
    public internal(set) var octets: [UInt8] = []
    /// The call legs that got their carrier.
    public internal(set) var interfaces: [CaptureInterface] = []
    /// What happened.
    public internal(set) var events: [Event] = []

    /// A trace of nothing yet.
    init() {}

    /// Forgets what was taken, and keeps the memory.
    public mutating func removeAll() {
        entries.removeAll(keepingCapacity: true)
        octets.removeAll(keepingCapacity: true)
        interfaces.removeAll(keepingCapacity: true)
        events.removeAll(keepingCapacity: true)
    }

    mutating func append(frame: [UInt8], at now: Instant, interface: Int, _ direction: Direction) {
        octets.append(contentsOf: frame)
        append(frameOf: frame.count, at: now, interface: interface, direction)
    }

    /// A frame whose octets have been appended.
    mutating func append(frameOf length: Int, at now: Instant, interface: Int, _ direction: Direction) {
        entries.append(.frame(at: now, interface: Int32(interface), direction: direction, length: Int32(length)))
    }

    mutating func append(_ interface: CaptureInterface) {
        entries.append(.interface(interfaces.count))
        interfaces.append(interface)
    }

    mutating func append(_ event: Event) {
        entries.append(.event(events.count))
        events.append(event)
    }
}

/// One leg of a call as an interface of the capture.
public struct CaptureInterface: Hashable, Sendable {
    /// Its number: interfaces count from zero in the order in which their carriers came up.
    public var index: Int
    /// The client host.
    public var client: String
    /// The RAS port, counted from 1.
    public var port: Int
    /// Which call of the run it is, counted from 1.
    public var call: Int
    /// Towards the client host, in bit/s.
    public var transmitRate: Int
    /// From the client host, in bit/s.
    public var receiveRate: Int
    /// When the carrier came up.
    public var at: Instant
}
