import Source

/// Values from the environment: weaker than what the command line sets, stronger than the file.
extension ServiceConfiguration {
    private static let prefix = "RINGBACK_"

    /// What the environment sets, as overrides: `RINGBACK_LIMITS_MESSAGE=1MiB` is `limits.message=1MiB`.
    ///
    /// Every value at a fixed place can be set; lists and domains cannot.
    /// - Parameter environment: all of it.
    /// - Returns: the overrides, in the order of the table of keys.
    /// - Throws: ``ConfigurationError`` for a variable that begins like ours and names nothing: it would be a
    ///   misspelling that nobody notices.
    public static func overrides(from environment: [String: String]) throws(ConfigurationError) -> [String] {
        let paths = paths(of: ServiceKeys.service, below: "")
        let variables = paths.map { (path: $0, name: variable(for: $0)) }
        let unknown = environment.keys.filter { $0.hasPrefix(prefix) }.sorted()
            .filter { name in !variables.contains { $0.name == name } }
        guard unknown.isEmpty else {
            var findings = Findings()
            for name in unknown {
                let source = findings.add(
                    SourceText(name: "environment", folder: "", isOverride: true, text: "\(name)=..."))
                findings.report(
                    "`\(name)` sets nothing", at: Place(source: source, line: 1, column: 1, width: name.count),
                    path: "",
                    expected: "a variable such as RINGBACK_STORE",
                    suggestion: Suggestion.nearest(to: name, in: variables.map(\.name)))
            }
            throw ConfigurationError(diagnostics: findings.diagnostics)
        }
        return variables.compactMap { variable in environment[variable.name].map { "\(variable.path)=\($0)" } }
    }

    private static func variable(for path: String) -> String {
        prefix + path.uppercased().map { $0 == "." || $0 == "-" ? "_" : String($0) }.joined()
    }

    private static func paths(of section: Section, below path: String) -> [String] {
        section.keys.flatMap { key -> [String] in
            switch key.shape {
            case .scalar: [path + key.name]
            case .section(let section): paths(of: section, below: "\(path)\(key.name).")
            default: []
            }
        }
    }
}
