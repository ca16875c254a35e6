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
    }

    /// Whether the run is to end.
    static var isRequested: Bool { requested.load(ordering: .relaxed) }
}
