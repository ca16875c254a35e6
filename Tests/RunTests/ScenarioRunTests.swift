import Foundation
import TestSupport
import Testing

/// The scenarios of the package do what their files say, and could fail to.
struct ScenarioRunTests {
    /// A thousand branches write three hundred megabytes; that is the business of whoever measures.
    private func options(for scenario: String) -> [String] {
        scenario == "thousand-branches" ? ["--no-capture", "--set", "mail[0].size=2KiB..8KiB"] : []
    }

    @Test(arguments: Ringback.scenarios)
    func `a scenario's expectations hold`(scenario: String) throws {
        let run = try Run(scenario, ["--quiet"] + options(for: scenario))
        #expect(run.outcome.code == 0, "\(run.outcome.output)\(run.outcome.complaint)")
        #expect(run.outcome.complaint == "")
        let report = try run.report()
        let isPassed = report.passed && !report.interrupted
        #expect(isPassed)
        #expect(!report.expectations.isEmpty)
        #expect(run.outcome.output.split(separator: "\n").count { $0.hasPrefix("✓ ") } == report.expectations.count)
    }

    @Test func `the README's table lists the scenarios of the folder`() throws {
        let readme = try String(contentsOfFile: "\(Ringback.package)/README.md", encoding: .utf8)
        let section = try #require(readme.components(separatedBy: "\n## ").first { $0.hasPrefix("Scenarios\n") })
        let listed = section.split(separator: "\n").compactMap { $0.firstMatch(of: /^\| `(.+?)` \|/)?.1 }
        #expect(listed.map(String.init).sorted() == Ringback.scenarios)
    }
}
