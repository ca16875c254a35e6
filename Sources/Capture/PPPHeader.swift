/// Address, control and protocol in front of a PPP packet (RFC 1662 §3.1), and what a link may leave out of them.
///
/// A capture shows every frame with the whole header, even when the ends agreed on less (RFC 1661 §6.5, §6.6): BPF
/// filters look for the protocol number in octets 2 and 3 and find nothing elsewhere.
enum PPPHeader {
    /// Whether a frame has its whole header: `FF 03` and a protocol number of two octets.
    static func isWhole(in frame: RawSpan) -> Bool {
        frame.byteCount >= 4 && frame[octet: 0] == 0xFF && frame[octet: 1] == 0x03 && frame[octet: 2] & 1 == 0
    }

    /// The frame with its whole header.
    static func completed(_ frame: RawSpan) -> [UInt8] {
        var octets: [UInt8] = []
        octets.append(frame)
        // FF is never the protocol number in one octet, so FF 03 can only be address and control (RFC 1661 §6.6).
        if !octets.starts(with: [0xFF, 0x03]) { octets.insert(contentsOf: [0xFF, 0x03], at: 0) }
        // The last octet of a protocol number is odd, the one before it is even (RFC 1661 §2).
        if octets.count > 2, octets[2] & 1 == 1 { octets.insert(0x00, at: 2) }
        return octets
    }
}
