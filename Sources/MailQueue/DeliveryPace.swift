import Timebase

/// How fast a domain's messages go, commands and replies included: measured, and the older the measure the less it
/// counts, since no two calls get the same line.
struct DeliveryPace: Sendable {
    private var octets: Int64 = 0
    private var time: Int64 = 0
    /// So many octets are remembered in full: about a minute of a slow line.
    private static let memory: Int64 = 262_144

    /// A message of so many octets took so long, from its being handed out to its reply.
    mutating func add(octets: Int, in interval: Interval) {
        self.octets += Int64(octets)
        time += interval.nanoseconds
        while self.octets > DeliveryPace.memory {
            self.octets /= 2
            time /= 2
        }
    }

    /// How long so many octets will take; nil before anything was measured.
    func time(for octets: Int) -> Interval? {
        guard self.octets > 0 else { return nil }
        let (product, overflow) = Int64(octets).multipliedReportingOverflow(by: time / self.octets)
        return overflow ? nil : .nanoseconds(product)
    }
}
