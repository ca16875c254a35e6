import Crypto
import Foundation
import Glibc
import MailHost
import Timebase

/// Writes what a mail host is told, an entry a line in JSON, in the order in which it is told.
///
/// It holds mail and passwords as they went over the wire, so nobody else may read it.
final class JournalWriter {
    private let file: FileHandle
    private let path: String
    private let tell: @Sendable (String) -> Void
    private var isBroken = false
    private let encoder = JSONEncoder()

    /// - Parameters:
    ///   - path: the file.
    ///   - tell: hears once why it can be written no further.
    /// - Throws: ``StoreError/unusable(path:reason:)`` when the file is there already, or cannot be made.
    init(path: String, tell: @escaping @Sendable (String) -> Void) throws(StoreError) {
        self.path = path
        self.tell = tell
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .unusable(path: path, reason: String(cString: strerror(errno))) }
        file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    }

    /// Writes an entry. When one cannot be written the journal ends with the one before, and the service goes on: what
    /// came later would be told to another host than it was told to.
    func note(_ input: JournalEntry.Input, at now: Instant) {
        guard !isBroken else { return }
        do {
            try file.write(contentsOf: encoder.encode(JournalEntry(at: now.nanoseconds, input: input)) + [0x0A])
        } catch {
            isBroken = true
            tell("the journal \(path) ends here: \(error.localizedDescription)")
        }
    }

    /// Writes that output was taken.
    func noteOutput(_ octets: [UInt8], of session: SessionID, room: Int, at now: Instant) {
        note(.output(session, room: room, count: octets.count, digest: Data(SHA256.hash(data: octets))), at: now)
    }
}
