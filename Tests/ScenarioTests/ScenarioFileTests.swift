import Foundation
import Simulation
import Source
import Testing

@testable import Scenario

struct ScenarioFileTests {
    @Test func `a file of 100 MB is refused before it is read`() throws {
        try Office.withTemporaryFolder { folder in
            let path = folder.appending(path: "huge.yaml").path
            #expect(FileManager.default.createFile(atPath: path, contents: nil))
            let file = try #require(FileHandle(forWritingAtPath: path))
            try file.truncate(atOffset: 100_000_000)
            try file.close()
            let error = #expect(throws: ScenarioError.self) { try Scenario(loading: path) }
            #expect(error?.diagnostics.map(\.problem).first?.hasPrefix("the file is too large") == true)
            #expect(error?.diagnostics.first?.expected == "at most 1MiB")
        }
    }

    @Test func `a file that is not there, or a folder, is refused`() throws {
        let missing = #expect(throws: ScenarioError.self) { try Scenario(loading: "no-such.yaml") }
        #expect(missing?.description == "no-such.yaml: error: no such file")
        let folder = #expect(throws: ScenarioError.self) { try Scenario(loading: "/tmp") }
        #expect(folder?.description == "/tmp: error: a folder, not a file")
    }

    @Test func `octets that are not UTF-8 are refused`() {
        let error = #expect(throws: ScenarioError.self) { try Scenario([0x61, 0xFF, 0x62], path: "a.yaml") }
        #expect(error?.description == "a.yaml: error: not UTF-8\n      = expected: YAML in UTF-8")
    }

    @Test func `an included file stands where the file itself says nothing`() throws {
        try Office.withTemporaryFolder { folder in
            let parts = folder.appending(path: "parts")
            try FileManager.default.createDirectory(at: parts, withIntermediateDirectories: true)
            let letter = "From: a@b.example\r\nDate: Mon, 1 Mar 1999 08:00:00 +0000\r\n\r\nHello\r\n"
            try letter.write(to: parts.appending(path: "a.eml"), atomically: true, encoding: .utf8)
            try (Office.plain + "seed: 5\ntitle: shared\nmail: [{for: branch.example, files: \"*.eml\"}]\n")
                .write(to: parts.appending(path: "shared.yaml"), atomically: true, encoding: .utf8)
            try "title: more\nlasts: 10m\n".write(
                to: folder.appending(path: "more.yaml"), atomically: true, encoding: .utf8)
            let main = folder.appending(path: "main.yaml")
            try "include: [parts/shared.yaml, more.yaml]\nserver: {ras: {ports: 7}}\n"
                .write(to: main, atomically: true, encoding: .utf8)
            let scenario = try Scenario(loading: main.path)
            #expect(scenario.plan.server.ras.ports == 7)
            #expect(scenario.plan.seed == 5)
            #expect(scenario.plan.title == "more", "of two included files the later one stands")
            #expect(scenario.plan.mail.count == 1, "files are looked for beside the file that names them")
            #expect(scenario.explain().contains("files: parts/*.eml") || scenario.explain().contains("\"parts/*.eml\""))
        }
    }

    @Test func `files may include each other eight deep`() throws {
        try Office.withTemporaryFolder { folder in
            for depth in 0..<10 {
                let text = depth == 9 ? Office.plain : "include: \(depth + 1).yaml\n"
                try text.write(to: folder.appending(path: "\(depth).yaml"), atomically: true, encoding: .utf8)
            }
            _ = try Scenario(loading: folder.appending(path: "1.yaml").path)
            let error = #expect(throws: ScenarioError.self) {
                try Scenario(loading: folder.appending(path: "0.yaml").path)
            }
            #expect(error?.diagnostics.first?.problem == "too many files")
        }
    }
}
