/// The rows of a `Conformance.md`: each demand of an RFC with the test that shows it.
struct ConformanceTable {
    struct Row: Equatable {
        var line: Int
        var tests: [String]
    }

    let path: String
    private(set) var rows: [Row] = []

    /// Reads every Markdown table that has a column `Test`.
    init(path: String, text: String) {
        self.path = path
        var column: Int?
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard line.hasPrefix("|") else {
                column = nil
                continue
            }
            let cells = ConformanceTable.cells(of: line)
            if let test = cells.firstIndex(of: "Test") {
                column = test
            } else if let column, !line.allSatisfy({ "|-: ".contains($0) }) {
                let cell = cells.indices.contains(column) ? cells[column] : ""
                rows.append(Row(line: number + 1, tests: ConformanceTable.quoted(in: cell)))
            }
        }
    }

    private static func cells(of line: Substring) -> [String] {
        line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().map {
            String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
    }

    /// What stands between backticks: every second piece.
    private static func quoted(in cell: String) -> [String] {
        cell.split(separator: "`", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }
            .map { String($0.element) }
    }
}

/// Every row of a conformance table names tests, and they exist.
enum ConformanceRule {
    /// The tests may be functions, by the name in backticks, or transcripts, by the name of the file.
    static func findings(in table: ConformanceTable, tests: [String]) -> [Finding] {
        guard !table.rows.isEmpty else {
            return [Finding(path: table.path, line: 1, complaint: "has no rows with a column Test")]
        }
        let known = Set(tests)
        return table.rows.flatMap { row -> [Finding] in
            guard !row.tests.isEmpty else {
                return [Finding(path: table.path, line: row.line, complaint: "names no test")]
            }
            return row.tests.filter { !known.contains($0) }.map {
                Finding(path: table.path, line: row.line, complaint: "no test is called \($0)")
            }
        }
    }

    /// The names of all functions in backticks below `Tests`.
    static func tests(in files: [SourceFile]) -> [String] {
        files.filter { !$0.isSource }.flatMap { file in
            file.code.indices.dropFirst().compactMap { index in
                guard file.code[index].kind == .quotedWord else { return nil }
                return file.code[index - 1].isWord("func") ? file.code[index].text : nil
            }
        }
    }
}
