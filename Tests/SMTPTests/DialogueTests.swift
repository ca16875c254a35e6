import Foundation
import SMTP
import Testing
import Timebase

/// Dialogues written down as files: `C:` is said by the client, `S:` by the server, `A:` is what its driver has to do.
///
/// Consecutive client lines go out as one group. `C|` is a line without its CR LF; `\r`, `\n`, `\0` and `\xNN` stand
/// for octets. `Q:` sets the queue's answer to ETRN. A line with `#` is a comment.
@Suite struct DialogueTests {
    static let files = ["delivery", "etrn", "grammar", "recipients", "pipelining", "helo"]

    @Test(arguments: files, [1, 2, 7, Int.max])
    func `a dialogue goes as it is written down`(name: String, pieceSize: Int) throws {
        let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Dialogues/\(name).txt")
        let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map(String.init)
        var server = try ServerDriver()
        server.session.connected(at: .beginning)
        var heard = server.takeOutput().split(separator: "\r\n").map { "S: \($0)" }
        var index = 0
        while index < lines.count {
            let line = lines[index]
            index += 1
            switch line.prefix(2) {
            case "#", "# ": continue
            case "Q:": server.queueReply = try SMTPReply(parsing: Array((line.dropFirst(3) + "\r\n").utf8))
            case "C:", "C|":
                #expect(heard.isEmpty, "before line \(index)")
                var octets = DialogueTests.octets(line)
                while index < lines.count, lines[index].hasPrefix("C") {
                    octets += DialogueTests.octets(lines[index])
                    index += 1
                }
                let (actionCount, messageCount) = (server.actions.count, server.messages.count)
                heard = server.send(octets, inPiecesOf: pieceSize).split(separator: "\r\n").map { "S: \($0)" }
                heard += DialogueTests.texts(
                    server.actions.dropFirst(actionCount), server.messages.dropFirst(messageCount).map(\.content.count))
            default:
                #expect(heard.first == line, "line \(index)")
                if !heard.isEmpty { heard.removeFirst() }
            }
        }
        #expect(heard.isEmpty)
    }

    /// What the driver was told to do that the dialogues speak of; `sizes` are those of the messages to store.
    private static func texts(_ actions: ArraySlice<SMTPServerSession.Action>, _ sizes: [Int]) -> [String] {
        var sizes = sizes[...]
        return actions.compactMap { action in
            switch action {
            case .startQueue(let argument): "A: start \(argument)"
            case .store(let envelope):
                "A: store \(envelope.reversePath) to "
                    + "\(envelope.forwardPaths.map(\.description).joined(separator: " ")), "
                    + "\(sizes.popFirst() ?? 0) octets"
            case .close: "A: close"
            case .askReversal(let reversal): "A: ask \(reversal)"
            case .reverse: "A: reverse"
            case .startTLS, .makeChallenge, .makeSCRAMChallenge, .verify, .beginContent, .discardContent,
                .lookUp, .findCheckpoint, .keepContent, .forgetCheckpoint:
                nil
            }
        }
    }

    private static func octets(_ line: String) -> [UInt8] {
        let escapes: [UInt8: UInt8] = [0x72: 0x0d, 0x6e: 0x0a, 0x30: 0, 0x5c: 0x5c]
        let written = Array(line.utf8.dropFirst(3))
        var octets: [UInt8] = []
        var index = 0
        while index < written.count {
            if written[index] == 0x5c, index + 3 < written.count, written[index + 1] == 0x78 {
                octets.append(
                    UInt8(String(decoding: written[(index + 2)...(index + 3)], as: UTF8.self), radix: 16) ?? 0)
                index += 4
            } else if written[index] == 0x5c, index + 1 < written.count, let octet = escapes[written[index + 1]] {
                octets.append(octet)
                index += 2
            } else {
                octets.append(written[index])
                index += 1
            }
        }
        return line.hasPrefix("C:") ? octets + [0x0d, 0x0a] : octets
    }
}
