import Report
import Testing

@testable import Scenario

struct ExpectationPrinterTests {
    private let met = ExpectationResult(
        text: "branch.example is flushed within 4m", place: "branch-office.yaml:40:5", holds: true, got: "3m12.418s",
        expected: "at most 4m", tolerance: .less, cause: nil)
    private let failed = ExpectationResult(
        text: "every reply to branch's ETRN is 253", place: "branch-office.yaml:41:5", holds: false, got: "458",
        expected: "253", tolerance: .exact, cause: "458 Unable to queue \u{1b}[31mmessages")

    @Test func `what holds is one line with its figure`() {
        #expect(
            ExpectationPrinter(palette: .plain).text(of: met) == "✓ branch.example is flushed within 4m (3m12.418s)")
    }

    @Test func `a figure that only repeats what was expected is left out`() {
        let none = ExpectationResult(
            text: "no message lost", place: "branch-office.yaml:42:5", holds: true, got: "0 messages",
            expected: "0 messages", tolerance: .exact, cause: nil)
        #expect(ExpectationPrinter(palette: .plain).text(of: none) == "✓ no message lost")
    }

    @Test func `what does not hold says what was expected, what came and why`() {
        #expect(
            ExpectationPrinter(palette: .plain).text(of: failed) == #"""
                ✗ every reply to branch's ETRN is 253
                    expected   253
                    got        458
                    tolerance  none
                    cause      458 Unable to queue \u{1b}[31mmessages
                    at         branch-office.yaml:41:5
                """#)
    }

    @Test func `on a terminal success is green, failure red and a figure dim`() {
        let printer = ExpectationPrinter(palette: .coloured)
        #expect(
            printer.text(of: met)
                == "\u{1b}[32m✓\u{1b}[0m branch.example is flushed within 4m \u{1b}[2m(3m12.418s)\u{1b}[0m")
        #expect(printer.text(of: failed).hasPrefix("\u{1b}[31m✗ every reply to branch's ETRN is 253\u{1b}[0m\n"))
    }
}
