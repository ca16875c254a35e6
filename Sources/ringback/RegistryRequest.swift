import ArgumentParser
import Registry

/// What `ringback registry` is asked for. Whether keys, types and files are right shows when it is carried out.
struct RegistryRequest {
    /// What can be done.
    enum Verb: String, CaseIterable, ExpressibleByArgument {
        case query, add, delete, export, backup, restore
        case importFile = "import"
    }

    /// Which value of a key is meant.
    enum Target {
        /// None in particular: the key.
        case key
        /// The one of this name; empty is the default value.
        case value(String)
        /// All of them.
        case allValues
    }

    let verb: Verb
    let source: RegistrySource
    let target: Target
    private let words: RegistryWords

    /// Understands a command line.
    /// - Throws: `ValidationError` when that is not possible.
    init(_ verb: Verb, _ words: [String]) throws(ValidationError) {
        self.verb = verb
        self.words = try RegistryWords(words, flags: verb.flags, options: verb.options + ["--hive", "--scenario"])
        let parts = verb.parts
        guard self.words.plain.count == parts.count else {
            throw ValidationError(
                "\(verb.rawValue) takes \(parts.joined(separator: " and ")), not \(self.words.plain.count) words")
        }
        target = try RegistryRequest.target(self.words)
        source = try RegistrySource(hive: self.words["--hive"], scenario: self.words["--scenario"])
        guard verb != .add || self.words["/d"] == nil && self.words["/t"] == nil || target.isValue else {
            throw ValidationError("/t and /d need /v or /ve")
        }
    }

    private static func target(_ words: RegistryWords) throws(ValidationError) -> Target {
        let targets: [Target?] = [
            words["/v"].map { .value($0) }, words["/ve"].map { _ in .value("") }, words["/va"].map { _ in .allValues },
        ]
        let given = targets.compactMap { $0 }
        guard given.count < 2 else { throw ValidationError("of /v, /ve and /va only one can stand there") }
        return given.first ?? .key
    }

    /// The file that is read or written besides the hive.
    var file: String { words.plain.last ?? "" }
    /// Whether the keys below are queried too.
    var descends: Bool { words["/s"] != nil }
    /// Whether something may be replaced or deleted.
    var isForced: Bool { words["/f"] != nil || words["/y"] != nil }
    /// The generation of an exported file.
    var format: RegistryFileFormat { words["--regedit4"] == nil ? .version5 : .regedit4 }

    /// The key.
    func key() throws(RegistryRefusal) -> RegistryKeyPath {
        let text = words.plain.first ?? ""
        do throws(RegistryKeyPathError) {
            return try RegistryKeyPath(parsing: text)
        } catch {
            throw .refused("\(text): \(error)")
        }
    }

    /// The value that `/t`, `/s` and `/d` describe.
    func value() throws(RegistryRefusal) -> RegistryValue {
        do throws(RegistryDataError) {
            let kind = try RegistryValue.Kind(named: words["/t"] ?? RegistryValue.Kind.string.rawValue)
            return try RegistryValue(data: words["/d"], kind: kind, separator: words["/s"] ?? "\\0")
        } catch {
            throw .refused("\(error)")
        }
    }
}

extension RegistryRequest.Target {
    /// Whether one value is meant.
    fileprivate var isValue: Bool { if case .value = self { true } else { false } }
}

extension RegistryRequest.Verb {
    /// The options that take no word.
    fileprivate var flags: [String] {
        switch self {
        case .query: ["/ve", "/s"]
        case .add: ["/ve", "/f"]
        case .delete: ["/ve", "/va", "/f"]
        case .export: ["/y", "--regedit4"]
        case .backup: ["/y"]
        case .importFile, .restore: []
        }
    }

    /// The options that take the next word.
    fileprivate var options: [String] {
        switch self {
        case .query, .delete: ["/v"]
        case .add: ["/v", "/t", "/s", "/d"]
        case .export, .importFile, .backup, .restore: []
        }
    }

    /// What stands there plainly.
    fileprivate var parts: [String] {
        switch self {
        case .query, .add, .delete: ["a key"]
        case .export: ["a key", "a file"]
        case .importFile, .backup, .restore: ["a file"]
        }
    }
}
