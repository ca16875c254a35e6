import CPcap
import Glibc
public import Timebase

/// What passes this machine right now, from libpcap: all interfaces as one, their packets as Linux cooks them, so that
/// IPv4, IPv6 and loopback stand under one link type. Of a packet over loopback one passage is seen, not both.
///
/// Only root may open it (CAP_NET_RAW); whoever holds it may be anybody.
@safe public struct LiveInterface: ~Copyable, @unchecked Sendable {
    /// What messages call it.
    private static let name = "all interfaces"
    /// How long the kernel gathers frames before it hands them over, in milliseconds.
    private static let gathering: Int32 = 10
    /// Room for the frames that nobody has fetched yet, in octets.
    private static let buffer: Int32 = 16 * 1_024 * 1_024

    private let handle: OpaquePointer
    /// Becomes readable when there are frames.
    public let descriptor: Int32

    /// Begins to see what passes.
    /// - Parameter filter: an expression in tcpdump's language: what matches is seen.
    /// - Throws: ``CaptureError`` with libpcap's words, when this process may not, or the expression is none.
    public init(filter: String) throws(CaptureError) {
        let handle = unsafe try LiveInterface.open()
        do throws(CaptureError) {
            unsafe try LiveInterface.setFilter(filter, of: handle)
        } catch {
            unsafe pcap_close(handle)
            throw error
        }
        unsafe self.handle = handle
        descriptor = unsafe pcap_get_selectable_fd(handle)
    }

    private static func open() throws(CaptureError) -> OpaquePointer {
        var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        guard let handle = unsafe pcap_create("any", &message) else {
            throw failure(String(decoding: message.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self))
        }
        unsafe pcap_set_snaplen(handle, Int32(PcapngEncoder.snapLength))
        unsafe pcap_set_timeout(handle, gathering)
        unsafe pcap_set_buffer_size(handle, buffer)
        unsafe pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO)
        let code = unsafe pcap_activate(handle)
        guard code >= 0, unsafe pcap_set_datalink(handle, DLT_LINUX_SLL2) == 0,
            unsafe pcap_setnonblock(handle, 1, &message) == 0
        else {
            let reason = unsafe String(cString: pcap_geterr(handle))
            unsafe pcap_close(handle)
            throw failure(code == PCAP_ERROR_PERM_DENIED ? "only root may, or who has CAP_NET_RAW" : reason)
        }
        return unsafe handle
    }

    deinit { unsafe pcap_close(handle) }

    /// From now on other packets are seen.
    /// - Parameter expression: in tcpdump's language.
    /// - Throws: ``CaptureError`` with libpcap's words; then the filter stays.
    public mutating func setFilter(_ expression: String) throws(CaptureError) {
        unsafe try LiveInterface.setFilter(expression, of: handle)
    }

    private static func setFilter(_ expression: String, of handle: OpaquePointer) throws(CaptureError) {
        var program = unsafe bpf_program()
        guard unsafe pcap_compile(handle, &program, expression, 1, bpf_u_int32(PCAP_NETMASK_UNKNOWN)) == 0 else {
            throw failure(unsafe String(cString: pcap_geterr(handle)))
        }
        defer { unsafe pcap_freecode(&program) }
        guard unsafe pcap_setfilter(handle, &program) == 0 else {
            throw failure(unsafe String(cString: pcap_geterr(handle)))
        }
    }

    /// Takes the frames that are there, in the order in which the kernel saw them, and waits for none.
    /// - Parameter body: hears of each: its octets from the cooked header on, how many it had, and when the kernel saw
    ///   it.
    /// - Throws: ``CaptureError`` with libpcap's words.
    public mutating func takeFrames(
        _ body: (_ frame: RawSpan, _ originalLength: Int, _ date: CalendarDate) -> Void
    ) throws(CaptureError) {
        while true {
            var header: UnsafeMutablePointer<pcap_pkthdr>?
            var octets: UnsafePointer<u_char>?
            switch unsafe pcap_next_ex(handle, &header, &octets) {
            case 1:
                guard let header = unsafe header?.pointee else { return }
                let frame = unsafe UnsafeRawBufferPointer(start: octets, count: Int(header.caplen))
                // The handle counts in nanoseconds, so the microseconds' place holds them.
                let date = Int64(header.ts.tv_sec) * 1_000_000_000 + Int64(header.ts.tv_usec)
                unsafe body(frame.bytes, Int(header.len), CalendarDate(nanosecondsSince1970: date))
            case 0: return
            default: throw LiveInterface.failure(unsafe String(cString: pcap_geterr(handle)))
            }
        }
    }

    /// How many frames there was no room for.
    public var droppedCount: Int {
        var counts = pcap_stat()
        return unsafe pcap_stats(handle, &counts) == 0 ? Int(counts.ps_drop) : 0
    }

    private static func failure(_ reason: String) -> CaptureError { CaptureError(.capture, name, reason: reason) }
}
