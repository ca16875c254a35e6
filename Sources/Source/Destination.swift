/// Where something goes: an address and a port, or a word that stands for an address, with a port or without.
package enum Destination: Hashable, Sendable {
    /// An address.
    case at(Endpoint)
    /// A word.
    case word(String, port: Int?)

    /// Reads `192.0.2.25:25`, or one of some words as `mx` or `mx:2525`; nil when the text is anything else.
    package init?(parsing text: String, words: [String]) {
        if let endpoint = Endpoint(parsing: text) {
            self = .at(endpoint)
            return
        }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let word = words.first(where: { $0 == parts.first }) else { return nil }
        guard parts.count == 2 else {
            self = .word(word, port: nil)
            return
        }
        guard let port = UInt16(parts[1]), port > 0 else { return nil }
        self = .word(word, port: Int(port))
    }
}
