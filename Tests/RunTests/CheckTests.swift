import Foundation
import TestSupport
import Testing

/// `ringback check` and `ringback schema`.
struct CheckTests {
    @Test func `all scenarios of the package are fine`() throws {
        let files = Ringback.scenarios.map(Ringback.file)
        let outcome = try Ringback.run(["check"] + files)
        #expect(outcome.code == 0)
        #expect(outcome.output == files.map { "\($0): ok\n" }.joined())
    }

    @Test func `one refused file of several is enough, and all mistakes are told`() throws {
        let folder = try TemporaryFolder()
        let good = Ringback.file(of: "branch-office")
        let bad = try String(contentsOfFile: "\(Ringback.package)/\(good)", encoding: .utf8)
            .replacing("seed: 1985", with: "seed: much").replacing("lasts: 30m", with: "lasts: 30")
        try folder.write(Array(bad.utf8), to: "bad.yaml")
        let outcome = try Ringback.run(["check", folder.file("bad.yaml"), good, folder.file("none.yaml")])
        #expect(outcome.code == 2)
        #expect(outcome.output == "\(good): ok\n")
        for place in ["bad.yaml:4:", "bad.yaml:6:", "none.yaml: error: no such file"] {
            #expect(outcome.complaint.contains(folder.file(place)), "\(place) is not in\n\(outcome.complaint)")
        }
        #expect(!outcome.complaint.contains("error: error"))
    }

    @Test(arguments: Ringback.scenarios)
    func `an explained scenario explains itself the same`(scenario: String) throws {
        let folder = try TemporaryFolder()
        // A scenario names its messages and its registry beside itself.
        for name in ["mail", "exchange.reg"] {
            try FileManager.default.createSymbolicLink(
                atPath: folder.file(name), withDestinationPath: "\(Ringback.package)/Scenarios/\(name)")
        }
        let explained = try Ringback.run(["check", "--explain", Ringback.file(of: scenario)])
        #expect(explained.code == 0)
        #expect(explained.output.contains("  # default\n"))
        try folder.write(Array(explained.output.utf8), to: "explained.yaml")
        let again = try Ringback.run(["check", "--explain", folder.file("explained.yaml")])
        #expect(again.code == 0, "\(again.complaint)")
        #expect(again.output.replacing("  # default", with: "") == explained.output.replacing("  # default", with: ""))
    }

    @Test func `an explained scenario runs the same`() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("mail"), withDestinationPath: "\(Ringback.package)/Scenarios/mail")
        let explained = try Ringback.run(["check", "--explain", Ringback.file(of: "branch-office")])
        try folder.write(Array(explained.output.utf8), to: "explained.yaml")
        try Ringback.run(["run", folder.file("explained.yaml"), "--quiet", "--out", folder.file("run")])
        let run = try Run("branch-office", "--quiet")
        for name in ["events.jsonl", "capture.pcapng"] {
            let isSame = try folder.octets(of: "run/\(name)") == run.folder.octets(of: name)
            #expect(isSame, "\(name) differs")
        }
    }

    @Test func `the schema is one JSON object that says what it is`() throws {
        let outcome = try Ringback.run(["schema"])
        #expect(outcome.code == 0)
        let schema = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
        #expect(schema?["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
        let keys = try #require(schema?["properties"] as? [String: Any]).keys
        #expect(Set(keys).isSuperset(of: ["title", "seed", "server", "clients", "mail", "happens", "expects"]))
    }
}
