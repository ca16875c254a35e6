public import Timebase

/// Writes a run as one pcapng section of PPP links, for Wireshark: frames, events between them and names of addresses.
///
/// What is appended comes in the order of time. The file appears under its name at ``finish()``, which may be called
/// at any time: what was appended until then is a readable capture. A writer that is dropped unfinished leaves nothing.
public struct PcapngWriter: ~Copyable, Sendable {
    private var file: PartialFile
    private var encoder = PcapngEncoder()
    private let begins: CalendarDate
    /// The date of what was appended last.
    private var latest: CalendarDate
    /// How many frames each interface has seen.
    private var packetCounts: [UInt64] = []
    private var isSealed = false

    /// Begins a capture.
    /// - Parameters:
    ///   - path: the file's name.
    ///   - begins: what the calendar says at the beginning of the run, in whole microseconds.
    ///   - application: what writes the file, as in `Ringback 1.0`.
    ///   - names: the names of addresses; the first of several for one address counts.
    /// - Throws: ``CaptureError`` when the file cannot be written there, or the run begins before 1970.
    public init(
        path: String, begins: CalendarDate, application: String, names: [CapturedName] = []
    ) throws(CaptureError) {
        let file = try PartialFile(path: path)
        try self.init(file: file, begins: begins, application: application, names: names)
    }

    /// Begins a capture in a file just made.
    init(
        file: consuming PartialFile, begins: CalendarDate, application: String, names: [CapturedName]
    ) throws(CaptureError) {
        precondition(begins.nanosecondsSince1970 % 1_000 == 0, "a captured run begins at a whole microsecond")
        self.file = file
        self.begins = begins
        latest = begins
        guard begins.nanosecondsSince1970 >= 0 else {
            throw CaptureError(.write, self.file.path, reason: "a capture cannot say dates before 1970")
        }
        encoder.section(application: application)
        try writeBlock()
        try append(names)
    }

    /// Adds an interface, just before its first frame.
    /// - Returns: its number; interfaces count from zero.
    /// - Throws: ``CaptureError`` when the disk is full or fails.
    @discardableResult
    public mutating func append(_ interface: CapturedInterface) throws(CaptureError) -> Int {
        encoder.interface(interface)
        try writeBlock()
        packetCounts.append(0)
        return packetCounts.count - 1
    }

    /// Adds a frame: from the address octet to the end of the packet, without FCS, nothing escaped.
    ///
    /// Address, control and protocol are written out in full where the link left them out.
    /// - Parameters:
    ///   - frame: the octets.
    ///   - packet: when and where it was seen, not before what was appended last.
    /// - Throws: ``CaptureError`` when the disk is full or fails.
    public mutating func append(_ frame: RawSpan, as packet: CapturedPacket) throws(CaptureError) {
        guard PPPHeader.isWhole(in: frame) else {
            return try unsafe appendWhole(PPPHeader.completed(frame).span.bytes, packet)
        }
        try appendWhole(frame, packet)
    }

    /// Adds an event.
    ///
    /// The time, `__REALTIME_TIMESTAMP`, comes by itself.
    /// - Parameters:
    ///   - fields: names (capitals, digits, underscores) and values, as in `["MESSAGE": "NO CARRIER"]`.
    ///   - now: when it happened, not before what was appended last, and at a whole microsecond: a journal entry has no
    ///     finer time and would otherwise stand before a frame that it came after.
    /// - Throws: ``CaptureError`` when the disk is full or fails.
    public mutating func append(journal fields: JournalFields, at now: Instant) throws(CaptureError) {
        precondition(now.nanoseconds % 1_000 == 0, "an event of a capture happens at a whole microsecond")
        encoder.journal(advance(to: now), fields)
        try writeBlock()
    }

    /// Adds the statistics of the interfaces and writes what is left; only the name is missing then. When that fails
    /// nothing of it stays.
    /// - Throws: ``CaptureError`` when a write failed, now or before.
    public mutating func seal() throws(CaptureError) {
        for (interface, count) in packetCounts.enumerated() {
            encoder.statistics(interface: interface, date: latest, packets: count)
            do throws(CaptureError) {
                try writeBlock()
            } catch {
                abandon()
                throw error
            }
        }
        try file.seal()
        isSealed = true
    }

    /// Seals the capture, if that has not been done, and gives the file its name. When that fails nothing of it stays.
    /// - Throws: ``CaptureError`` when a write failed, now or before, or the name cannot be given.
    public mutating func finish() throws(CaptureError) {
        if !isSealed { try seal() }
        try file.finish()
    }

    /// Takes the capture away; an older file under its name stays. Harmless after ``finish()``.
    public mutating func abandon() { file.abandon() }

    private mutating func append(_ names: [CapturedName]) throws(CaptureError) {
        var seen: Set<UInt32> = []
        var rest = names.filter { seen.insert($0.address).inserted }[...]
        while !rest.isEmpty {
            encoder.names(rest.prefix(PcapngEncoder.namesPerBlock))
            try writeBlock()
            rest = rest.dropFirst(PcapngEncoder.namesPerBlock)
        }
    }

    private mutating func appendWhole(_ frame: RawSpan, _ packet: CapturedPacket) throws(CaptureError) {
        precondition(packetCounts.indices.contains(packet.interface), "a frame passes an interface that was appended")
        encoder.packet(
            frame, originalLength: frame.byteCount, interface: packet.interface, date: advance(to: packet.at),
            direction: packet.direction, hasCRCError: packet.hasCRCError)
        try writeBlock()
        packetCounts[packet.interface] += 1
    }

    private mutating func advance(to now: Instant) -> CalendarDate {
        let date = begins.date(at: now)
        precondition(date >= latest, "a capture is written in the order of time")
        latest = date
        return date
    }

    private mutating func writeBlock() throws(CaptureError) { try file.append(encoder.octets) }
}
