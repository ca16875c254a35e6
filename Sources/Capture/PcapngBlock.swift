public import Timebase

/// One block of a capture, as ``PcapngReader`` reads it.
public enum PcapngBlock: Hashable, Sendable {
    /// A section begins: interfaces count from zero again.
    case section(application: String)
    /// An interface.
    case interface(CapturedInterface)
    /// A frame.
    case packet(Packet)
    /// Names of IPv4 addresses. Other addresses are left out.
    case names([CapturedName])
    /// An event.
    case journal(JournalEntry)
    /// Secrets of TLS sessions: lines of a key log. Secrets of other kinds are left out.
    case secrets([UInt8])
    /// How many packets an interface has seen until a date, where that is said.
    case statistics(interface: Int, date: CalendarDate, packets: UInt64?)

    /// A frame with what the capture says of it.
    public struct Packet: Hashable, Sendable {
        /// The bit of the flags that tells of a wrong FCS.
        static let crcErrorFlag: UInt32 = 1 << 24

        /// When it passed the capture point.
        public let date: CalendarDate
        /// The interface of its section that it passed.
        public let interface: Int
        /// Which way it went, where that is said.
        public let direction: CapturedPacket.Direction?
        /// Whether the receiver found its FCS wrong.
        public let hasCRCError: Bool
        /// How long it was on the line, in octets; at least as long as what was stored.
        public let originalLength: Int
        /// What was stored of it.
        public let octets: [UInt8]
    }
}
