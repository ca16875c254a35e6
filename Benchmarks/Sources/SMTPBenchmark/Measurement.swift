import Glibc

/// How often something was done, and how much processor time that took.
struct Measurement {
    /// How often it is done in one run.
    let count: Int
    /// The processor time of each run in seconds, user and system together.
    let seconds: [Double]

    /// Does something several times, once more before to warm up.
    /// - Parameters:
    ///   - runs: how many times it is measured; an odd number has a middle.
    ///   - work: what is measured.
    /// - Returns: what was measured. `work` says how often it has done what is counted, the same each time.
    static func of(runs: Int, _ work: () -> Int) -> Measurement {
        let count = work()
        let seconds = (0..<runs).map { _ in
            let begin = processorTime()
            precondition(work() == count, "each run does the same")
            return processorTime() - begin
        }
        return Measurement(count: count, seconds: seconds)
    }

    /// The processor time of the middle run.
    var median: Double { seconds.sorted()[seconds.count / 2] }

    /// How often it can be done in a second of processor time.
    var perSecond: Double { Double(count) / median }

    /// How far the runs lie apart, in parts of the median.
    var spread: Double { ((seconds.max() ?? 0) - (seconds.min() ?? 0)) / median }

    private static func processorTime() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let microseconds = usage.ru_utime.tv_usec + usage.ru_stime.tv_usec
        return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + Double(microseconds) / 1_000_000
    }
}
