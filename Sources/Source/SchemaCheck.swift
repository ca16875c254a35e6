/// Holds a file against the table of keys and fills in what it leaves out.
///
/// What comes out has every key that has a default, and every value in it is what the table says or refused: whoever
/// builds a plan from it need not report any of this again.
package struct SchemaCheck {
    /// What was found wrong.
    package var findings: Findings

    package init(findings: Findings) { self.findings = findings }

    /// The section of a mapping, completed.
    package mutating func completed(_ node: SourceNode, as section: Section, path: String = "") -> SourceNode {
        var result = node
        result.path = path
        guard case .mapping(let pairs) = node.content else {
            return refuse(result, expected: "a mapping with the keys \(names(of: section))")
        }
        var kept: [SourceNode.Pair] = []
        for key in section.keys {
            if let pair = pairs.first(where: { $0.key == key.name }) {
                kept.append(completed(pair, as: key, among: pairs, path: path))
            } else if let standing = standing(for: key, among: pairs, at: result) {
                kept.append(standing)
            }
        }
        for pair in pairs where !section.keys.contains(where: { $0.name == pair.key }) {
            let keyPath = path.appendingPath(key: pair.key)
            if let shape = section.hosts, isHostName(pair, in: section) {
                var host = pair
                host.value = completed(pair.value, as: shape, path: keyPath)
                kept.append(host)
            } else {
                reportUnknown(pair, in: section, path: keyPath)
            }
        }
        checkCompany(of: pairs, in: section, at: result)
        result.content = .mapping(kept)
        return result
    }

    private mutating func completed(
        _ pair: SourceNode.Pair, as key: Key, among pairs: [SourceNode.Pair], path: String
    ) -> SourceNode.Pair {
        var result = pair
        let keyPath = path.appendingPath(key: key.name)
        if case .later = key.presence {
            findings.report("`\(key.name)` is not supported yet", at: pair.keyPlace, path: keyPath)
            result.value.content = .refused
            return result
        }
        if let needed = key.needs, !pairs.contains(where: { $0.key == needed }) {
            findings.report(
                "`\(key.name)` has no meaning without `\(needed)`", at: pair.keyPlace, path: keyPath)
        }
        result.value = completed(pair.value, as: key.shape, path: keyPath)
        return result
    }

    private mutating func standing(
        for key: Key, among pairs: [SourceNode.Pair], at section: SourceNode
    ) -> SourceNode.Pair? {
        if let needed = key.needs, !pairs.contains(where: { $0.key == needed }) { return nil }
        let path = section.path.appendingPath(key: key.name)
        switch key.presence {
        case .required:
            guard !isMisspelt(key.name, among: pairs) else { return nil }
            findings.report(
                "`\(key.name)` is missing", at: section.place, path: path, expected: key.doc)
            return nil
        case .optional, .later, .standing:
            guard var value = key.standing else { return nil }
            value.mark(asDefaultAt: section.place)
            return SourceNode.Pair(
                key: key.name, keyPlace: section.place, value: completed(value, as: key.shape, path: path))
        }
    }

    // Whether one of the keys was probably meant to be this one: then it is not reported as missing, too.
    private func isMisspelt(_ name: String, among pairs: [SourceNode.Pair]) -> Bool {
        pairs.contains { $0.key != name && Suggestion.nearest(to: $0.key, in: [name]) != nil && !isDeed($0) }
    }

    private func isDeed(_ pair: SourceNode.Pair) -> Bool {
        pair.value.text.map { ["dial", "hang-up"].contains($0) } ?? false
    }

    // Beside the keys of a section any name may be a host's, unless it does nothing and is nearly a key.
    private func isHostName(_ pair: SourceNode.Pair, in section: Section) -> Bool {
        isDeed(pair)
            || HostSelector(parsing: pair.key) != nil
                && Suggestion.nearest(to: pair.key, in: section.keys.map(\.name)) == nil
    }

    private mutating func reportUnknown(_ pair: SourceNode.Pair, in section: Section, path: String) {
        findings.report(
            "unknown key", at: pair.keyPlace, path: path, found: "`\(pair.key.abridged)`",
            expected: "one of \(names(of: section))",
            suggestion: findings.isFull
                ? nil : Suggestion.nearest(to: pair.key, in: section.keys.filter(\.isUsable).map(\.name)))
    }

    private func names(of section: Section) -> String {
        let names = section.keys.filter(\.isUsable).map(\.name).joined(separator: ", ")
        return section.hosts == nil ? names : names + ", or a host"
    }

    // Which keys stand together.
    private mutating func checkCompany(of pairs: [SourceNode.Pair], in section: Section, at node: SourceNode) {
        for group in section.exactlyOne {
            let present = group.compactMap { name in pairs.first { $0.key == name } }
            if present.isEmpty {
                guard !group.contains(where: { isMisspelt($0, among: pairs) }) else { continue }
                findings.report("something is missing", node, expected: "one of \(group.joined(separator: ", "))")
            } else if present.count > 1 {
                findings.report(
                    "`\(present[0].key)` and `\(present[1].key)` exclude each other", at: present[1].keyPlace,
                    path: node.path.appendingPath(key: present[1].key))
            }
        }
        for group in section.atLeastOne where !group.contains(where: { name in pairs.contains { $0.key == name } }) {
            guard !group.contains(where: { isMisspelt($0, among: pairs) }) else { continue }
            findings.report(
                "nothing is expected", node, expected: "at least one of \(group.joined(separator: ", "))")
        }
    }
}

extension SchemaCheck {
    /// A value of any shape, completed.
    package mutating func completed(_ node: SourceNode, as shape: Shape, path: String) -> SourceNode {
        var result = node
        result.path = path
        guard !node.isRefused else { return result }
        switch shape {
        case .scalar(let scalar): return completed(result, as: scalar)
        case .section(let section): return completed(result, as: section, path: path)
        case .names(let names): return completed(result, as: names)
        case .list(let element, let least): return completed(result, listOf: element, atLeast: least)
        case .variants(let variants): return completed(result, asOneOf: variants)
        case .either(let scalar, let mapping, let list):
            switch (node.content, scalar, mapping, list) {
            case (.scalar, .some(let scalar), _, _): return completed(result, as: scalar)
            case (.mapping, _, .some(let mapping), _): return completed(result, as: mapping, path: path)
            case (.sequence, _, _, .some(let list)): return completed(result, as: list, path: path)
            default: return refuse(result, expected: SchemaCheck.expected(shape))
            }
        }
    }

    private mutating func completed(_ node: SourceNode, as scalar: Scalar) -> SourceNode {
        guard case .scalar(let text, let isPlain) = node.content else { return refuse(node, expected: scalar.expected) }
        guard let problem = scalar.problem(with: text, isPlain: isPlain) else {
            guard case .path = scalar else { return node }
            return inMainFolder(node, text)
        }
        var found: String? = node.inWords
        if case .secret = scalar { found = nil }
        findings.report(
            problem.problem, node, found: found, expected: problem.expected, suggestion: problem.suggestion)
        return refused(node)
    }

    // A file is named relative to the file that names it; from here on it is relative to the scenario.
    private func inMainFolder(_ node: SourceNode, _ text: String) -> SourceNode {
        let folder = node.isDefault ? "" : findings.sources[node.place.source].folder
        guard !folder.isEmpty, !text.hasPrefix("/") else { return node }
        var result = node
        result.content = .scalar("\(folder)/\(text)", isPlain: false)
        return result
    }

    private mutating func completed(_ node: SourceNode, as names: Shape.Names) -> SourceNode {
        guard case .mapping(let pairs) = node.content else {
            return refuse(node, expected: SchemaCheck.expected(.names(names)))
        }
        guard pairs.count >= names.atLeast else { return refuse(node, expected: SchemaCheck.expected(.names(names))) }
        var result = node
        result.content = .mapping(
            pairs.map { pair in
                let path = node.path.appendingPath(key: pair.key)
                var completedPair = pair
                if let problem = names.kind.problem(with: pair.key) {
                    findings.report(
                        problem.problem, at: pair.keyPlace, path: path, found: "`\(pair.key.abridged)`",
                        expected: problem.expected, suggestion: problem.suggestion)
                    completedPair.value.content = .refused
                }
                completedPair.value = completed(completedPair.value, as: names.value, path: path)
                return completedPair
            })
        return result
    }

    private mutating func completed(_ node: SourceNode, listOf element: Shape, atLeast least: Int) -> SourceNode {
        guard case .sequence(let elements) = node.content, elements.count >= least else {
            return refuse(node, expected: SchemaCheck.expected(.list(element, atLeast: least)))
        }
        var result = node
        result.content = .sequence(
            elements.enumerated().map { completed($1, as: element, path: node.path.appendingPath(index: $0)) })
        return result
    }

    private mutating func completed(_ node: SourceNode, asOneOf variants: [Section]) -> SourceNode {
        guard case .mapping(let pairs) = node.content else {
            return refuse(node, expected: SchemaCheck.expected(.variants(variants)))
        }
        let chosen = variants.first { section in pairs.contains { $0.key == section.keys.first?.name } }
        guard let chosen else {
            let names = variants.compactMap(\.keys.first?.name)
            let nearest = pairs.lazy.compactMap { Suggestion.nearest(to: $0.key, in: names) }.first
            let first = pairs.first
            findings.report(
                "unknown kind", at: first?.keyPlace ?? node.place, path: node.path,
                found: first.map { "`\($0.key.abridged)`" } ?? "an empty mapping",
                expected: "one of \(names.joined(separator: ", "))", suggestion: nearest)
            return refused(node)
        }
        return completed(node, as: chosen, path: node.path)
    }

    private mutating func refuse(_ node: SourceNode, expected: String) -> SourceNode {
        if !node.isRefused {
            let problem = node.inWords == "nothing" ? "nothing was written" : "something else is due here"
            findings.report(problem, node, found: SchemaCheck.kind(of: node), expected: expected)
        }
        return refused(node)
    }

    // A scalar where a list or a mapping is due could be a password: it is not repeated.
    private static func kind(of node: SourceNode) -> String? {
        guard case .scalar = node.content else { return node.inWords }
        return node.inWords == "nothing" ? nil : "a single value"
    }

    private func refused(_ node: SourceNode) -> SourceNode {
        var result = node
        result.content = .refused
        return result
    }

    /// What a reader should have written.
    package static func expected(_ shape: Shape) -> String {
        switch shape {
        case .scalar(let scalar): scalar.expected
        case .section(let section):
            "a mapping with the keys \(section.keys.filter(\.isUsable).map(\.name).joined(separator: ", "))"
        case .names(let names): "a mapping from \(names.kind.plural) to values"
        case .list(let element, let least):
            "a list" + (least > 0 ? " of at least \(least == 1 ? "one" : "two")" : "") + ": \(expected(element))"
        case .variants(let variants):
            "a mapping with one of the keys \(variants.compactMap(\.keys.first?.name).joined(separator: ", "))"
        case .either(let scalar, let mapping, let list):
            [scalar.map(\.expected), mapping.map(expected), list.map(expected)].compactMap(\.self)
                .joined(separator: "; or ")
        }
    }
}

extension Key {
    /// Whether the key can be used: there is machinery behind it.
    package var isUsable: Bool {
        guard case .later = presence else { return true }
        return false
    }
}

extension SourceNode {
    /// Makes this a value that was not written, standing in for something missing at a place.
    fileprivate mutating func mark(asDefaultAt place: Place) {
        self.place = place
        isDefault = true
        switch content {
        case .scalar, .refused: break
        case .mapping(var pairs):
            for index in pairs.indices {
                pairs[index].keyPlace = place
                pairs[index].value.mark(asDefaultAt: place)
            }
            content = .mapping(pairs)
        case .sequence(var elements):
            for index in elements.indices { elements[index].mark(asDefaultAt: place) }
            content = .sequence(elements)
        }
    }
}
