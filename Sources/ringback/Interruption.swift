import Glibc
import Synchronization

/// Whether the user has pressed Ctrl-C. The run looks between two steps and ends in good order.
enum Interruption {
    private static let requested = Atomic<Bool>(false)

    /// From now on Ctrl-C asks the run to end; a second one ends the process at once.
    static func listen() {
        signal(SIGINT) { _ in
            Interruption.requested.store(true, ordering: .relaxed)
            signal(SIGINT, SIG_DFL)
        }
        // Who was started by a thread that blocks signals, as a thread of a pool does, has inherited that.
        var interrupt = sigset_t()
        sigemptyset(&interrupt)
        sigaddset(&interrupt, SIGINT)
        pthread_sigmask(SIG_UNBLOCK, &interrupt, nil)
    }

    /// Whether the run is to end.
    static var isRequested: Bool { requested.load(ordering: .relaxed) }
}
