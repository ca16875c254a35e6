/// How the command ends, as its exit code.
enum Verdict: Int32 {
    /// All expectations hold.
    case holds = 0
    /// An expectation does not hold.
    case fails = 1
    /// The scenario is refused.
    case refused = 2
    /// The run could not be finished.
    case unfinished = 3
    /// Ctrl-C.
    case interrupted = 130
    /// SIGTERM.
    case terminated = 143
}
