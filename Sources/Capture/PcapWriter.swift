import CPcap
import Glibc
public import Timebase

/// Writes a run as a classic pcap file with nanoseconds, through libpcap: for tools that read nothing newer.
///
/// Such a file has frames only: no interfaces, directions, names or events. It appears under its name at
/// ``finish()``; a writer that is dropped unfinished leaves nothing. It belongs to the task that made it, since
/// libpcap's dumper does.
@safe public struct PcapWriter: ~Copyable {
    private let name: PartialName
    private let begins: CalendarDate
    /// libpcap's view of the open file; nil once the file is sealed, finished or abandoned.
    private var dumper: OpaquePointer?
    /// Whether everything is written and only the name is missing.
    private var isSealed = false
    /// The first failure; later calls report it again, since `errno` is gone by then.
    private var failure: CaptureError?

    /// Begins a capture.
    /// - Parameters:
    ///   - path: the file's name.
    ///   - begins: what the calendar says at the beginning of the run.
    /// - Throws: ``CaptureError`` when the file cannot be written there.
    public init(path: String, begins: CalendarDate) throws(CaptureError) {
        let name = PartialName(path: path)
        try self.init(descriptor: try name.create(), name: name, begins: begins)
    }

    /// Begins a capture in a file just made.
    init(descriptor: Int32, name: PartialName, begins: CalendarDate) throws(CaptureError) {
        self.name = name
        self.begins = begins
        unsafe dumper = PcapWriter.openDumper(on: descriptor)
        guard unsafe dumper != nil else {
            let code = errno
            name.remove()
            throw CaptureError(.create, name.path, code: code)
        }
    }

    deinit {
        if let dumper = unsafe dumper { unsafe pcap_dump_close(dumper) } else if !isSealed { return }
        name.remove()
    }

    /// Adds a frame: from the address octet to the end of the packet, without FCS, nothing escaped.
    ///
    /// Address, control and protocol are written out in full where the link left them out.
    /// - Parameters:
    ///   - frame: the octets.
    ///   - now: when the frame passed the capture point.
    /// - Throws: ``CaptureError`` when the disk is full or fails, or the date is outside of 1970 to 2106, the years
    ///   that the 32 bits of the format can say.
    public mutating func append(_ frame: RawSpan, at now: Instant) throws(CaptureError) {
        guard PPPHeader.isWhole(in: frame) else {
            return try unsafe appendWhole(PPPHeader.completed(frame).span.bytes, now)
        }
        try appendWhole(frame, now)
    }

    /// Writes what is left and closes the file; only its name is missing then. When that fails nothing of it stays.
    /// - Throws: ``CaptureError`` when a write failed, now or before.
    public mutating func seal() throws(CaptureError) {
        guard let open = unsafe dumper else { preconditionFailure("a file is sealed once") }
        if failure == nil, unsafe pcap_dump_flush(open) != 0 {
            failure = CaptureError(.write, name.path, code: errno)
        }
        if let failure {
            abandon()
            throw failure
        }
        unsafe pcap_dump_close(open)
        unsafe dumper = nil
        isSealed = true
    }

    /// Seals the file, if that has not been done, and gives it its name. When that fails nothing of it stays.
    /// - Throws: ``CaptureError`` when a write failed, now or before, or the name cannot be given.
    public mutating func finish() throws(CaptureError) {
        if !isSealed { try seal() }
        isSealed = false
        try name.publish()
    }

    /// Closes and removes the partial file; an older file under the name stays. Harmless after ``finish()``.
    public mutating func abandon() {
        if let open = unsafe dumper { unsafe pcap_dump_close(open) } else if !isSealed { return }
        unsafe dumper = nil
        isSealed = false
        name.remove()
    }

    private mutating func appendWhole(_ frame: RawSpan, _ now: Instant) throws(CaptureError) {
        guard let open = unsafe dumper else {
            preconditionFailure("nothing is appended to a file that is sealed or abandoned")
        }
        if let failure { throw failure }
        let (seconds, nanoseconds) = begins.date(at: now).nanosecondsSince1970.quotientAndRemainder(
            dividingBy: 1_000_000_000)
        guard nanoseconds >= 0, UInt32(exactly: seconds) != nil else {
            throw CaptureError(.write, name.path, reason: "a pcap file cannot say dates outside of 1970 to 2106")
        }
        var header = pcap_pkthdr()
        // The handle counts in nanoseconds, so the microseconds' place holds them.
        header.ts = timeval(tv_sec: Int(seconds), tv_usec: Int(nanoseconds))
        header.len = UInt32(frame.byteCount)
        header.caplen = UInt32(min(frame.byteCount, PcapngEncoder.snapLength))
        unsafe frame.withUnsafeBytes { octets in
            let user = unsafe UnsafeMutableRawPointer(open).assumingMemoryBound(to: u_char.self)
            unsafe pcap_dump(user, &header, octets.baseAddress?.assumingMemoryBound(to: u_char.self))
        }
        // pcap_dump itself reports nothing.
        guard unsafe ferror(pcap_dump_file(open)) == 0 else {
            let error = CaptureError(.write, name.path, code: errno)
            failure = error
            throw error
        }
    }

    /// Makes a dumper that owns the descriptor; closes the descriptor when that fails.
    private static func openDumper(on descriptor: Int32) -> OpaquePointer? {
        guard let handle = unsafe PcapWriter.deadHandle() else {
            _ = close(descriptor)
            return nil
        }
        // The handle says what stands in the file's header and is not needed afterwards.
        defer { unsafe pcap_close(handle) }
        guard let file = unsafe fdopen(descriptor, "w") else {
            _ = close(descriptor)
            return nil
        }
        unsafe setvbuf(file, nil, _IOFBF, PartialFile.bufferSize)
        // When libpcap refuses it has closed the file.
        return unsafe pcap_dump_fopen(handle, file)
    }

    /// A libpcap handle on no interface: PPP frames and nanoseconds.
    static func deadHandle() -> OpaquePointer? {
        unsafe pcap_open_dead_with_tstamp_precision(
            DLT_PPP, Int32(PcapngEncoder.snapLength), UInt32(PCAP_TSTAMP_PRECISION_NANO))
    }
}
