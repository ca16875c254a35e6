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
    private let encoder = JSONEncoder()

    /// - Throws: ``StoreError/unusable(path:reason:)`` when the file is there already, or cannot be made.
    init(path: String) throws(StoreError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .unusable(path: path, reason: String(cString: strerror(errno))) }
        file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    }

    /// Writes an entry. What cannot be written is dropped: the service goes on without its journal.
    func note(_ input: JournalEntry.Input, at now: Instant) {
        guard var line = try? encoder.encode(JournalEntry(at: now.nanoseconds, input: input)) else { return }
        line.append(0x0A)
        try? file.write(contentsOf: line)
    }

    /// Writes that output was taken.
    func noteOutput(_ octets: [UInt8], of session: SessionID, room: Int, at now: Instant) {
        note(.output(session, room: room, count: octets.count, digest: Data(SHA256.hash(data: octets))), at: now)
    }
}
