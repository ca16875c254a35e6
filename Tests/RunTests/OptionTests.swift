import Foundation
import TestSupport
import Testing

/// The options of `ringback run`.
struct OptionTests {
    @Test func `--json prints run.json and nothing else`() throws {
        let run = try Run("branch-office", "--json")
        #expect(run.outcome.output == (try run.text(of: "run.json")))
        #expect(run.outcome.complaint == "")
        let withStats = try Run("branch-office", "--json", "--stats")
        #expect(withStats.outcome.output == (try withStats.text(of: "run.json")))
        #expect(withStats.outcome.complaint.contains(" packets"))
    }

    @Test func `--quiet leaves the timeline out, and nothing else`() throws {
        let quiet = try Run("branch-office", "--quiet").outcome.output.split(separator: "\n")
        let told = try Run("branch-office").outcome.output.split(separator: "\n")
        #expect(quiet.count == 11)
        #expect(told.suffix(11).dropLast() == quiet.dropLast())
        #expect(told.first == "Mon, 1 Mar 1999")
        #expect(told.contains { $0.wholeMatch(of: /08:05:\d\d\.\d{3}  branch  smtpd     ETRN branch\.example/) != nil })
    }

    @Test func `--stats says what the run cost`() throws {
        let lines = try Run("branch-office", "--quiet", "--stats").outcome.output.split(separator: "\n").suffix(2)
        #expect(
            try #require(lines.first).contains(
                /^[\d,]+ packets.*, [\d,]+ events, [\d,]+ steps.*, [\d.]+ s wall, [\d.]+ s CPU, [\d.]+ MiB peak memory$/
            ))
        #expect(try #require(lines.last).contains(/^1 client host, [\d.]+ \w+ each; 1 online at once$/))
    }

    @Test func `--no-capture writes everything else`() throws {
        let without = try Run("branch-office", "--quiet", "--no-capture")
        let with = try Run("branch-office", "--quiet")
        #expect(try without.folder.files == ["events.jsonl", "mail", "run.json"])
        #expect(try with.folder.files == ["capture.pcapng", "events.jsonl", "mail", "run.json"])
        #expect(try without.events() == with.events())
    }

    @Test func `--no-capture leaves no capture of an earlier run beside its figures`() throws {
        let run = try Run("branch-office", "--quiet")
        let again = ["run", Ringback.file(of: "nothing-waiting"), "--out", run.folder.path, "--quiet", "--no-capture"]
        #expect(try Ringback.run(again).code == 0)
        #expect(try run.folder.files == ["events.jsonl", "run.json"])
    }

    @Test func `--pcap writes the same frames in the classic form`() throws {
        let folder = try TemporaryFolder()
        let run = try Run("branch-office", "--quiet", "--pcap", folder.file("run.pcap"))
        let check = try TsharkCheck(capture: folder.file("run.pcap"))
        #expect(check.problems == [] && check.losses == [])
        #expect(check.frames == (try run.report().totals.packets))
        #expect(try folder.files == ["run.pcap"])
    }

    @Test(arguments: ["tcp port 25", "host 192.0.2.130 and tcp[tcpflags] & tcp-syn != 0", "not ip"])
    func `--filter lets the same frames into both captures`(filter: String) throws {
        let folder = try TemporaryFolder()
        let whole = folder.file("whole.pcap")
        _ = try Run("branch-office", "--quiet", "--pcap", whole)
        let part = folder.file("part.pcap")
        let run = try Run("branch-office", "--quiet", "--pcap", part, "--filter", filter)
        // tcpdump's language has one more interpreter here, the one of tshark's display filters.
        let display = [
            "tcp port 25": "tcp.port == 25", "not ip": "not ip",
            "host 192.0.2.130 and tcp[tcpflags] & tcp-syn != 0": "ip.addr == 192.0.2.130 and tcp.flags.syn == 1",
        ]
        let expected = try frames(of: whole, where: #require(display[filter]))
        #expect(expected.count > 1)
        #expect(try frames(of: part) == expected)
        #expect(try frames(of: run.capture, where: "ppp") == expected)
        #expect(try run.report().totals.packets == frames(of: whole).count)
    }

    private func frames(of capture: String, where filter: String = "") throws -> [Substring] {
        try ExternalTool("tshark", package: "tshark")
            .run(["-n", "-r", capture, "-Y", filter, "-T", "fields", "-e", "frame.time_epoch", "-e", "frame.len"])
            .split(separator: "\n")
    }

    @Test func `--set changes a value, and several`() throws {
        let run = try Run(
            "branch-office", "--set", "mail[0].messages=2", "--set", "expects[0].messages=6", "--set", "title=Six")
        #expect(run.outcome.code == 0)
        let report = try run.report()
        #expect(report.title == "Six")
        #expect(report.totals.delivered == 6)
    }

    @Test func `without --out a run writes to Runs and the scenario's name`() throws {
        let folder = try TemporaryFolder()
        let scenario = "\(Ringback.package)/\(Ringback.file(of: "nothing-waiting"))"
        #expect(try Ringback.run(["run", scenario, "--quiet"], in: folder.path).code == 0)
        let written = try TemporaryFolder.names(in: folder.file("Runs/nothing-waiting"))
        #expect(written == ["capture.pcapng", "events.jsonl", "run.json"])
    }
}
