import Events
import Testing

@testable import Scenario

struct FieldTableTests {
    @Test(arguments: Happening.Name.allCases) func `the example of each event is of its name`(name: Happening.Name) {
        #expect(name.exemplar.name == name)
    }

    @Test func `fields are those of the row`() {
        #expect(Happening.Name.etrnAnswered.fields.map(\.name) == ["domain", "reply-code", "reply-text"])
        #expect(Happening.Name.modemOffHook.fields.isEmpty)
    }
}
