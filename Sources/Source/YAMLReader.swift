import Yams

/// Reads YAML into nodes with places.
///
/// Yams puts the target of an alias in its place while it composes, and gives up at the first duplicate key. Both are
/// wanted otherwise here: an alias counts as much as it expands to, and every duplicate key is reported. So an asterisk
/// goes in as a private character that makes the alias a plain scalar, resolved here, and a key that Yams calls a
/// duplicate goes in again with its first letter changed.
package struct YAMLReader {
    /// How many nodes a text may have once its aliases are expanded.
    package static let mostNodes = 100_000
    /// How deep lists and mappings may be nested. The language needs seven.
    package static let mostLevels = 32
    // How many duplicate keys are looked for in one text.
    private static let mostDuplicates = 20

    private static let asterisk: Unicode.Scalar = "\u{E000}"
    private static let changed: Unicode.Scalar = "\u{E001}"

    private let source: Int
    private var findings: Findings
    private var anchors: [String: (node: SourceNode, count: Int)] = [:]
    private var duplicates: [(line: Int, column: Int, letter: Unicode.Scalar)] = []
    private var nodeCount = 0
    private var gaveUp = false

    private init(source: Int, findings: Findings) {
        self.source = source
        self.findings = findings
    }

    /// Reads one document; nil when it is none, and the findings say why.
    package static func read(_ text: String, source: Int, findings: inout Findings) -> SourceNode? {
        var reader = YAMLReader(source: source, findings: findings)
        defer { findings = reader.findings }
        guard let lines = reader.printableLines(of: text) else { return nil }
        return reader.compose(lines)
    }

    // Lines of scalars, so that a mark of Yams finds its character.
    private mutating func printableLines(of text: String) -> [[Unicode.Scalar]]? {
        var lines: [[Unicode.Scalar]] = [[]]
        var previous: Unicode.Scalar = "\n"
        for scalar in text.unicodeScalars {
            defer { previous = scalar }
            if scalar == "\n" {
                lines.append([])
            } else if scalar == "*" {
                lines[lines.count - 1].append(YAMLReader.asterisk)
            } else if YAMLReader.isRead(scalar), previous != "\r" {
                lines[lines.count - 1].append(scalar)
            } else {
                let place = Place(source: source, line: lines.count, column: lines[lines.count - 1].count + 1)
                let refused = previous == "\r" ? previous : scalar
                findings.report(
                    "not YAML: the character \(refused.escaped(asASCII: true)) cannot stand here", at: place, path: "")
                return nil
            }
        }
        return lines
    }

    // YAML 1.2 §5.1, without the private characters used above, and without the line ends of EBCDIC and Unicode,
    // which would shift the line numbers.
    private static func isRead(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0D, 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE002...0xFEFE, 0xFF00...0xFFFD,
            0x10000...0x10FFFF:
            true
        default: false
        }
    }

    private mutating func compose(_ lines: [[Unicode.Scalar]]) -> SourceNode? {
        var lines = lines
        while true {
            do {
                let text = String(String.UnicodeScalarView(lines.joined(separator: ["\n"])))
                let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
                guard let root = try parser.singleRoot() else {
                    findings.report("the file is empty", at: Place(source: source, line: 1, column: 0), path: "")
                    return nil
                }
                // The parser owns the anchors; nodes only point to them.
                let node = withExtendedLifetime(parser) { convert(root, path: "", level: 0) }
                return gaveUp ? nil : node
            } catch YamlError.duplicatedKeysInMapping(_, let context) {
                guard duplicates.count < YAMLReader.mostDuplicates, change(context.mark, in: &lines) else {
                    report("the key is given twice", at: context.mark)
                    return nil
                }
            } catch {
                report(error)
                return nil
            }
        }
    }

    // Changes the first letter of the key at a mark; false when there is no letter.
    private mutating func change(_ mark: Mark, in lines: inout [[Unicode.Scalar]]) -> Bool {
        guard lines.indices.contains(mark.line - 1) else { return false }
        let line = lines[mark.line - 1]
        var index = mark.column - 1
        if line.indices.contains(index), line[index] == "\"" || line[index] == "'" { index += 1 }
        guard line.indices.contains(index), line[index].properties.isAlphabetic || line[index].value >= 0xE000
        else { return false }
        duplicates.append((mark.line, mark.column, line[index]))
        lines[mark.line - 1][index] = YAMLReader.changed
        return true
    }
}

extension YAMLReader {
    private mutating func convert(_ node: Yams.Node, path: String, level: Int) -> SourceNode {
        var result = SourceNode(content: .refused, place: place(of: node.mark), path: path)
        let before = nodeCount
        nodeCount += 1
        guard !gaveUp, isAllowed(node, at: result.place, path: path, level: level) else { return result }
        switch node {
        case .scalar(let scalar):
            let text = restored(scalar.string, at: scalar.mark)
            if scalar.style == .plain, text.hasPrefix("*") { return expanded(String(text.dropFirst()), as: result) }
            result.place.width = scalar.style == .plain ? text.unicodeScalars.count : 1
            result.content = .scalar(text, isPlain: scalar.style == .plain)
        case .sequence(let sequence):
            var elements: [SourceNode] = []
            for element in sequence {
                elements.append(convert(element, path: path.appendingPath(index: elements.count), level: level + 1))
            }
            result.content = .sequence(elements)
        case .mapping(let mapping): result.content = .mapping(pairs(of: mapping, path: path, level: level))
        case .alias: break
        }
        if let anchor = node.anchor { anchors[anchor.rawValue] = (result, nodeCount - before) }
        return result
    }

    private mutating func pairs(of mapping: Yams.Node.Mapping, path: String, level: Int) -> [SourceNode.Pair] {
        var pairs: [SourceNode.Pair] = []
        var lines: [String: Int] = [:]
        for (key, value) in mapping {
            let keyNode = convert(key, path: path, level: level + 1)
            guard !gaveUp, !keyNode.isRefused else { continue }
            guard let name = keyNode.text else {
                findings.report("a key is a word", at: keyNode.place, path: path, found: keyNode.inWords)
                continue
            }
            if let first = lines[name] {
                findings.report(
                    "the key is given twice", at: keyNode.place, path: path.appendingPath(key: name),
                    found: "`\(name.abridged)` again, first on line \(first)")
                continue
            }
            lines[name] = keyNode.place.line
            let child = convert(value, path: path.appendingPath(key: name), level: level + 1)
            pairs.append(SourceNode.Pair(key: name, keyPlace: keyNode.place, value: child))
        }
        return pairs
    }

    private mutating func isAllowed(_ node: Yams.Node, at place: Place, path: String, level: Int) -> Bool {
        guard level <= YAMLReader.mostLevels else {
            return giveUp(
                "nested too deep", at: place, path: path, expected: "at most \(YAMLReader.mostLevels) levels")
        }
        guard nodeCount <= YAMLReader.mostNodes else {
            return giveUp(
                "too many values", at: place, path: path,
                expected: "at most \(YAMLReader.mostNodes), with every alias expanded")
        }
        let tag: String
        switch node {
        case .scalar(let scalar): tag = scalar.tag.rawValue
        case .sequence(let sequence): tag = sequence.tag.rawValue
        case .mapping(let mapping): tag = mapping.tag.rawValue
        case .alias: return false
        }
        let known: [Tag.Name] = [.implicit, .nonSpecific, .str, .seq, .map]
        guard known.contains(where: { $0.rawValue == tag }) else {
            findings.report("a tag has no meaning here", at: place, path: path, found: "`\(tag.abridged)`")
            return false
        }
        return true
    }

    private mutating func giveUp(_ problem: String, at place: Place, path: String, expected: String) -> Bool {
        findings.report(problem, at: place, path: path, expected: expected)
        gaveUp = true
        return false
    }

    private mutating func expanded(_ name: String, as node: SourceNode) -> SourceNode {
        guard let anchor = anchors[name] else {
            findings.report(
                "no such anchor", node, found: "`*\(name.abridged)`",
                expected: "`&\(name.abridged)` before it")
            return node
        }
        nodeCount += anchor.count
        guard nodeCount <= YAMLReader.mostNodes else {
            _ = giveUp(
                "too many values", at: node.place, path: node.path,
                expected: "at most \(YAMLReader.mostNodes), with every alias expanded")
            return node
        }
        var copy = anchor.node
        copy.path = node.path
        return copy
    }

    // The text as it was written, with asterisks and changed letters back in their places.
    private func restored(_ text: String, at mark: Mark?) -> String {
        guard text.unicodeScalars.contains(where: { $0 == YAMLReader.asterisk || $0 == YAMLReader.changed }) else {
            return text
        }
        let letter = duplicates.first { $0.line == mark?.line && $0.column == mark?.column }?.letter
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let written = scalar == YAMLReader.changed ? letter ?? scalar : scalar
            scalars.append(written == YAMLReader.asterisk ? "*" : written)
        }
        return String(scalars)
    }

    private func place(of mark: Mark?) -> Place {
        Place(source: source, line: mark?.line ?? 1, column: mark?.column ?? 0)
    }

    private mutating func report(_ problem: String, at mark: Mark) {
        // What is missing at the end of a text is missed on the line after the last one.
        let lines = findings.sources[source].lines
        let isInside = mark.line <= lines.count
        let line = isInside ? mark.line : lines.count
        let column = isInside ? mark.column : (lines.last?.unicodeScalars.count ?? 0) + 1
        findings.report(problem, at: Place(source: source, line: line, column: column), path: "")
    }

    private func isTab(at mark: Mark) -> Bool {
        let line =
            findings.sources[source].lines.dropFirst(mark.line - 1).first?.unicodeScalars ?? "".unicodeScalars[...]
        return line.dropFirst(mark.column - 1).first == "\t"
    }

    private mutating func report(_ error: any Error) {
        switch error {
        case YamlError.scanner(let context, let problem, let mark, _),
            YamlError.parser(let context, let problem, let mark, _):
            guard !problem.hasPrefix("Maximum nesting level") else { return report("nested too deep", at: mark) }
            guard !isTab(at: mark) else { return report("not YAML: a tab where only spaces can indent", at: mark) }
            let more = context.map { " (\($0.text) that begins on line \($0.mark.line))" } ?? ""
            report("not YAML: \(problem)\(more)", at: mark)
        case YamlError.composer(_, _, let mark, _): report("more than one YAML document", at: mark)
        default: findings.report("not YAML", at: Place(source: source, line: 1, column: 0), path: "")
        }
    }
}
