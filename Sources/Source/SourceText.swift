/// One text that a scenario is made of: a file, or the value of a `--set`.
package struct SourceText: Sendable {
    /// What the texts are called in diagnostics: the file's path as it was given, or `--set`.
    package let name: String
    /// Where the files that it names are looked for, relative to the scenario's own folder; empty for that folder.
    package let folder: String
    /// Whether it came from the command line.
    package let isOverride: Bool
    /// Its lines without their ends.
    package let lines: [Substring]

    package init(name: String, folder: String, isOverride: Bool, text: String) {
        self.name = name
        self.folder = folder
        self.isOverride = isOverride
        lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    }

    /// A line as a diagnostic may quote it: the values of `password:` are starred out, however many there are.
    package func quotable(line: Int) -> String? {
        guard line >= 1, line <= lines.count else { return nil }
        var scalars = Array(lines[line - 1].unicodeScalars)
        var from = 0
        while let value = SourceText.secret(in: scalars, from: from) {
            for index in value { scalars[index] = "*" }
            from = value.upperBound
        }
        return String(String.UnicodeScalarView(scalars.map { $0 == "\t" ? " " : $0 }))
    }

    // The value after the next `password`, up to what can end it in a flow mapping.
    private static func secret(in scalars: [Unicode.Scalar], from start: Int) -> Range<Int>? {
        let word = Array("password".unicodeScalars)
        guard scalars.count >= word.count, start <= scalars.count - word.count else { return nil }
        let found = (start...(scalars.count - word.count)).first { scalars[$0..<($0 + word.count)].elementsEqual(word) }
        guard let found else { return nil }
        let marks = "\"'".unicodeScalars
        var index = found + word.count
        if index < scalars.count, marks.contains(scalars[index]) { index += 1 }
        while index < scalars.count, " \t:=".unicodeScalars.contains(scalars[index]) { index += 1 }
        let quote = index < scalars.count && marks.contains(scalars[index]) ? scalars[index] : nil
        if quote != nil { index += 1 }
        let value = index
        while index < scalars.count, scalars[index] != quote,
            quote != nil || !",}".unicodeScalars.contains(scalars[index])
        { index += 1 }
        return value..<index
    }
}

/// Where something stands in the texts of a scenario.
package struct Place: Hashable, Sendable {
    /// Which text, as an index of the load's texts.
    package var source: Int
    /// The line, from 1; 0 means the text as a whole.
    package var line: Int
    /// The column in Unicode scalars, from 1; 0 means the line as a whole.
    package var column: Int
    /// How many scalars a caret underlines.
    package var width: Int

    package init(source: Int, line: Int, column: Int, width: Int = 1) {
        self.source = source
        self.line = line
        self.column = column
        self.width = width
    }
}
