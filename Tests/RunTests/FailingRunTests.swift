import Foundation
import TestSupport
import Testing

/// Scenarios in which one thing is changed, so that an expectation no longer holds.
struct FailingRunTests {
    struct Change: CustomTestStringConvertible {
        var scenario: String
        var settings: [String]
        /// The expectation that fails, what came instead, and the text that stands at its place in the file; nil when
        /// `--set` has set it.
        var text, got: String
        var written: String?

        init(_ scenario: String, _ settings: String..., fails text: String, got: String, writtenAs written: String?) {
            self.scenario = scenario
            self.settings = settings
            self.text = text
            self.got = got
            self.written = written
        }

        var testDescription: String { "\(scenario) with \(settings.joined(separator: " and "))" }
    }

    static let changes = [
        Change(
            "address-changed", #"server.routes."branch.example"=192.0.2.131"#,
            fails: "exactly 2 events server.queue.refused with domain branch.example, reply-code 550", got: "0 events",
            writtenAs: "server.queue.refused"),
        Change(
            "all-ports-busy", "server.ras.ports=2", fails: "1 to 9 events harbour.modem.busy", got: "0 events",
            writtenAs: "harbour.modem.busy"),
        Change(
            "awkward-mail", "expects[0].messages=14", fails: "the flush of branch.example delivers 14 messages",
            got: "15 messages", writtenAs: nil),
        Change(
            "branch-office", "mail[0].size=256KiB", fails: "the flush of branch.example completes within 4m",
            got: #"1\dm\S+s"#, writtenAs: "4m"),
        Change(
            "carrier-drop-mid-message", "happens[2].count=13", fails: "exactly 2 events branch.carrier.lost",
            got: "1 event", writtenAs: "branch.carrier.lost"),
        Change(
            "etrn-disabled",
            #"server.registry."HKLM\System\CurrentControlSet\Services\MSExchangeIMC\Parameters".DisableETRN=dword:0"#,
            fails: "every reply to ETRN of branch is 502", got: "253", writtenAs: "502"),
        Change(
            "etrn-switched-off-midway", "expects[0].is=[253, 253]", fails: "the replies to ETRN of branch are 253, 253",
            got: "253, 502", writtenAs: nil),
        Change(
            "morning-rush", "server.ras.ports=50", fails: "at least 1 event shop-*.modem.busy", got: "0 events",
            writtenAs: "shop-*.modem.busy"),
        Change(
            "nobody-answers", "server.ras.auto-answer=true", fails: "exactly 3 events branch.modem.no-answer",
            got: "0 events", writtenAs: "branch.modem.no-answer"),
        Change(
            "nothing-waiting", "clients.branch.domains=[elsewhere.example]",
            fails: "every reply to ETRN of branch is 251", got: "459", writtenAs: "251"),
        Change(
            "thousand-branches", "happens[0].at=+0s..20s", "lasts=30s",
            fails: "the flush of branch-*.example delivers 5 messages",
            got: #"0 messages for branch-\d+.example; \d+ of 1000 fail"#, writtenAs: "5"),
        Change(
            "turn-refused", "clients.depot.account.password=wrong", fails: "every reply to TURN of depot is 250",
            got: "no reply", writtenAs: "250"),
        Change(
            "unknown-domain", "clients.branch.domains=[branch.example]", fails: "every reply to ETRN of branch is 459",
            got: "253", writtenAs: "459"),
        Change(
            "wrong-password", "clients.branch.dials.password=dialtone", fails: "no packet of `ip`",
            got: #"\d+ packets"#, writtenAs: #""ip""#),
    ]

    private static var details: Regex<(Substring, Substring, Substring)> {
        #/
        \n\ {4}expected\ {3}.+
        \n\ {4}got\ {8}(.+)
        \n\ {4}tolerance\ {2}.+
        \n\ {4}cause\ {6}.+
        \n\ {4}at\ {9}(.+)\n
        /#
    }

    @Test(arguments: changes)
    func `a changed scenario fails and says what, where and why`(change: Change) throws {
        let run = try Run(change.scenario, ["--quiet"] + change.settings.flatMap { ["--set", $0] })
        #expect(run.outcome.code == 1)
        #expect(try run.report().passed == false)
        let blocks = "\n\(run.outcome.output)".components(separatedBy: "\n✗ ").dropFirst().map { "\($0)\n" }
        let block = try #require(blocks.first { $0.hasPrefix("\(change.text)\n") })
        let details = try #require(block.firstMatch(of: FailingRunTests.details), "\(block)")
        #expect(try String(details.1).wholeMatch(of: Regex(change.got)) != nil, "got \(details.1)")
        try expect(String(details.2), shows: change.written)
    }

    /// `branch-office.yaml:35:43` must be where the expectation is written.
    private func expect(_ place: String, shows written: String?) throws {
        guard let written else {
            #expect(place == "--set")
            return
        }
        let parts = place.split(separator: ":")
        let text = try String(contentsOfFile: "\(Ringback.package)/\(parts[0])", encoding: .utf8)
        let line = try text.split(separator: "\n", omittingEmptySubsequences: false)[#require(Int(parts[1])) - 1]
        #expect(try line.dropFirst(#require(Int(parts[2])) - 1).hasPrefix(written), "\(place) shows \(line)")
    }

    @Test func `the last line runs it again`() throws {
        let settings = [#"title=It's "late""#, "seed=7", "mail[0].messages=2"]
        let run = try Run("branch-office", ["--quiet"] + settings.flatMap { ["--set", $0] })
        let last = try #require(run.outcome.output.split(separator: "\n").last)
        let command = try #require(last.wholeMatch(of: /Run it again: ringback (run .+)/)).1
        let folder = try TemporaryFolder()
        let again = try Ringback.shell("$ringback \(command) --quiet --out \(folder.path)")
        #expect(again.code == 1)
        #expect(try folder.octets(of: "events.jsonl") == run.folder.octets(of: "events.jsonl"))
        let title = try RunFile(folder.octets(of: "run.json")).title
        #expect(title == #"It's "late""#)
    }

    @Test func `without a failure there is nothing to run again`() throws {
        #expect(try !Run("branch-office", "--quiet").outcome.output.contains("Run it again"))
    }
}
