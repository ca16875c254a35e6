extension PPPLink {
    /// Why a link is over.
    public enum FinishReason: String, CaseIterable, Hashable, Sendable {
        /// This end was asked to close it.
        case closedHere = "closed by this end"
        /// The peer closed it.
        case terminatedByPeer = "terminated by the peer"
        /// No packet has come from the peer.
        case peerSilent = "the peer is silent"
        /// The peer has answered no Echo-Request for too long.
        case peerDead = "the peer has died"
        /// The two ends could not agree in time.
        case notConverging = "negotiation does not converge"
        /// Our own packets come back.
        case loopedBack = "the line is looped back"
        /// The peer does not know LCP or IPCP, or one of their basic packets.
        case peerRejectedProtocol = "the peer rejects the protocol"
        /// The peer will not prove who it is.
        case peerRefusedAuthentication = "the peer refuses to authenticate"
        /// A proof was not accepted.
        case authenticationFailed = "authentication failed"
        /// The peer took too long over authentication.
        case authenticationTimedOut = "authentication took too long"
        /// The peer has closed IPCP, or does not answer it.
        case networkClosed = "no network layer is open"
        /// The peer has no address for us.
        case noAddress = "no address"

        /// The number that Microsoft's RAS shows to the user for it; nil when there is nothing to show.
        public var rasErrorNumber: Int? {
            switch self {
            case .closedHere: nil
            case .terminatedByPeer: 719
            case .peerSilent: 721
            case .peerDead: 668
            case .notConverging: 732
            case .loopedBack: 737
            case .peerRejectedProtocol: 733
            case .peerRefusedAuthentication, .authenticationFailed: 691
            case .authenticationTimedOut: 718
            case .networkClosed: 720
            case .noAddress: 738
            }
        }
    }
}
