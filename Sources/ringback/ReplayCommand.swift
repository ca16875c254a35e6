import ArgumentParser
import FlushService
import Foundation

/// `ringback replay`: a journal of the service, told again to the mail host.
struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Tells a journal of the service again to its mail host.",
        discussion: """
            A journal is written by `ringback serve --journal`. The mail host begins with the same configuration and \
            mail, hears the same at the same times, without sockets or disk, and must say the same, octet for octet.

            EXIT CODES:
              0    It has said the same.
              1    It says something else; where is told.
              2    The file is no journal.
              64   The command line was not understood.
            """)

    @Argument(help: "The journal.", completion: .file(extensions: ["jsonl"]))
    var journal: String

    func run() throws {
        do {
            guard let content = FileManager.default.contents(atPath: journal) else {
                throw Refusal(text: "\(journal): it cannot be read")
            }
            let replay = try Replay(content.split(separator: 0x0A))
            try Terminal.print("\(journal): \(replay.entries) entries, \(replay.octets) octets said again\n")
        } catch let fault as Replay.Fault {
            Terminal.complain("\(journal): \(fault)\n")
            if case .differs = fault { throw ExitCode(Verdict.fails.rawValue) }
            throw ExitCode(Verdict.refused.rawValue)
        } catch let refusal as Refusal {
            Terminal.complain("ringback: \(refusal.text)\n")
            throw ExitCode(Verdict.refused.rawValue)
        }
    }

    private struct Refusal: Error { let text: String }
}
