import Events
public import Scenario

/// Renders what became of the expectations: a line for each that holds, a block for each that does not.
///
/// ```
/// ✓ no message lost
/// ✓ the flush of branch.example completes within 4m (3m12.418s)
/// ✗ the flush of branch.example delivers 12 messages
///     expected   12 messages
///     got        7 messages
///     tolerance  none
///     cause      12 queued: 7 delivered, 5 held; the call broke off: the line failed
///     at         branch-office.yaml:41:5
/// ```
public struct ExpectationPrinter: Sendable {
    private let palette: Palette

    /// A printer with or without colours.
    public init(palette: Palette) { self.palette = palette }

    /// The result over one line or several, without the last line's end. A figure that only says again what was
    /// expected is left out.
    public func text(of result: ExpectationResult) -> String {
        guard !result.holds else {
            let figure = result.tolerance == .exact ? "" : " " + palette.paint("(\(result.got.printable))", .dim)
            return palette.paint("✓", .green) + " " + result.text.printable + figure
        }
        let cause = result.cause.map { [("cause", $0)] } ?? []
        let details =
            [("expected", result.expected), ("got", result.got), ("tolerance", result.tolerance.rawValue)] + cause
            + [("at", result.place)]
        let lines = details.map { name, value in
            "\n    " + palette.paint(name.padded(to: 9), .dim) + "  " + value.printable
        }
        return palette.paint("✗ " + result.text.printable, .red) + lines.joined()
    }
}
