import Foundation
import TestSupport

/// A scenario of the package, run with `--out` in a folder of its own, and what it left there.
struct Run {
    let folder: TemporaryFolder
    let outcome: ExternalTool.Outcome

    init(_ scenario: String, _ options: String..., environment: [String: String] = [:]) throws {
        try self.init(scenario, options, environment: environment)
    }

    init(_ scenario: String, _ options: [String], environment: [String: String] = [:]) throws {
        let folder = try TemporaryFolder()
        self.init(
            folder: folder,
            outcome: try Ringback.run(
                ["run", Ringback.file(of: scenario), "--out", folder.path] + options, environment: environment))
    }

    init(folder: TemporaryFolder, outcome: ExternalTool.Outcome) {
        self.folder = folder
        self.outcome = outcome
    }

    var capture: String { folder.file("capture.pcapng") }

    func check() throws -> TsharkCheck { try TsharkCheck(capture: capture) }

    func report() throws -> RunFile { try RunFile(folder.octets(of: "run.json")) }

    func text(of file: String) throws -> String { String(decoding: try folder.octets(of: file), as: UTF8.self) }

    /// The events, one JSON object each.
    func events() throws -> [String] { try text(of: "events.jsonl").split(separator: "\n").map(String.init) }

    /// The messages that a client host has stored, in the order of their names.
    func mail(of client: String) throws -> [StoredFile] {
        try TemporaryFolder.names(in: folder.file("mail/\(client)/new"))
            .map { StoredFile(octets: try folder.octets(of: "mail/\(client)/new/\($0)")) }
    }

    /// A listing by tshark: a line for each frame that matches, columns separated by a bar.
    func frames(where filter: String, _ fields: [String], _ options: [String] = ["-n"]) throws -> [String] {
        try ExternalTool("tshark", package: "tshark")
            .run(
                options + ["-r", capture, "-Y", filter, "-T", "fields", "-E", "separator=|"]
                    + fields.flatMap { ["-e", $0] }
            )
            .split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }
}

/// A message as a client host keeps it: a return path and one trace field of its own on top, then what was sent.
struct StoredFile {
    let trace: [String]
    let content: [UInt8]

    init(octets: [UInt8]) {
        let lines = octets.lines
        // A line that begins with a blank goes on with the field before it.
        let fields = lines.indices.filter {
            lines[$0].first != UInt8(ascii: " ") && lines[$0].first != UInt8(ascii: "\t")
        }
        let end = fields.dropFirst(2).first ?? lines.endIndex
        trace = lines[..<end].map { String(decoding: $0, as: UTF8.self) }
        content = Array(lines[end...].joined())
    }
}

extension [UInt8] {
    /// Its lines with their ends.
    var lines: [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var rest = self[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            lines.append(rest[...end])
            rest = rest[(end + 1)...]
        }
        return rest.isEmpty ? lines : lines + [rest]
    }
}
