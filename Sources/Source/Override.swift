/// A `--set`: a path into the scenario and the value that stands there instead.
package struct Override {
    /// One step of a path.
    enum Step: Hashable {
        /// The value of a key.
        case key(String)
        /// An element of a list, from 0.
        case index(Int)
    }

    /// The way from the scenario to the value.
    var steps: [Step]
    /// How many scalars stand before the value.
    var offset: Int
    /// The value, as YAML.
    var value: String

    /// Reads `clients.branch.modem=v90`, `mail[0].size=2KiB` or `server.routes."branch.example"=192.0.2.9`.
    /// - Throws: what is wrong with the text.
    init(parsing text: String) throws(Problem) {
        var scalars = Substring(text).unicodeScalars
        var steps: [Step] = []
        repeat {
            if scalars.first == "." { scalars.removeFirst() }
            steps.append(try Override.takeStep(from: &scalars))
        } while scalars.first == "." || scalars.first == "["
        guard scalars.popFirst() == "=" else { throw Override.malformed }
        self.steps = steps
        offset = text.unicodeScalars.count - scalars.count
        value = String(scalars)
    }

    private static let malformed = Problem(
        "not an override", expected: "PATH=VALUE, such as clients.branch.modem=v90 or mail[0].size=2KiB")

    private static func takeStep(from rest: inout Substring.UnicodeScalarView) throws(Problem) -> Step {
        switch rest.first {
        case "[":
            let digits = rest.dropFirst().prefix { $0 != "]" }
            guard digits.endIndex < rest.endIndex, let index = Int(String(digits)), index >= 0 else {
                throw malformed
            }
            rest = rest[rest.index(after: digits.endIndex)...]
            return .index(index)
        case "\"":
            let key = rest.dropFirst().prefix { $0 != "\"" }
            guard key.endIndex < rest.endIndex else { throw malformed }
            rest = rest[rest.index(after: key.endIndex)...]
            return .key(String(key))
        default:
            let key = rest.prefix { !".[=".unicodeScalars.contains($0) }
            guard !key.isEmpty else { throw malformed }
            rest = rest[key.endIndex...]
            return .key(String(key))
        }
    }
}

extension Override {
    /// Lays one override over a tree.
    /// - Parameters:
    ///   - text: the override, as `path=value`.
    ///   - root: the tree.
    ///   - refused: the keys of the root that cannot be set, each with what can be.
    ///   - findings: where is reported what is wrong with it.
    package static func apply(
        _ text: String, to root: inout SourceNode, refusing refused: [String: String] = [:],
        findings: inout Findings
    ) {
        let source = findings.add(SourceText(name: "--set", folder: "", isOverride: true, text: text))
        let place = Place(source: source, line: 1, column: 1, width: text.unicodeScalars.prefix { $0 != "=" }.count)
        do throws(Problem) {
            let override = try Override(parsing: text)
            if case .key(let key) = override.steps.first, let expected = refused[key] {
                throw Problem("`\(key)` cannot be set", expected: expected)
            }
            guard let value = override.readValue(source: source, place: place, &findings) else { return }
            try Override.set(value, at: override.steps[...], in: &root, place: place, path: "")
        } catch {
            findings.report(
                error.problem, at: place, path: "", expected: error.expected, suggestion: error.suggestion)
        }
    }

    // The value stands where it stood in the text, so that a caret points at it.
    private func readValue(source: Int, place: Place, _ findings: inout Findings) -> SourceNode? {
        guard !value.isEmpty else {
            return SourceNode(content: .scalar("", isPlain: true), place: place)
        }
        let padding = String(repeating: " ", count: offset)
        return YAMLReader.read(padding + value, source: source, findings: &findings)
    }

    private static func set(
        _ value: SourceNode, at steps: ArraySlice<Override.Step>, in node: inout SourceNode, place: Place, path: String
    ) throws(Problem) {
        guard let step = steps.first else {
            node = value
            return
        }
        let rest = steps.dropFirst()
        switch (step, node.content) {
        case (.key(let key), .mapping(var pairs)):
            let keyPath = path.appendingPath(key: key)
            if let index = pairs.firstIndex(where: { $0.key == key }) {
                try set(value, at: rest, in: &pairs[index].value, place: place, path: keyPath)
                if rest.isEmpty { pairs[index].keyPlace = place }
            } else {
                var child = SourceNode(content: .mapping([]), place: place)
                try set(value, at: rest, in: &child, place: place, path: keyPath)
                pairs.append(SourceNode.Pair(key: key, keyPlace: place, value: child))
            }
            node.content = .mapping(pairs)
        case (.index(let index), .sequence(var elements)):
            guard elements.indices.contains(index) else {
                throw Problem("`\(path)` has \(elements.count) elements, counted from 0; there is no \(index)")
            }
            try set(value, at: rest, in: &elements[index], place: place, path: path.appendingPath(index: index))
            node.content = .sequence(elements)
        case (.key, _): throw Problem("`\(path)` is not a mapping")
        case (.index, _): throw Problem("`\(path)` is not a list")
        }
    }
}
