import Source
import Testing
import Timebase

@testable import Scenario

/// Values as scenarios write them.
struct ValueTests {
    @Test(
        arguments: [
            (Quantity.interval, "1h30m", 5_400_000_000_000), (.interval, "250ms", 250_000_000), (.size, "512B", 512),
            (.size, "4KiB", 4_096), (.size, "64MiB", 67_108_864), (.size, "2kB", 2_000), (.size, "1MB", 1_000_000),
            (.rate, "33.6k", 33_600), (.rate, "28800", 28_800), (.rate, "56k", 56_000), (.rate, "2.125k", 2_125),
        ] as [(Quantity, String, Int64)])
    func `a value has its unit`(quantity: Quantity, text: String, value: Int64) throws {
        #expect(try quantity.value(of: text) == value)
        #expect(try quantity.value(of: quantity.text(of: value)) == value)
    }

    @Test(
        arguments: [
            (Quantity.interval, ""), (.interval, "90"), (.interval, "5 m"), (.interval, "-5m"), (.interval, "4000d"),
            (.interval, "1.5.5s"), (.interval, "99999999999999999999d"), (.size, "4"), (.size, "4K"), (.size, "KiB"),
            (.size, "1.5KiB"), (.size, "-1B"), (.size, "65MiB"), (.size, "9999999999999999999MiB"), (.size, "٤KiB"),
            (.rate, "fast"), (.rate, "33.6"), (.rate, "33.6001k"), (.rate, ".6k"), (.rate, "1.2.3k"), (.rate, "k"),
            (.rate, "9999999999k"), (.rate, "10001k"), (.rate, ""),
        ] as [(Quantity, String)])
    func `anything else is refused`(quantity: Quantity, text: String) {
        #expect(throws: Problem.self) { try quantity.value(of: text) }
    }

    @Test(
        arguments: [
            ("+5m", 300, 300), ("+0s..30m", 0, 1_800), ("+10s..+1m", 10, 60), ("09:00", 3_600, 3_600),
            ("07:30", 84_600, 84_600), ("08:00", 0, 0), ("08:00:05", 5, 5), ("1999-03-01T08:20:00Z", 1_200, 1_200),
            ("1999-03-01T07:59:59Z", -1, -1),
        ] as [(String, Int64, Int64)])
    func `a time is since the beginning, of the day, or of the calendar`(text: String, from: Int64, to: Int64) throws {
        let begins = try #require(CalendarDate(parsing: "1999-03-01T08:00:00Z"))
        let second: Int64 = 1_000_000_000
        #expect(try Moment(parsing: text).instants(begins: begins) == (from * second)...(to * second))
    }

    @Test(arguments: [
        "", "+", "5m", "+5", "+5m..", "+5m..1m", "24:00", "8:00", "08:60", "08:00:60", "١٢:٠٠", "noon",
        "1999-02-30T00:00:00Z", "2150-01-01T00:00:00Z",
    ])
    func `a text that is no time is refused`(text: String) {
        #expect(throws: Problem.self) { try Moment(parsing: text) }
    }

    @Test(
        arguments: [
            ("numbr", "number"), ("pasword", "password"), ("udser", "user"), ("resu", nil), ("", nil),
            ("NUMBER", "number"),
            ("nubmer", "number"), ("attempts", nil),
        ] as [(String, String?)])
    func `a slip has a suggestion, another word has none`(written: String, meant: String?) {
        #expect(Suggestion.nearest(to: written, in: ["number", "user", "password", "redial"]) == meant)
    }

    @Test(arguments: [("", "", 0), ("a", "", 1), ("kitten", "sitting", 3), ("ab", "ba", 1), ("flush", "flsh", 1)])
    func `edits are counted`(left: String, right: String, edits: Int) {
        #expect(Suggestion.editDistance(Array(left.unicodeScalars), Array(right.unicodeScalars)) == edits)
    }

    @Test(arguments: [
        ("a.eml", "*.eml", true), ("a.eml", "*", true), ("a.eml", "a.*", true), ("a.eml", "b*", false),
        ("a.eml", "*.em", false), ("", "*", true), ("", "", true), ("abcabd", "*abd", true), ("aab", "*a*b", true),
        ("a.eml", "a.eml", true), ("aa", "a", false),
    ])
    func `an asterisk stands for anything`(name: String, pattern: String, fits: Bool) {
        #expect(FileReader.matches(name, pattern: pattern) == fits)
    }

    @Test func `a password is starred out wherever it stands`() {
        let lines = [
            ("{user: a, password: dialtone, x: 1}", "{user: a, password: ********, x: 1}"),
            ("password: 'two, words'", "password: '**********'"), ("\"password\": \"x\"", "\"password\": \"*\""),
            ("--set a.password=b", "--set a.password=*"), ("password:", "password:"), ("pass: word", "pass: word"),
            ("{password: a, password: b}", "{password: *, password: *}"),
        ]
        for (line, quoted) in lines {
            let text = SourceText(name: "", folder: "", isOverride: false, text: line)
            #expect(text.quotable(line: 1) == quoted)
        }
    }

    @Test func `a very long line is quoted around its caret`() {
        let diagnostic = Diagnostic(
            file: "a", line: 1, column: 300, path: "", problem: "wrong", found: nil, expected: nil, suggestion: nil,
            quote: String(repeating: "x", count: 1_000), width: 500)
        #expect(diagnostic.description.split(separator: "\n").allSatisfy { $0.count < 130 })
    }

    @Test func `more than a hundred errors are counted`() {
        let text = Office.plain + "mail:\n" + String(repeating: "  - {for: x.example, messages: 1}\n", count: 150)
        let refusals = Office.refusal(of: text)
        #expect(refusals.count == 101)
        #expect(refusals.last == "office.yaml:0:0: : and 50 more errors")
    }
}
