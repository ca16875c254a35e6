import Foundation
import TestSupport
import Testing

/// The exit codes of the README, from bad input and bad places.
struct ExitCodeTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var office: String { Ringback.file(of: "branch-office") }

    private func run(_ arguments: String...) throws -> ExternalTool.Outcome {
        try Ringback.run(["run"] + arguments + ["--out", folder.file("run")])
    }

    private func expectRefused(_ scenario: String, _ complaint: String) throws {
        let outcome = try run(scenario)
        #expect(outcome.code == 2)
        #expect(outcome.output == "")
        #expect(outcome.complaint.contains(complaint), "\(outcome.complaint)")
        #expect(try !folder.files.contains("run"), "a refused scenario writes nothing")
    }

    @Test func `a file that is no YAML is refused`() throws {
        try folder.write(Array("server: {name: [\n".utf8), to: "broken.yaml")
        try expectRefused(folder.file("broken.yaml"), "broken.yaml:")
    }

    @Test func `a file that is not there is refused`() throws {
        try expectRefused(folder.file("none.yaml"), "no such file")
    }

    @Test func `a folder is refused`() throws {
        try expectRefused(folder.path, "a folder, not a file")
    }

    @Test func `a file of a hundred megabytes is refused`() throws {
        try folder.write([], to: "huge.yaml")
        let file = try #require(FileHandle(forWritingAtPath: folder.file("huge.yaml")))
        try file.truncate(atOffset: 100_000_000)
        try expectRefused(folder.file("huge.yaml"), "the file is too large")
    }

    @Test func `a bomb of aliases is refused`() throws {
        let levels = (1...9).map {
            "l\($0): &l\($0) [" + Array(repeating: "*l\($0 - 1)", count: 9).joined(separator: ",") + "]"
        }
        let bomb = (["l0: &l0 [lol]"] + levels).joined(separator: "\n")
        try folder.write(Array(bomb.utf8), to: "bomb.yaml")
        try expectRefused(folder.file("bomb.yaml"), "bomb.yaml:")
    }

    @Test func `an impossible setting is refused`() throws {
        let outcome = try run(office, "--set", "server.ras.ports=many")
        #expect(outcome.code == 2)
        #expect(outcome.complaint.hasPrefix("--set: error: server.ras.ports: "))
        #expect(try folder.files == [])
    }

    @Test(arguments: [
        (["run"], "Missing expected argument '<scenario>'"),
        (["run", "Scenarios/branch-office.yaml", "--nope"], "Unknown option '--nope'"),
        (["run", "Scenarios/branch-office.yaml", "--seed", "x"], "The value 'x' is invalid for '--seed <seed>'"),
        (
            ["run", "Scenarios/branch-office.yaml", "--filter", "tcp portt"],
            "--filter: can't parse filter expression: syntax error"
        ),
        (["run", "Scenarios/branch-office.yaml", "--seed", "9223372036854775808"], "--seed: at most 92233"),
        (["run", "Scenarios/branch-office.yaml", "--out", ""], "--out: a folder has a name"),
        (["run", "Scenarios/branch-office.yaml", "--pcap", "-"], "--pcap: a capture goes into a file"),
        (["check"], "Missing expected argument"), (["dial"], "Unexpected argument 'dial'"),
        (
            ["check", "--explain", "Scenarios/branch-office.yaml", "Scenarios/branch-office.yaml"],
            "--explain takes one"
        ),
    ])
    func `a command line that is not understood is code 64`(arguments: [String], complaint: String) throws {
        let outcome = try Ringback.run(arguments, in: folder.path)
        #expect(outcome.code == 64)
        #expect(outcome.output == "")
        #expect(outcome.complaint.contains("Error: " + complaint), "\(outcome.complaint)")
        #expect(outcome.complaint.contains("Usage: ringback"))
        #expect(try folder.files == [])
    }

    @Test func `a classic capture in the place of another file is wrong usage`() throws {
        let outcome = try run(office, "--pcap", folder.file("run/run.json"))
        #expect(outcome.code == 64)
        #expect(outcome.complaint.contains("is the place of something else that the run writes"))
        #expect(try folder.files == [])
    }

    @Test func `a folder that cannot be made is code 3`() throws {
        try folder.write([], to: "run")
        let outcome = try Ringback.run(["run", office, "--out", folder.file("run/here")])
        #expect(outcome.code == 3)
        #expect(outcome.output == "")
        #expect(
            outcome.complaint
                == "ringback: the run could not be finished: cannot make \(folder.file("run/here")): Not a directory\n")
    }

    @Test func `a classic capture that cannot be made is code 3 and leaves nothing`() throws {
        let outcome = try run(office, "--pcap", folder.file("none/run.pcap"))
        #expect(outcome.code == 3)
        #expect(outcome.complaint.contains("cannot create \(folder.file("none/run.pcap")): No such file or directory"))
        #expect(try TemporaryFolder.names(in: folder.file("run")) == [])
    }

    @Test func `help lists the exit codes of the README`() throws {
        let readme = try String(contentsOfFile: "\(Ringback.package)/README.md", encoding: .utf8)
        let section = try #require(readme.components(separatedBy: "\n## ").first { $0.hasPrefix("Exit codes\n") })
        let help = try Ringback.run(["help"]).output.split(separator: "\n")
        #expect(
            help.compactMap { $0.firstMatch(of: /^ +(\d+) +[A-Z]/)?.1 }
                == section.split(separator: "\n").compactMap { $0.firstMatch(of: /^\| (\d+) \|/)?.1 })
    }

    @Test func `help and version are no failures`() throws {
        for arguments in [["--help"], ["help", "run"], ["--version"]] {
            let outcome = try Ringback.run(arguments)
            #expect(outcome.code == 0)
            #expect(outcome.complaint == "")
            #expect(!outcome.output.contains("nondeterminism"))
        }
    }
}
