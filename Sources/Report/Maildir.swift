import Foundation
import Simulation
import Timebase

/// The mail of one client host as a Maildir: folders `tmp`, `new` and `cur`, one file for each message.
///
/// Messages are written into `new` at once, since the whole Maildir lies under a partial name until the run has ended:
/// no reader can see half of one, and those that never became whole are taken away. Names follow from virtual time,
/// host and ordinal: two runs of one scenario name their files alike.
struct Maildir: Sendable {
    private let new: String

    /// Makes the folders.
    init(at folder: URL) throws(FolderError) {
        let path = folder.path
        try FolderError.explaining("make", folder) {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for name in ["tmp", "new", "cur"] {
                try FileManager.default.createDirectory(atPath: "\(path)/\(name)", withIntermediateDirectories: false)
            }
        }
        new = "\(path)/new"
    }

    /// The file of a message.
    func path(of message: ReceivedMail.Beginning, begins: CalendarDate) -> String {
        let date = begins.date(at: message.at).nanosecondsSince1970
        let seconds = date / 1_000_000_000
        return "\(new)/\(seconds).M\(date % 1_000_000_000 / 1_000)Q\(message.ordinal).\(message.client)"
    }
}
