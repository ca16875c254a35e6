/// A part of a Windows registry: keys with named values.
///
/// Names are compared without regard to case and keep the spelling of whoever set them first, as in Windows. Everything
/// that lists comes out ordered by name, whatever the order in which it went in. Lookups take O(log keys + log values).
public struct RegistryHive: Hashable, Sendable {
    /// A named value; the empty name is the key's default value.
    public struct Entry: Hashable, Sendable {
        /// The name, as it was first spelt.
        public let name: String
        /// What it holds.
        public fileprivate(set) var value: RegistryValue
        fileprivate let folded: String
    }

    private struct Key: Hashable, Sendable {
        let path: RegistryKeyPath
        var entries: [Entry]
    }

    private var sorted: [Key] = []

    /// A hive with nothing in it.
    public init() {}

    /// Sets a value, creating its key when it is not there.
    /// - Parameters:
    ///   - name: the value's name without control characters; empty for the default value.
    ///   - key: the key it belongs to.
    ///   - value: what it holds from now on; text is without control characters, and in a list not empty.
    public mutating func set(_ name: String, in key: RegistryKeyPath, to value: RegistryValue) {
        precondition(RegistryHive.isPrintable(name), "a value's name has no control character")
        precondition(value.texts.allSatisfy(RegistryHive.isPrintable), "a value's text has no control character")
        if case .multiString(let texts) = value {
            precondition(!texts.contains(""), "an empty text would end the list")
        }
        createKey(key)
        guard let index = index(of: key) else { return }
        let folded = name.lowercased()
        let place = sorted[index].entries.partition(before: folded, by: \.folded)
        if place < sorted[index].entries.count, sorted[index].entries[place].folded == folded {
            sorted[index].entries[place].value = value
        } else {
            sorted[index].entries.insert(Entry(name: name, value: value, folded: folded), at: place)
        }
    }

    /// Creates a key without values, unless it is there.
    public mutating func createKey(_ key: RegistryKeyPath) {
        let place = sorted.partition(before: key, by: \.path)
        guard place == sorted.count || sorted[place].path != key else { return }
        sorted.insert(Key(path: key, entries: []), at: place)
    }

    /// Removes a value; nothing happens when it is not there.
    public mutating func remove(_ name: String, in key: RegistryKeyPath) {
        guard let index = index(of: key) else { return }
        let folded = name.lowercased()
        sorted[index].entries.removeAll { $0.folded == folded }
    }

    /// Removes a key and all keys below it.
    public mutating func removeKey(_ key: RegistryKeyPath) {
        sorted.removeAll { $0.path.isAtOrBelow(key) }
    }

    /// What a value holds; nil when there is no such value.
    public func value(_ name: String, in key: RegistryKeyPath) -> RegistryValue? {
        guard let index = index(of: key) else { return nil }
        let folded = name.lowercased()
        let entries = sorted[index].entries
        let place = entries.partition(before: folded, by: \.folded)
        return place < entries.count && entries[place].folded == folded ? entries[place].value : nil
    }

    /// Whether a text may be a value's name or content: it has no control character and no line separator.
    public static func isPrintable(_ text: String) -> Bool { !text.unicodeScalars.contains { $0.isControl } }

    /// Whether a key is there: it is predefined, was created, has values, or has a key below it.
    public func contains(_ key: RegistryKeyPath) -> Bool {
        key.names.isEmpty || sorted.contains { $0.path.isAtOrBelow(key) }
    }

    /// The part of the hive that a key and the keys below it make up.
    public func part(below key: RegistryKeyPath) -> RegistryHive {
        var part = RegistryHive()
        part.sorted = sorted.filter { $0.path.isAtOrBelow(key) }
        return part
    }

    /// All keys that were created or have values, by name.
    public var keys: [RegistryKeyPath] { sorted.map(\.path) }

    /// The values of a key, by name; empty when there is no such key.
    public func entries(of key: RegistryKeyPath) -> [Entry] {
        index(of: key).map { sorted[$0].entries } ?? []
    }

    private func index(of key: RegistryKeyPath) -> Int? {
        let place = sorted.partition(before: key, by: \.path)
        return place < sorted.count && sorted[place].path == key ? place : nil
    }
}

extension Array {
    /// The first index whose element is not less than the sought one; the array is sorted by that property.
    fileprivate func partition<Order: Comparable>(before sought: Order, by property: (Element) -> Order) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = low + (high - low) / 2
            if property(self[middle]) < sought { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
