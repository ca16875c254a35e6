/// One thing that is wrong with a scenario, with everything a reader needs to put it right.
public struct Diagnostic: Hashable, Sendable {
    /// The file as it was named, or `--set`.
    public var file: String
    /// The line, from 1; 0 when it is about the file as a whole.
    public var line: Int
    /// The column in Unicode scalars, from 1; 0 when it is about the line as a whole.
    public var column: Int
    /// Where in the scenario, as in `clients.branch.dials.number`; empty for the scenario as a whole.
    public var path: String
    /// What is wrong, in a few words.
    public var problem: String
    /// What was found, when that is not said by the problem. Never a password.
    public var found: String?
    /// What was expected.
    public var expected: String?
    /// The name that was probably meant.
    public var suggestion: String?
    /// The line it is about, passwords starred out; nil when there is no line.
    public var quote: String?
    /// How many columns the caret underlines, at least 1.
    public var width: Int

    /// A diagnostic of these parts.
    package init(
        file: String, line: Int, column: Int, path: String, problem: String, found: String? = nil,
        expected: String? = nil, suggestion: String? = nil, quote: String? = nil, width: Int
    ) {
        self.file = file
        self.line = line
        self.column = column
        self.path = path
        self.problem = problem
        self.found = found
        self.expected = expected
        self.suggestion = suggestion
        self.quote = quote
        self.width = width
    }
}

extension Diagnostic: CustomStringConvertible {
    /// The diagnostic as a compiler prints one, over several lines, without a line end after the last.
    public var description: String {
        var text = file
        if line > 0, file != "--set" { text += ":\(line)" + (column > 0 ? ":\(column)" : "") }
        text += ": error: " + (path.isEmpty ? "" : "\(path): ") + problem
        let margin = line > 0 && file != "--set" ? "\(line)" : ""
        let padding = String(repeating: " ", count: max(0, 5 - margin.count))
        if let quote, let window = Diagnostic.window(of: quote, around: column, width: width) {
            text += "\n\(padding)\(margin) | \(window.text)"
            text += "\n      | " + String(repeating: " ", count: window.indent) + "^"
            text += String(repeating: "~", count: window.width - 1)
        }
        if let found { text += "\n      = found: \(found)" }
        if let expected { text += "\n      = expected: \(expected)" }
        if let suggestion { text += "\n      = did you mean `\(suggestion)`?" }
        return text
    }

    // A very long line is shown around its caret only.
    private static func window(of quote: String, around column: Int, width: Int) -> (
        text: String, indent: Int, width: Int
    )? {
        let scalars = Array(quote.unicodeScalars)
        guard column >= 1, column <= scalars.count + 1 else { return nil }
        let first = column > 100 ? column - 60 : 0
        let last = min(scalars.count, first + 110)
        let text = String(String.UnicodeScalarView(scalars[first..<last]))
        let indent = column - 1 - first
        return (text, indent, max(1, min(width, last - first - indent)))
    }
}
