/// What stands in front of the packets of an interface (LINKTYPE_ of tcpdump.org).
public struct LinkType: RawRepresentable, Hashable, Sendable {
    /// The number that a capture says.
    public let rawValue: UInt16

    /// A link type of any number.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// PPP. Of the PPP link types the only one that Wireshark and tcpdump both dissect and filter.
    public static let ppp = LinkType(rawValue: 9)
    /// Linux cooked, version 2: what the kernel tells of a packet of any of its interfaces.
    public static let linuxCooked = LinkType(rawValue: 276)
}
