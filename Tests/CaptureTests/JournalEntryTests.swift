@testable import Capture
import TestSupport
import Testing
import Timebase

struct JournalEntryTests {
    private let date = CalendarDate(nanosecondsSince1970: 920_253_600_123_456_000)

    private func encoded(_ entry: JournalEntry) -> [UInt8] {
        var octets: [UInt8] = []
        JournalEntry.append(entry.date, to: &octets)
        var fields = JournalFields()
        for field in entry.fields { fields.append(field.name, field.value) }
        octets += fields.octets
        return octets
    }

    @Test(arguments: [
        "NO CARRIER", "", "a=b", "Grüße, 電話", "two\nlines", "\r\n", "tab\tis text", "nul\u{0}inside", "\u{7F}",
    ])
    func `a value is read back as it was written`(value: String) {
        let entry = JournalEntry(date: date, fields: [("MESSAGE", value), ("PRIORITY", "4")])
        #expect(JournalEntry(parsing: encoded(entry)[...]) == entry)
        #expect(JournalEntry(parsing: (encoded(entry) + [0, 0, 0])[...])?["MESSAGE"] == value)
    }

    @Test func `a value with a line end follows its length`() {
        let entry = JournalEntry(date: date, fields: [("MESSAGE", "a\nb")])
        let expected = Array("__REALTIME_TIMESTAMP=920253600123456\nMESSAGE\n\u{3}\0\0\0\0\0\0\0a\nb\n".utf8)
        #expect(encoded(entry) == expected)
    }

    @Test(arguments: [
        "", "MESSAGE=no time\n", "__REALTIME_TIMESTAMP=\n", "__REALTIME_TIMESTAMP=-5\n", "__REALTIME_TIMESTAMP=+5\n",
        "__REALTIME_TIMESTAMP=9223372036854776\n", "__REALTIME_TIMESTAMP=1\n__REALTIME_TIMESTAMP=1\n",
        "__REALTIME_TIMESTAMP=1", "__REALTIME_TIMESTAMP=1\nlower=1\n", "__REALTIME_TIMESTAMP=1\n=1\n",
        "__REALTIME_TIMESTAMP=1\n1ST=1\n", "__REALTIME_TIMESTAMP=1\nA\n\u{9}\0\0\0\0\0\0\0short\n",
        "__REALTIME_TIMESTAMP=1\nA\n\u{1}\0\0\0", "__REALTIME_TIMESTAMP=1\nA\n\u{1}\0\0\0\0\0\0\0ab",
        "__REALTIME_TIMESTAMP=1\n\0A=1\n", "__REALTIME_TIMESTAMP=1\n\nA=1\n",
    ])
    func `what is no entry with a time is refused`(text: String) {
        #expect(JournalEntry(parsing: Array(text.utf8)[...]) == nil)
    }

    @Test func `a damaged entry is refused, or read as one that can be written again`() throws {
        var mutations = Mutations(of: "journal entry", telling: "=\n\0_A19")
        let samples = [[("MESSAGE", "NO CARRIER"), ("PRIORITY", "4")], [("A", "two\nlines"), ("B1", "")], []]
            .map { encoded(JournalEntry(date: date, fields: $0)) }
        let count = Mutations.count(20_000)
        var refused = 0
        for _ in 0..<count {
            guard let entry = JournalEntry(parsing: mutations.next(of: samples)[...]) else {
                refused += 1
                continue
            }
            if JournalEntry(parsing: encoded(entry)[...]) != entry { Issue.record("cannot be written again: \(entry)") }
        }
        #expect(refused > count / 5 && refused < count * 19 / 20)
    }

    @Test func `a length beyond all memory is refused`() {
        let octets =
            Array("__REALTIME_TIMESTAMP=1\nA\n".utf8) + [UInt8](repeating: 0xFF, count: 8) + Array("x\n".utf8)
        #expect(JournalEntry(parsing: octets[...]) == nil)
    }
}
