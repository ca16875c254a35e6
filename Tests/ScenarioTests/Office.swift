import Foundation
import Source
import Timebase

@testable import Scenario

/// A small scenario for tests, to which each adds what it is about.
enum Office {
    /// A server, a user and a client.
    static let plain = """
        server:
          name: mail.isp.example
          address: 192.0.2.25
          ras:
            number: 555-0100
            users:
              branch: {password: dialtone, address: 192.0.2.130, domains: [branch.example]}
        clients:
          branch:
            domains: [branch.example]
            dials: {number: 555-0100, user: branch, password: dialtone}

        """

    /// Three shops of a group beside a branch.
    static let shops = """
        server:
          name: mail.isp.example
          address: 192.0.2.25
          ras:
            number: 555-0100
            ports: 2
            users:
              shop: {count: 3, password: till, address: 10.0.0.254, domains: ["shop-{n}.example"]}
              branch: {password: dialtone, address: 192.0.2.130, domains: [branch.example]}
        clients:
          shop:
            count: 3
            domains: ["shop-{n}.example"]
            dials: {number: 555-0100, user: "shop-{n}", password: till}
          branch:
            domains: [branch.example]
            dials: {number: 555-0100, user: branch, password: dialtone}

        """

    /// A run of two offices that can write to each other; what is said of a part stands on lines of its own.
    static func pair(
        lasts: String = "3h", server: String = "", branch: String = "", depot: String = "", mail: String,
        happens: String = "[{at: +1m, branch: dial}]"
    ) throws -> WorldRun {
        try WorldRun(
            """
            lasts: \(lasts)
            server:
              name: mail.isp.example
              address: 192.0.2.25
              \(server)
              ras:
                number: 555-0100
                ports: 2
                users:
                  branch: {password: a, address: 192.0.2.130, domains: [branch.example, quay.example]}
                  depot: {password: b, address: 192.0.2.131, domains: [depot.example]}
            clients:
              branch:
                domains: [branch.example, quay.example]
                dials: {number: 555-0100, user: branch, password: a}
                \(branch)
              depot:
                domains: [depot.example]
                dials: {number: 555-0100, user: depot, password: b}
                \(depot)
            mail: [\(mail)]
            happens: \(happens)
            expects: [{lost: 0}]

            """)
    }

    /// The scenario of a text.
    static func scenario(_ text: String, overrides: [String] = []) throws(ScenarioError) -> Scenario {
        try Scenario(Array(text.utf8), path: "office.yaml", overrides: overrides)
    }

    /// What is wrong with a text, one line for each thing: place, path and problem.
    static func refusal(of text: String, overrides: [String] = []) -> [String] {
        do throws(ScenarioError) {
            _ = try scenario(text, overrides: overrides)
            return []
        } catch {
            return error.diagnostics.map { "\($0.file):\($0.line):\($0.column): \($0.path): \($0.problem)" }
        }
    }

    /// Where this test's files lie.
    static var folder: URL { URL(fileURLWithPath: #filePath).deletingLastPathComponent() }

    /// A folder that is there while something is done with it.
    static func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "ScenarioTests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder)
    }
}
