/// What `reg query` prints.
extension RegistryHive {
    /// A key with its values, and the keys below it.
    /// - Parameters:
    ///   - key: the key.
    ///   - name: the one value that is asked for, empty for the default value; nil for all.
    ///   - descends: whether the keys below are shown with their values, and not by their names only.
    /// - Returns: the lines as reg.exe prints them; nil when there is no such key or value.
    public func query(_ key: RegistryKeyPath, name: String?, descends: Bool) -> String? {
        guard contains(key) else { return nil }
        let shown = descends ? keys.filter { $0.isAtOrBelow(key) } : [key]
        let blocks = shown.compactMap { block($0, name: name) }
        if name != nil { return blocks.isEmpty ? nil : "\n" + blocks.joined(separator: "\n") }
        if descends { return "\n" + blocks.joined(separator: "\n") }
        let below = subkeys(of: key).map { "\($0)\n" }.joined()
        let isBare = entries(of: key).isEmpty && !below.isEmpty
        return "\n" + (isBare ? "" : blocks.joined()) + (isBare || below.isEmpty ? "" : "\n") + below
    }

    /// The keys directly below a key, by name.
    public func subkeys(of key: RegistryKeyPath) -> [RegistryKeyPath] {
        var seen: Set<RegistryKeyPath> = []
        return keys.compactMap { path in
            guard path != key, path.isAtOrBelow(key) else { return nil }
            let child = RegistryKeyPath(key.root, Array(path.names.prefix(key.names.count + 1)))
            return seen.insert(child).inserted ? child : nil
        }
    }

    /// A key and its values; nil when one is asked for that is not there.
    private func block(_ key: RegistryKeyPath, name: String?) -> String? {
        let folded = name?.lowercased()
        let shown = entries(of: key).filter { folded == nil || $0.name.lowercased() == folded }
        guard folded == nil || !shown.isEmpty else { return nil }
        let lines = shown.map { entry in
            "    \(entry.name.isEmpty ? "(Default)" : entry.name)    \(entry.value.typeName)    \(entry.value.data)\n"
        }
        return "\(key)\n" + lines.joined()
    }
}
