import Wire

/// What is talked about in one control protocol: LCP's options, IPCP's options. The other half of such a protocol,
/// packets and states, is ``ControlProtocol``, the same for all.
///
/// Each end of a link asks for options of its own, in its Configure-Requests, and judges what the peer asks for. The
/// two directions are apart: the first half of the requirements is about ours, the second about the peer's.
protocol ConfigurationNegotiator: Sendable {
    /// Why the negotiation cannot lead anywhere, once that is clear.
    var failure: PPPLink.FinishReason? { get }

    /// Forgets what has been agreed: a negotiation begins.
    mutating func begin()
    /// The list to ask for now. It changes only in `begin` and when an answer comes in.
    var request: [ConfigurationOption] { get }
    /// The peer has taken the whole list.
    mutating func requestAcknowledged()
    /// The peer wants other values.
    /// - Parameters:
    ///   - options: the values it wants.
    ///   - isFedUp: it has been given as many as we are willing to give: do without the options instead.
    mutating func requestRefused(wanting options: [ConfigurationOption], isFedUp: Bool)
    /// The peer does not know these options, or does not want to talk about them.
    mutating func requestRejected(_ options: [ConfigurationOption])

    /// Judges the list that the peer asks for, without taking it yet.
    /// - Parameters:
    ///   - options: the peer's list.
    ///   - isFedUp: we have sent as many Naks as we are willing to: reject instead.
    /// - Returns: what to answer.
    mutating func judge(_ options: [ConfigurationOption], isFedUp: Bool) -> ConfigurationVerdict
    /// Takes the peer's list: it is being acknowledged.
    mutating func accept(_ options: [ConfigurationOption])
}

/// The answer to a Configure-Request.
enum ConfigurationVerdict: Hashable, Sendable {
    /// All of it is wanted.
    case acknowledge
    /// These values would be better.
    case refuse(wanting: [ConfigurationOption])
    /// These options are unknown, or not open to discussion.
    case reject([ConfigurationOption])
}
