/// What a capture says of one leg of a call: an interface in Wireshark's words.
public struct CapturedInterface: Hashable, Sendable {
    /// A short name that says whose leg it is, as in `branch-call-1`. At most 65,535 octets.
    public var name: String
    /// A line for people, with the rates of both directions: Wireshark 4.0 has no field for two of them. At most
    /// 65,535 octets.
    public var description: String
    /// The rate in bit/s, the faster one where two differ. Not negative.
    public var bitsPerSecond: Int

    /// An interface with its name and its rate.
    public init(name: String, description: String, bitsPerSecond: Int) {
        self.name = name
        self.description = description
        self.bitsPerSecond = bitsPerSecond
    }
}
