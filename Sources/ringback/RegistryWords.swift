import ArgumentParser

/// What stands behind a verb, in the spelling of reg.exe: `/v NAME` takes a word, `/f` none, and the rest is plain.
struct RegistryWords {
    /// The words that belong to no option.
    private(set) var plain: [String] = []
    private var values: [String: String] = [:]

    /// Takes words apart.
    /// - Parameters:
    ///   - words: all of them.
    ///   - flags: the options that take no word, in small letters.
    ///   - options: the options that take the next word.
    /// - Throws: `ValidationError` when an option is unknown, stands twice or lacks its word.
    init(_ words: [String], flags: [String], options: [String]) throws(ValidationError) {
        var rest = words[...]
        while let word = rest.popFirst() {
            let (name, joined) = RegistryWords.taken(apart: word)
            let value: String
            if flags.contains(name), joined == nil {
                value = ""
            } else if options.contains(name) {
                guard let taken = joined ?? rest.popFirst() else {
                    throw ValidationError("Missing value for '\(word)'")
                }
                value = taken
            } else {
                guard !RegistryWords.isOption(word) else { throw ValidationError("Unknown option '\(word)'") }
                plain.append(word)
                continue
            }
            guard values.updateValue(value, forKey: name) == nil else {
                throw ValidationError("'\(word)' stands there twice")
            }
        }
    }

    /// The word behind an option; empty behind one that takes none, nil when it is not there.
    subscript(option: String) -> String? { values[option] }

    /// `/V` is `/v`, and `--hive=FILE` is `--hive` and `FILE`.
    private static func taken(apart word: String) -> (name: String, value: String?) {
        guard word.hasPrefix("--"), let equals = word.firstIndex(of: "=") else { return (word.lowercased(), nil) }
        return (word[..<equals].lowercased(), String(word[word.index(after: equals)...]))
    }

    /// Whether a word can only be an option. `/tmp/server.reg` is none: here paths begin with what options begin with.
    private static func isOption(_ word: String) -> Bool {
        if word.hasPrefix("-") { return true }
        return word.hasPrefix("/") && (2...4).contains(word.count) && word.dropFirst().allSatisfy(\.isLetter)
    }
}
