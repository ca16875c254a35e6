/// What the addresses of a command may be written in.
public enum AddressAlphabet: Hashable, Sendable {
    /// US-ASCII alone (RFC 5321 §4.1.2).
    case ascii
    /// UTF-8 without control characters in local-parts, and letters of any script in the labels of domains (RFC 6531
    /// §3.3). Names are compared as they are written, but
    /// for the case of US-ASCII: that a U-label and an A-label are the same, nobody here knows.
    case utf8

    /// Whether an octet above 127 may stand where letters do; that the whole is UTF-8 is looked at for itself.
    func allows(_ octet: UInt8) -> Bool { self == .utf8 && octet >= 0x80 }
}
