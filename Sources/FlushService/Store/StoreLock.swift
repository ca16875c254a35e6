import Glibc
import Synchronization

/// The lock of a store's folder: one process at a time may write there. It falls with the process, however that ends.
final class StoreLock: Sendable {
    private let descriptor: Mutex<Int32?>

    /// Takes the lock.
    /// - Parameter path: the lock file; it is made if it is not there, and stays.
    /// - Throws: ``StoreError/inUse(path:)`` when another process has it.
    init(path: String) throws(StoreError) {
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .unusable(path: path, reason: String(cString: strerror(errno))) }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            close(file)
            guard reason == EWOULDBLOCK else {
                throw .unusable(path: path, reason: String(cString: strerror(reason)))
            }
            throw .inUse(path: path)
        }
        descriptor = Mutex(file)
    }

    deinit { release() }

    /// Gives the folder to others.
    func release() {
        descriptor.withLock { descriptor in
            if let file = descriptor {
                // Closing alone leaves it to a child process that was just begun and has not yet closed what it has
                // inherited.
                flock(file, LOCK_UN)
                close(file)
            }
            descriptor = nil
        }
    }
}
