import Wire

/// The addresses that a RAS lends to callers without one of their own, one call after the other.
struct AddressPool: Sendable {
    private let addresses: ClosedRange<UInt32>
    private var next: UInt32
    // Looked up, never walked.
    private var lent: Set<UInt32> = []

    /// A pool of so many addresses, from the first one on.
    init(_ plan: RASPlan.Pool) {
        addresses = plan.first.rawValue...(plan.first.rawValue + UInt32(plan.count - 1))
        next = plan.first.rawValue
    }

    func contains(_ address: IPv4Address) -> Bool { addresses.contains(address.rawValue) }

    /// The next address that nobody has now: who calls again gets another one as long as there are others.
    mutating func lend() -> IPv4Address {
        precondition(lent.count < addresses.count, "there are as many addresses as calls")
        while lent.contains(next) { advance() }
        let address = next
        lent.insert(address)
        advance()
        return IPv4Address(rawValue: address)
    }

    /// The call is over.
    mutating func takeBack(_ address: IPv4Address) { lent.remove(address.rawValue) }

    private mutating func advance() { next = next == addresses.upperBound ? addresses.lowerBound : next + 1 }
}
