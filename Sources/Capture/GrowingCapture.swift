public import Timebase

/// A capture of one interface that goes on: a pcapng section that grows block by block under its name.
///
/// What was written is a readable capture at any time, also when its writer was killed.
public struct GrowingCapture: Sendable {
    private var file: GrowingFile
    private var encoder = PcapngEncoder()
    /// Whole blocks that are not written yet.
    private var waiting: [UInt8] = []
    private var packetCount: UInt64 = 0

    /// Begins a capture.
    /// - Parameters:
    ///   - path: the file; there is none of that name yet. Nobody else may read it.
    ///   - application: what writes it, as in `Ringback 1.0`.
    ///   - interface: whose packets these are.
    /// - Throws: ``CaptureError`` when the file cannot be written there.
    public init(path: String, application: String, interface: CapturedInterface) throws(CaptureError) {
        file = GrowingFile(path: path, permissions: 0o600)
        encoder.section(application: application)
        waiting += encoder.octets
        encoder.interface(interface)
        waiting += encoder.octets
        try write()
    }

    /// Adds a frame.
    /// - Parameters:
    ///   - frame: its octets, from the cooked header on.
    ///   - originalLength: how many it had.
    ///   - date: when the kernel saw it.
    public mutating func append(cooked frame: RawSpan, originalLength: Int, at date: CalendarDate) {
        encoder.packet(
            frame, originalLength: originalLength, interface: 0, date: date,
            direction: GrowingCapture.direction(of: frame), hasCRCError: false)
        waiting += encoder.octets
        packetCount += 1
    }

    /// Which way a frame went, where its header tells it: by the type of its packet (LINKTYPE_LINUX_SLL2).
    private static func direction(of frame: RawSpan) -> CapturedPacket.Direction? {
        guard frame.byteCount > 10 else { return nil }
        return switch frame[octet: 10] {
        case 0: .inbound
        case 4: .outbound
        default: nil
        }
    }

    /// Adds an event.
    public mutating func append(journal fields: JournalFields, at date: CalendarDate) {
        encoder.journal(date, fields)
        waiting += encoder.octets
    }

    /// Adds secrets of TLS sessions, in front of all that is not written yet: a reader that goes through the file once
    /// must have them before the frames that they decrypt.
    /// - Parameter lines: of a key log, as SSLKEYLOGFILE has them.
    public mutating func append(secrets lines: [UInt8]) {
        encoder.secrets(lines)
        waiting.insert(contentsOf: encoder.octets, at: 0)
    }

    /// Writes what was added.
    /// - Throws: ``CaptureError`` when the disk is full or fails.
    public mutating func write() throws(CaptureError) {
        guard !waiting.isEmpty else { return }
        try file.append(waiting)
        waiting.removeAll(keepingCapacity: true)
    }

    /// Adds how many frames there were, and closes the file.
    /// - Parameters:
    ///   - date: when it ends.
    ///   - dropped: how many frames are missing.
    /// - Throws: ``CaptureError`` when the disk is full or fails.
    public mutating func finish(at date: CalendarDate, dropped: Int) throws(CaptureError) {
        encoder.statistics(interface: 0, date: date, packets: packetCount, dropped: UInt64(dropped))
        waiting += encoder.octets
        try write()
        try file.close()
    }
}
