/// What a capture says of an interface, as of one leg of a call.
public struct CapturedInterface: Hashable, Sendable {
    /// A short name that says whose leg it is, as in `branch-call-1`. At most 65,535 octets.
    public var name: String
    /// A line for people, with the rates of both directions: Wireshark 4.0 has no field for two of them. At most
    /// 65,535 octets.
    public var description: String
    /// The rate in bit/s, the faster one where two differ; 0 where nobody knows it. Not negative.
    public var bitsPerSecond: Int
    /// The expression of the filter that packets had to pass; empty for none. At most 65,534 octets.
    public var filter: String
    /// What stands in front of its packets.
    public var linkType: LinkType

    /// An interface with its name and its rate.
    public init(
        name: String, description: String, bitsPerSecond: Int = 0, filter: String = "", linkType: LinkType = .ppp
    ) {
        self.name = name
        self.description = description
        self.bitsPerSecond = bitsPerSecond
        self.filter = filter
        self.linkType = linkType
    }
}
