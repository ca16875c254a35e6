import Capture
import Foundation
import Simulation
import Timebase
import Wire

/// The mail of a run: a Maildir for each client host that has received some, written while it is received.
struct MailFolder: ~Copyable {
    /// How many messages may have their files open at a time: far fewer than the descriptors of a process.
    private static let openFiles = 256

    private let folder: URL
    private let begins: CalendarDate
    private var maildirs: [String: Maildir] = [:]
    /// The messages that are not whole yet.
    private var arriving: [Int: GrowingFile] = [:]
    private var openCount = 0
    /// What is to be written of the message that is looked at.
    private var piece: [UInt8] = []

    /// The mail of a run that has not begun.
    /// - Parameters:
    ///   - folder: where it is written; made when there is mail.
    ///   - begins: what the calendar says at the beginning of the run.
    init(at folder: URL, begins: CalendarDate) {
        self.folder = folder
        self.begins = begins
    }

    /// Whether any mail has come.
    var isEmpty: Bool { maildirs.isEmpty }

    /// Writes what has come, the part of each message in one piece.
    mutating func take(_ received: borrowing ReceivedMail) throws {
        let octets = received.octets.span.bytes
        let steps = received.steps
        let order = MailFolder.byMessage(steps.map(\.message))
        for (place, index) in order.enumerated() {
            let message = steps[index].message
            switch steps[index].step {
            case .begins(let beginning): try begin(received.beginnings[beginning], message)
            case .content(let range):
                piece.append(octets.extracting(range))
                let isLast = place + 1 == order.count || steps[order[place + 1]].message != message
                if isLast { try writePiece(of: message, isWhole: false) }
            case .stored: try writePiece(of: message, isWhole: true)
            case .discarded: discard(message)
            }
        }
    }

    /// Takes away what has not become whole.
    mutating func discardArriving() {
        for message in arriving.keys { discard(message) }
    }

    /// The places of steps so that those of one message come together, and stay in their order.
    private static func byMessage(_ messages: [Int]) -> [Int] {
        // Numbers sort faster than pairs.
        messages.enumerated().map { $1 << 32 | $0 }.sorted().map { $0 & 0xffff_ffff }
    }

    private mutating func begin(_ beginning: ReceivedMail.Beginning, _ message: Int) throws {
        let maildir = try maildirs[beginning.client] ?? Maildir(at: folder.appending(path: beginning.client))
        maildirs[beginning.client] = maildir
        arriving[message] = GrowingFile(path: maildir.path(of: beginning, begins: begins))
    }

    private mutating func writePiece(of message: Int, isWhole: Bool) throws(CaptureError) {
        guard var file = arriving.removeValue(forKey: message) else {
            preconditionFailure("a message begins before it goes on")
        }
        let wasOpen = file.isOpen
        try file.append(piece)
        if isWhole || (!wasOpen && openCount == MailFolder.openFiles) { try file.close() }
        openCount += (file.isOpen ? 1 : 0) - (wasOpen ? 1 : 0)
        if !isWhole { arriving[message] = file }
        piece.removeAll(keepingCapacity: true)
    }

    private mutating func discard(_ message: Int) {
        piece.removeAll(keepingCapacity: true)
        guard var file = arriving.removeValue(forKey: message) else { return }
        if file.isOpen { openCount -= 1 }
        file.remove()
    }
}
