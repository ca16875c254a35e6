import Foundation
import TestSupport
import Testing

/// The same scenario, seed and version give the same octets in every process.
///
/// Two processes differ in the key that Swift hashes with, and here also in their time zone. What must be the same is
/// everything that a run writes, apart from what it cost.
struct DeterminismTests {
    /// What a run has written, by name.
    private func outputs(_ run: Run) throws -> [String: [UInt8]] {
        var outputs = ["standard output": Array(withoutWallTime(run.outcome.output).utf8)]
        for name in try FileManager.default.subpathsOfDirectory(atPath: run.folder.path) {
            let isFolder = (try? TemporaryFolder.names(in: run.folder.file(name))) != nil
            outputs[name] = isFolder ? [] : try run.folder.octets(of: name)
        }
        let report = String(decoding: outputs["run.json"] ?? [], as: UTF8.self)
        // The last member is what the run cost.
        outputs["run.json"] = Array(report.components(separatedBy: ",\n  \"engine\": ")[0].utf8)
        return outputs
    }

    private func withoutWallTime(_ output: String) -> String {
        output.replacing(/virtual in [0-9,.]+ s\n/, with: "virtual\n")
    }

    /// The names of what two processes write differently, or only one of them.
    private func differences(_ scenario: String, _ options: String...) throws -> (all: Set<String>, differ: [String]) {
        let pcap = try TemporaryFolder()
        func process(_ name: String, _ environment: [String: String]) throws -> [String: [UInt8]] {
            let run = try Run(scenario, options + ["--pcap", pcap.file(name)], environment: environment)
            var outputs = try self.outputs(run)
            outputs["run.pcap"] = try pcap.octets(of: name)
            return outputs
        }
        let one = try process("one", ["SWIFT_DETERMINISTIC_HASHING": "1", "TZ": "Pacific/Apia"])
        let other = try process("other", [:])
        return (Set(one.keys), names(of: one, differentFrom: other))
    }

    private func names(of one: [String: [UInt8]], differentFrom other: [String: [UInt8]]) -> [String] {
        Set(one.keys).union(other.keys).filter { one[$0] != other[$0] }.sorted()
    }

    @Test(arguments: ["morning-rush", "carrier-drop-mid-message", "awkward-mail"])
    func `two processes write the same octets`(scenario: String) throws {
        let (all, differ) = try differences(scenario)
        #expect(differ == [])
        #expect(all.isSuperset(of: ["capture.pcapng", "run.pcap", "events.jsonl", "run.json", "standard output"]))
        #expect(all.contains { $0.hasPrefix("mail/") && $0.contains("/new/") })
    }

    #if DEBUG
        @Test func `a planted nondeterminism is found`() throws {
            let (_, differ) = try differences("morning-rush", "--plant-nondeterminism")
            for name in ["capture.pcapng", "run.pcap", "events.jsonl", "standard output"] {
                #expect(differ.contains(name))
            }
        }
    #else
        @Test func `a release build has no nondeterminism to plant`() throws {
            #expect(try Run("nothing-waiting", "--plant-nondeterminism").outcome.code == 64)
        }
    #endif

    @Test func `another seed is another story, and the same one again`() throws {
        let seven = try Run("branch-office", "--seed", "7")
        let again = try Run("branch-office", "--set", "seed=7")
        let eight = try Run("branch-office", "--seed", "8")
        #expect(try seven.report().seed == 7)
        #expect(try names(of: outputs(seven), differentFrom: outputs(again)) == [])
        let differ = try names(of: outputs(seven), differentFrom: outputs(eight))
        #expect(
            differ.filter { !$0.hasPrefix("mail/") } == [
                "capture.pcapng", "events.jsonl", "run.json", "standard output",
            ])
        #expect(differ.contains { $0.hasPrefix("mail/branch/new/") })
    }
}
