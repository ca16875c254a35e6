import CPcap

/// Why an expression is no filter.
public struct PacketFilterError: Error, Hashable, Sendable {
    /// The expression.
    public var expression: String
    /// What libpcap says about it.
    public var message: String
}

extension PacketFilterError: CustomStringConvertible {
    /// `filter "tcp port": can't parse filter expression: syntax error`.
    public var description: String { "filter \"\(expression)\": \(message)" }
}

/// A filter in tcpdump's language, compiled for PPP frames by libpcap.
///
/// Names of hosts and services in an expression are looked up by libpcap with the resolver of this machine; an
/// expression with addresses and port numbers asks nobody. What only a live capture knows (`inbound`, `outbound`,
/// `ifindex`) is refused.
public struct PacketFilter: Sendable {
    /// The program for the packet filter's machine; a value, so that filters can be shared and copied.
    private let program: [bpf_insn]

    /// Compiles an expression; the empty one matches every frame.
    /// - Parameter expression: as in `tcp port 25 and host 192.0.2.130`.
    /// - Throws: ``PacketFilterError`` with libpcap's words.
    public init(_ expression: String) throws(PacketFilterError) {
        guard !expression.utf8.contains(0) else {
            throw PacketFilterError(expression: expression, message: "there is a NUL in it")
        }
        guard let handle = unsafe PcapWriter.deadHandle() else {
            throw PacketFilterError(expression: expression, message: "out of memory")
        }
        defer { unsafe pcap_close(handle) }
        var compiled = unsafe bpf_program()
        guard unsafe pcap_compile(handle, &compiled, expression, 1, bpf_u_int32(PCAP_NETMASK_UNKNOWN)) == 0 else {
            throw PacketFilterError(expression: expression, message: unsafe String(cString: pcap_geterr(handle)))
        }
        program = unsafe Array(UnsafeBufferPointer(start: compiled.bf_insns, count: Int(compiled.bf_len)))
        unsafe pcap_freecode(&compiled)
        guard !program.contains(where: PacketFilter.asksTheKernel) else {
            throw PacketFilterError(expression: expression, message: "it asks for what no capture file says")
        }
    }

    /// Whether a frame matches: from the address octet to the end of the packet, without FCS, nothing escaped.
    public func matches(_ frame: RawSpan) -> Bool {
        guard PPPHeader.isWhole(in: frame) else {
            return unsafe run(over: PPPHeader.completed(frame).span.bytes)
        }
        return run(over: frame)
    }

    /// Whether an instruction loads from below the frame, where Linux keeps what it knows of a live packet.
    ///
    /// libpcap compiles `inbound` or `ifindex` to that although there is no kernel here, and would never match.
    private static func asksTheKernel(_ instruction: bpf_insn) -> Bool {
        let code = Int32(instruction.code)
        return code & 0x07 == BPF_LD && code & 0xE0 == BPF_ABS && Int32(bitPattern: instruction.k) < 0
    }

    private func run(over frame: RawSpan) -> Bool {
        var header = pcap_pkthdr()
        header.caplen = UInt32(frame.byteCount)
        header.len = header.caplen
        return unsafe program.withUnsafeBufferPointer { instructions in
            // libpcap only reads the program; its type does not say so.
            var code = unsafe bpf_program(
                bf_len: u_int(instructions.count), bf_insns: UnsafeMutablePointer(mutating: instructions.baseAddress))
            return unsafe frame.withUnsafeBytes { octets in
                unsafe pcap_offline_filter(&code, &header, octets.baseAddress?.assumingMemoryBound(to: u_char.self))
            } != 0
        }
    }
}
