public import Timebase

/// The line that tells on a terminal how far a run has come, written over itself again and again.
public struct ProgressLine: Sendable {
    private let begins: CalendarDate
    private let end: Instant

    /// A line for a run that ends at the latest at an instant.
    public init(begins: CalendarDate, end: Instant) {
        self.begins = begins
        self.end = end
    }

    /// What takes the line away again.
    public static let erased = "\r\u{1b}[K"

    /// The line, which replaces the one before it.
    /// - Parameters:
    ///   - now: how far the virtual clock has come.
    ///   - packets: frames so far.
    ///   - calls: calls under way.
    ///   - elapsed: how long the run has really taken so far.
    /// - Returns: what to write to the terminal; it has no line end.
    public func text(at now: Instant, packets: Int, calls: Int, elapsed: Interval) -> String {
        var parts = [begins.date(at: now).timeOfDay, packets.counted("packet"), "\(calls.counted("call")) under way"]
        if let remaining = remaining(at: now, elapsed: elapsed) { parts.append("about \(remaining) left") }
        return ProgressLine.erased + parts.joined(separator: "  ")
    }

    /// In whole seconds, at the pace so far; nil in the first hundredth, which says too little about the rest.
    private func remaining(at now: Instant, elapsed: Interval) -> Interval? {
        let permille = (now - .beginning).nanoseconds / max(1, (end - .beginning).nanoseconds / 1_000)
        guard permille >= 10, permille <= 1_000 else { return nil }
        return .seconds(elapsed.nanoseconds / permille * (1_000 - permille) / 1_000_000_000)
    }
}
