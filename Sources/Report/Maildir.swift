import Foundation
import Simulation
import Timebase

/// The mail of one client host as a Maildir: folders `tmp`, `new` and `cur`, one file for each message.
///
/// A message is written in `tmp` and renamed into `new`, as qmail's author laid it down, so that a reader never sees
/// half of one. Names follow from virtual time, host and ordinal: two runs of one scenario name their files alike.
struct Maildir: Sendable {
    private let folder: URL

    /// Makes the folders.
    init(at folder: URL) throws {
        self.folder = folder
        for name in ["tmp", "new", "cur"] {
            try FileManager.default.createDirectory(
                at: folder.appending(path: name), withIntermediateDirectories: true)
        }
    }

    /// Delivers a message.
    func deliver(_ message: StoredMessage, begins: CalendarDate) throws {
        let date = begins.date(at: message.at).nanosecondsSince1970
        let name = "\(date / 1_000_000_000).M\(date % 1_000_000_000 / 1_000)Q\(message.ordinal).\(message.client)"
        let unfinished = folder.appending(path: "tmp/\(name)")
        try Data(message.octets).write(to: unfinished)
        try FileManager.default.moveItem(at: unfinished, to: folder.appending(path: "new/\(name)"))
    }
}
