import Source

/// Reads a scenario file with all it includes, and lays the overrides over it.
struct ScenarioFile {
    /// How deep files may include each other.
    static let deepestInclude = 8
    /// How many files a scenario may be made of.
    static let mostFiles = 32

    /// The folder that the scenario's file names are relative to.
    let mainFolder: String
    /// What was found wrong.
    private(set) var findings = Findings()
    // Whether a part could not be read: then whatever it defines would be reported as missing.
    private var isIncomplete = false

    init(mainFolder: String) { self.mainFolder = mainFolder }

    /// The scenario as one tree; nil when there is none, and the findings say why.
    /// - Parameters:
    ///   - octets: the main file.
    ///   - path: its name, for diagnostics and to find a file that includes itself.
    ///   - overrides: `path=value`, each.
    /// - Returns: the scenario's mapping, not yet held against the table of keys.
    mutating func read(_ octets: [UInt8], path: String, overrides: [String]) -> SourceNode? {
        guard var root = tree(of: octets, name: path, folder: "", including: [FileReader.identity(of: path)]) else {
            return nil
        }
        guard !isIncomplete else { return nil }
        let refused = ["include": "a key that the included files may have, too"]
        for text in overrides { Override.apply(text, to: &root, refusing: refused, findings: &findings) }
        return root
    }

    /// Reports that the main file cannot be read at all.
    mutating func report(_ problem: Problem, path: String) {
        let source = findings.add(SourceText(name: path, folder: "", isOverride: false, text: ""))
        // The diagnostic begins with the file's name: what names it, too, need not.
        let name = ": \(path.abridged)"
        let text = problem.problem.hasSuffix(name) ? String(problem.problem.dropLast(name.count)) : problem.problem
        findings.report(text, at: Place(source: source, line: 0, column: 0), path: "", expected: problem.expected)
    }

    private mutating func tree(
        of octets: [UInt8], name: String, folder: String, including files: [String]
    ) -> SourceNode? {
        guard let text = String(validating: octets, as: UTF8.self) else {
            report(Problem("not UTF-8", expected: "YAML in UTF-8"), path: name)
            return nil
        }
        let content = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        let source = findings.add(SourceText(name: name, folder: folder, isOverride: false, text: content))
        guard var root = YAMLReader.read(content, source: source, findings: &findings) else { return nil }
        guard case .mapping(let pairs) = root.content else {
            findings.report(
                "a scenario is a mapping", root, found: root.inWords,
                expected: "keys such as title, server, clients, mail, happens and expects")
            return nil
        }
        guard let include = root["include"] else { return root }
        root.content = .mapping(pairs.filter { $0.key != "include" })
        for node in paths(of: include).reversed() {
            guard let part = included(node, folder: folder, including: files) else {
                isIncomplete = true
                continue
            }
            root = root.completed(from: part)
        }
        return root
    }

    private mutating func paths(of include: SourceNode) -> [SourceNode] {
        guard let key = Schema.scenario.keys.first(where: { $0.name == "include" }) else { return [] }
        // Checked by the table like everything else, except that each file's own folder counts here.
        var check = SchemaCheck(findings: findings)
        let checked = check.completed(include, as: key.shape, path: "include")
        findings = check.findings
        isIncomplete = isIncomplete || checked.isRefused || checked.elements.contains(where: \.isRefused)
        return checked.text == nil ? checked.elements.filter { $0.text != nil } : [checked]
    }

    private mutating func included(_ node: SourceNode, folder: String, including files: [String]) -> SourceNode? {
        // The check has made the path relative to the main folder.
        let path = node.text ?? ""
        let name = FileReader.path(path, in: mainFolder)
        let identity = FileReader.identity(of: name)
        guard !files.contains(identity) else {
            findings.report("the file includes itself", node, found: "`\(path.abridged)`")
            return nil
        }
        guard files.count <= ScenarioFile.deepestInclude, findings.sources.count < ScenarioFile.mostFiles else {
            findings.report(
                "too many files", node,
                expected: "at most \(ScenarioFile.mostFiles), \(ScenarioFile.deepestInclude) deep")
            return nil
        }
        do throws(Problem) {
            let octets = try FileReader.octets(of: name, limit: FileReader.largestScenario)
            return tree(of: octets, name: name, folder: FileReader.folder(of: path), including: files + [identity])
        } catch {
            findings.report(error.problem, node, expected: error.expected)
            return nil
        }
    }
}
