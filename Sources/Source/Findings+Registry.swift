package import Registry

extension Findings {
    /// A host's registry: a .reg file, or keys with their values.
    /// - Parameters:
    ///   - node: what was written.
    ///   - folder: where files are looked for.
    /// - Returns: the hive; nil when it was refused.
    package mutating func registry(_ node: SourceNode, folder: String) -> RegistryHive? {
        guard let hive = node.text == nil ? hive(of: node) : importedHive(node, folder) else { return nil }
        do throws(ExchangeParametersError) {
            _ = try ExchangeParameters(hive)
            return hive
        } catch {
            let place = node.pairs.lazy.compactMap { $0.value[error.name] }.first ?? node
            report(
                "\(error.name) cannot mean this", place, found: "\(error.found.typeName) \(error.found)",
                expected: error.expected)
            return nil
        }
    }

    private func hive(of node: SourceNode) -> RegistryHive? {
        guard !node.isRefused else { return nil }
        var hive = RegistryHive()
        for pair in node.pairs {
            guard let key = try? RegistryKeyPath(parsing: pair.key) else { continue }
            hive.createKey(key)
            for value in pair.value.pairs {
                guard case .scalar(let text, let isPlain) = value.value.content,
                    let content = try? Scalar.registryValue(text, isPlain: isPlain)
                else { continue }
                hive.set(value.key, in: key, to: content)
            }
        }
        return hive
    }

    private mutating func importedHive(_ node: SourceNode, _ folder: String) -> RegistryHive? {
        var hive = RegistryHive()
        let path = node.text ?? ""
        do {
            let name = FileReader.path(path, in: folder)
            try hive.importFile(FileReader.octets(of: name, limit: FileReader.largestScenario))
            return hive
        } catch let error as RegistryFileError {
            report("not a registry file: \(path.abridged): \(error)", node)
        } catch let problem as Problem {
            report(problem.problem, node, expected: problem.expected)
        } catch {
            report("the file cannot be read: \(path.abridged)", node)
        }
        return nil
    }
}
