import Wire

/// IPCP's options in both directions (RFC 1332 §3): an address for each end, and nothing else.
///
/// Header compression and name servers are rejected.
struct IPCPNegotiator: ConfigurationNegotiator {
    private(set) var failure: PPPLink.FinishReason?
    /// Our address; unspecified until the peer has named one.
    private(set) var localAddress: IPv4Address
    /// The peer's address; unspecified until it is agreed, and if the peer never says it.
    private(set) var peerAddress = IPv4Address.unspecified
    // False when the peer will not talk about our address.
    private var asksForAddress = true
    private let configuredAddress: IPv4Address
    private let assignedAddress: IPv4Address?

    /// - Parameters:
    ///   - localAddress: ours, or 0.0.0.0 to be given one.
    ///   - assignedAddress: what the peer gets; nil takes what the peer says.
    init(localAddress: IPv4Address, assignedAddress: IPv4Address?) {
        self.localAddress = localAddress
        configuredAddress = localAddress
        self.assignedAddress = assignedAddress
    }

    // Ours

    mutating func begin() {
        failure = nil
        localAddress = configuredAddress
        asksForAddress = true
        accept([])
    }

    var request: [ConfigurationOption] { asksForAddress ? [IPCPOption.address(localAddress).option] : [] }

    mutating func requestAcknowledged() {
        // Who acknowledges 0.0.0.0 has no address to give.
        if localAddress == .unspecified { failure = .noAddress }
    }

    mutating func requestRefused(wanting options: [ConfigurationOption], isFedUp: Bool) {
        if isFedUp { return requestRejected(options) }
        // An address of our own is asked for again, until the limit on Naks drops the option.
        guard configuredAddress == .unspecified else { return }
        for option in options {
            if case .address(let address) = IPCPOption(option) { localAddress = address }
        }
    }

    mutating func requestRejected(_ options: [ConfigurationOption]) {
        guard options.contains(where: { $0.type == IPCPOption.Kind.address.rawValue }) else { return }
        asksForAddress = false
        // Who has an address of its own can do without the peer's consent; who was to be given one cannot.
        if configuredAddress == .unspecified { failure = .noAddress }
    }

    // The peer's

    mutating func judge(_ options: [ConfigurationOption], isFedUp: Bool) -> ConfigurationVerdict {
        var rejected: [ConfigurationOption] = []
        var isAddressNamed = false
        var isAddressWrong = false
        for option in options {
            switch IPCPOption(option) {
            case .address(let address) where isGood(address):
                isAddressNamed = true
            case _ where option.type == IPCPOption.Kind.address.rawValue:
                isAddressNamed = true
                isAddressWrong = true
                if isFedUp || assignedAddress == nil { rejected.append(option) }
            default:
                rejected.append(option)
            }
        }
        if !rejected.isEmpty { return .reject(rejected) }
        // A peer that forgets to name its address is reminded of the option (RFC 1332 §3.3), but not for ever.
        if let assignedAddress, isAddressWrong || !isAddressNamed && !isFedUp {
            return .refuse(wanting: [IPCPOption.address(assignedAddress).option])
        }
        return .acknowledge
    }

    private func isGood(_ address: IPv4Address) -> Bool {
        if let assignedAddress { return address == assignedAddress }
        return address != .unspecified
    }

    mutating func accept(_ options: [ConfigurationOption]) {
        peerAddress = assignedAddress ?? .unspecified
        for option in options {
            if case .address(let address) = IPCPOption(option) { peerAddress = address }
        }
    }
}
