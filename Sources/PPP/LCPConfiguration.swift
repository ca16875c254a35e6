/// What one end wants of LCP (RFC 1661 §6).
public struct LCPConfiguration: Hashable, Sendable {
    /// The longest information this end takes (MRU). Asked for only when it is not the RFC's 1500. Default 1500.
    public var maximumReceiveUnit: UInt16
    /// The control characters the peer shall escape (ACCM). Default none, as NT and pppd ask; Windows 95 asked for XON
    /// and XOFF, `000A0000`.
    public var controlCharacterMap: UInt32
    /// Whether a magic number is asked for, to notice a line that is looped back. Default true.
    public var usesMagicNumber: Bool
    /// How the peer shall authenticate itself, best first; empty when it need not. Default empty.
    public var demands: [AuthenticationMethod]
    /// How this end is ready to authenticate itself, best first; empty when it will not. Default empty.
    public var offers: [AuthenticationMethod]
    /// How often the peer's Configure-Requests may carry our own magic number before the line counts as looped back.
    /// Default 10, as pppd.
    public var maximumMagicCollisions: Int

    /// The smallest MRU that is taken from a peer; a smaller one is Nak'd with it, as pppd does.
    public static let minimumReceiveUnit: UInt16 = 128

    /// What an end wants, by default what the RFC and NT want.
    public init(
        maximumReceiveUnit: UInt16 = 1500, controlCharacterMap: UInt32 = 0, usesMagicNumber: Bool = true,
        demands: [AuthenticationMethod] = [], offers: [AuthenticationMethod] = [], maximumMagicCollisions: Int = 10
    ) {
        precondition(maximumReceiveUnit >= LCPConfiguration.minimumReceiveUnit, "a link has room for a small datagram")
        precondition(maximumMagicCollisions >= 1, "a loop is noticed by one collision at least")
        self.maximumReceiveUnit = maximumReceiveUnit
        self.controlCharacterMap = controlCharacterMap
        self.usesMagicNumber = usesMagicNumber
        self.demands = demands
        self.offers = offers
        self.maximumMagicCollisions = maximumMagicCollisions
    }
}
