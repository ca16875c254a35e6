import Foundation
import TestSupport
import Testing

/// Runs that end before their end: a full disk, Ctrl-C, SIGTERM, a reader that goes away.
struct UnfinishedRunTests {
    /// Every file below a folder with its octets.
    private func content(of folder: String) throws -> [String: Data] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder)
        return names.reduce(into: [:]) { content, name in
            content[name] = (try? Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))) ?? Data()
        }
    }

    /// What fails when no file may be larger than so many KiB; the limit stands for a disk that is full.
    @Test(arguments: [
        (64, "branch-office", "", "capture.pcapng"), (16, "branch-office", "--no-capture", "mail.partial/"),
        // All but the figures are small enough, and they are the last.
        (1, "nothing-waiting", "--no-capture --pcap $out/run.pcap --filter 'tcp port 9'", "run.json"),
    ])
    func `a full disk leaves an earlier run as it was`(
        kibibytes: Int, scenario: String, options: String, file: String
    ) throws {
        let folder = try TemporaryFolder()
        let place = ["out": folder.path]
        let run = "$ringback run \(Ringback.file(of: scenario)) --quiet --out $out"
        #expect(try Ringback.shell("\(run) --pcap $out/run.pcap --seed 7", environment: place).code != 3)
        let before = try content(of: folder.path)
        let outcome = try Ringback.shell("ulimit -f \(kibibytes); \(run) \(options)", environment: place)
        #expect(outcome.code == 3)
        let complaint = "ringback: the run could not be finished: cannot write \(folder.file(file))"
        #expect(outcome.complaint.hasPrefix(complaint) && outcome.complaint.hasSuffix(": File too large\n"))
        let isUnchanged = try content(of: folder.path) == before
        #expect(isUnchanged, "\(outcome.complaint)")
    }

    @Test(arguments: [SIGINT, SIGTERM], [false, true])
    func `Ctrl-C and SIGTERM end the run in good order`(signal: Int32, signalsWereBlocked: Bool) throws {
        let folder = try TemporaryFolder()
        // Its timeline is longer than a pipe holds, so it cannot be over before somebody has read more than the
        // beginning.
        let outcome = try ExternalTool(at: Ringback.executable).outcome(
            of: ["run", Ringback.file(of: "thousand-branches"), "--out", folder.path], in: Ringback.package,
            blocksSignals: signalsWereBlocked, onceItPrints: { kill($0.processIdentifier, signal) })
        let run = Run(folder: folder, outcome: outcome)
        #expect(run.outcome.code == 128 + signal)
        #expect(try run.folder.files.allSatisfy { !$0.hasSuffix(".partial") })
        let check = try run.check()
        #expect(check.problems == [])
        let report = try run.report()
        let isInterrupted = report.interrupted && !report.passed
        #expect(isInterrupted)
        #expect(run.outcome.output.contains("\nInterrupted. This is how things stood then:\n"))
        #expect(report.totals.calls < 1_000)
        #expect(check.frames == (try report.totals.packets + run.events().count))
        #expect(report.engine.events == (try run.events().count))
        let last = run.outcome.output.split(separator: "\n").last
        #expect(last == "Run it again: ringback run Scenarios/thousand-branches.yaml --seed 1000")
    }

    @Test func `a reader that goes away does not end the run`() throws {
        let folder = try TemporaryFolder()
        // More is printed than a pipe holds, so some of it finds nobody.
        let outcome = try Ringback.shell(
            "$ringback run \(Ringback.file(of: "morning-rush")) --out \(folder.path) | head -n 1; "
                + "exit ${PIPESTATUS[0]}")
        #expect(outcome.output == "Mon, 1 Mar 1999\n")
        #expect(outcome.code == 0)
        #expect(outcome.complaint == "")
        #expect(try TemporaryFolder.names(in: folder.path) == ["capture.pcapng", "events.jsonl", "mail", "run.json"])
    }

    @Test(arguments: [
        "run Scenarios/branch-office.yaml --out $out", "run Scenarios/branch-office.yaml --out $out --json",
        "check Scenarios/branch-office.yaml", "schema",
    ])
    func `standard output that is full is code 3`(command: String) throws {
        let folder = try TemporaryFolder()
        let outcome = try Ringback.shell("$ringback \(command) > /dev/full", environment: ["out": folder.path])
        #expect(outcome.code == 3)
        #expect(outcome.complaint.hasSuffix("cannot write standard output: No space left on device\n"))
    }

    @Test func `standard output that is closed from the beginning gets into no file`() throws {
        let folder = try TemporaryFolder()
        let outcome = try Ringback.shell(
            "exec $ringback run \(Ringback.file(of: "branch-office")) --out \(folder.path) >&- 2>&- <&-")
        #expect(outcome.code == 0)
        let run = try Run("branch-office")
        for name in ["events.jsonl", "capture.pcapng"] {
            let isSame = try folder.octets(of: name) == run.folder.octets(of: name)
            #expect(isSame, "\(name) differs")
        }
    }
}
