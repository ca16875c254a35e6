import Glibc
import Synchronization

/// Whether somebody wants the run to end: the user by Ctrl-C, or the system by SIGTERM. The run looks between two steps
/// and ends in good order.
enum Interruption {
    private static let requested = Atomic<Int32>(0)

    /// From now on either signal asks the run to end; a second one of its kind ends the process at once.
    static func listen() {
        // Who was started by a thread that blocks signals, as a thread of a pool does, has inherited that.
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGINT, SIGTERM] {
            signal(number) { number in
                Interruption.requested.store(number, ordering: .relaxed)
                signal(number, SIG_DFL)
            }
            sigaddset(&signals, number)
        }
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }

    /// Whether the run is to end.
    static var isRequested: Bool { requested.load(ordering: .relaxed) != 0 }

    /// How a run ends that was asked to.
    static var verdict: Verdict { requested.load(ordering: .relaxed) == SIGTERM ? .terminated : .interrupted }
}
