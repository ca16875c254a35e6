import Foundation
import Source
import Testing

@testable import Scenario

/// Every file of `Refused` is refused with exactly the text beside it.
struct RefusedTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Refused")

    static let names = FileReader.names(in: folder.path).filter { $0.hasSuffix(".yaml") }

    @Test(arguments: names) func `a wrong file is refused with its text`(name: String) throws {
        let path = RefusedTests.folder.appending(path: name).path
        let expected = RefusedTests.folder.appending(path: name.replacing(".yaml", with: ".expected"))
        let error = #expect(throws: ScenarioError.self) { try Scenario(loading: path) }
        let text = error?.description.replacing(RefusedTests.folder.path + "/", with: "") ?? ""
        if ProcessInfo.processInfo.environment["RECORD"] != nil {
            try (text + "\n").write(to: expected, atomically: true, encoding: .utf8)
        }
        #expect(text + "\n" == (try String(contentsOf: expected, encoding: .utf8)))
    }

    @Test func `there are more than forty`() {
        #expect(RefusedTests.names.count > 40)
    }
}
