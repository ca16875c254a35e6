import Source

/// The scenario with nothing left unsaid.
extension Scenario {
    /// The scenario as YAML with every default filled in, and marked as such.
    ///
    /// What is printed loads to the same plan. Included files and overrides are part of it; passwords are, too.
    public func explain() -> String { tree.yaml(indent: 0) }
}

extension SourceNode {
    // Block style throughout: a value that is not plain stands in double quotes, which JSON and YAML read alike.
    fileprivate func yaml(indent: Int) -> String {
        let margin = String(repeating: "  ", count: indent)
        switch content {
        case .scalar, .refused: return inline + "\n"
        case .mapping(let pairs):
            return pairs.map { pair in
                margin + SourceNode.written(pair.key, isPlain: true) + ":" + pair.value.below(indent: indent)
            }.joined()
        case .sequence(let elements):
            return elements.map { margin + "-" + $0.below(indent: indent) }.joined()
        }
    }

    private func below(indent: Int) -> String {
        let isBlock = !pairs.isEmpty || !elements.isEmpty
        return isBlock ? "\n" + yaml(indent: indent + 1) : " \(inline)" + (isDefault ? "  # default" : "") + "\n"
    }

    private var inline: String {
        switch content {
        case .scalar(let text, let isPlain): SourceNode.written(text, isPlain: isPlain)
        case .mapping: "{}"
        case .sequence: "[]"
        case .refused: "\"\""
        }
    }

    private static func written(_ text: String, isPlain: Bool) -> String {
        let isSafe =
            isPlain && !text.isEmpty && !text.hasSuffix(":")
            && text.utf8.allSatisfy { octet in
                (0x30...0x39).contains(octet) || (0x41...0x5A).contains(octet) || (0x61...0x7A).contains(octet)
                    || "+-_./\\:".utf8.contains(octet)
            } && text.utf8.first.map { !"-:".utf8.contains($0) } == true
        // A registry value without quotes may hold what is not safe; single quotes would change its type.
        return isSafe ? text : JSON.quoted(text)
    }
}
