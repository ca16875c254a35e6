public import Scenario

/// Renders what became of the expectations: a line for each that holds, a block for each that does not.
///
/// ```
/// ✓ branch.example is flushed within 4m: 3m12.418s
/// ✗ 12 messages are delivered for branch.example
///     expected   12 messages
///     got        7 messages
///     tolerance  none
///     cause      the call broke off: carrier dropped
///     at         branch-office.yaml:41:5
/// ```
public struct ExpectationPrinter: Sendable {
    private let palette: Palette

    /// A printer with or without colours.
    public init(palette: Palette) { self.palette = palette }

    /// The result over one line or several, without the last line's end.
    public func text(of result: ExpectationResult) -> String {
        guard !result.holds else {
            return palette.paint("✓", .green) + " \(result.text.printable): \(result.got.printable)"
        }
        let cause = result.cause.map { [("cause", $0)] } ?? []
        let details =
            [("expected", result.expected), ("got", result.got), ("tolerance", result.tolerance)] + cause
            + [("at", result.place)]
        let lines = details.map { name, value in
            "\n    " + palette.paint(name.padded(to: 9), .dim) + "  " + value.printable
        }
        return palette.paint("✗ " + result.text.printable, .red) + lines.joined()
    }
}
