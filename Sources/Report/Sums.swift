public import Events
public import Timebase

/// The last line of a run: what it came to.
public struct Sums: Sendable {
    /// The line.
    public let text: String

    /// The sums of a run.
    /// - Parameters:
    ///   - record: the run's calls and flushes.
    ///   - packets: frames that passed a capture point.
    ///   - virtual: how long it took on the virtual clock.
    ///   - wall: how long it really took.
    public init(record: RunRecord, packets: Int, virtual: Interval, wall: Interval) {
        text = [
            record.calls.count.counted("call"),
            // An ETRN that was answered and started nothing is in the report, and is no flush.
            record.flushes.count { $0.reverseSYN != nil || $0.established != nil }.counted("flush"),
            "\(record.totals.delivered.counted("message")) delivered", record.totals.deliveredOctets.octetCount,
            packets.counted("packet"), "\(virtual.inBrief) virtual in \(wall.stopwatch)",
        ].joined(separator: ", ")
    }
}
