/// A value of a scenario with the place where it was written.
package struct SourceNode: Sendable {
    /// What was written.
    package enum Content: Sendable {
        /// A scalar; plain means that it stood without quotes.
        case scalar(String, isPlain: Bool)
        /// A mapping, in the order in which it was written.
        case mapping([Pair])
        /// A list.
        case sequence([SourceNode])
        /// Something that a diagnostic has already been written about: whoever meets it stays silent.
        case refused
    }

    /// One key of a mapping and its value.
    package struct Pair: Sendable {
        /// The key.
        package var key: String
        /// Where the key stands.
        package var keyPlace: Place
        /// Its value.
        package var value: SourceNode

        package init(key: String, keyPlace: Place, value: SourceNode) {
            self.key = key
            self.keyPlace = keyPlace
            self.value = value
        }
    }

    /// What was written.
    package var content: Content
    /// Where.
    package var place: Place
    /// Where in the scenario, as in `clients.branch.dials.number`.
    package var path = ""
    /// Whether it was filled in from the table of keys.
    package var isDefault = false

    package init(content: Content, place: Place, path: String = "") {
        self.content = content
        self.place = place
        self.path = path
    }

    /// The text of a scalar.
    package var text: String? {
        guard case .scalar(let text, _) = content else { return nil }
        return text
    }

    /// The pairs of a mapping; none for anything else.
    package var pairs: [Pair] {
        guard case .mapping(let pairs) = content else { return [] }
        return pairs
    }

    /// The elements of a list; none for anything else.
    package var elements: [SourceNode] {
        guard case .sequence(let elements) = content else { return [] }
        return elements
    }

    /// Whether a diagnostic has been written about it.
    package var isRefused: Bool {
        guard case .refused = content else { return false }
        return true
    }

    /// The value of a key.
    package subscript(key: String) -> SourceNode? { pairs.first { $0.key == key }?.value }

    /// What kind of thing it is, in words; a scalar is quoted.
    package var inWords: String {
        switch content {
        case .scalar("", isPlain: true): "nothing"
        case .scalar(let text, _): "`\(text.abridged)`"
        case .mapping(let pairs): pairs.isEmpty ? "an empty mapping" : "a mapping"
        case .sequence(let elements): elements.isEmpty ? "an empty list" : "a list"
        case .refused: "something refused"
        }
    }

    /// This node with the keys of another one that it does not have itself, mapping by mapping, all the way down.
    package func completed(from other: SourceNode) -> SourceNode {
        guard case .mapping(var pairs) = content, case .mapping(let others) = other.content else { return self }
        let places = Dictionary(uniqueKeysWithValues: pairs.enumerated().map { ($1.key, $0) })
        for pair in others {
            if let index = places[pair.key] {
                pairs[index].value = pairs[index].value.completed(from: pair.value)
            } else {
                pairs.append(pair)
            }
        }
        var merged = self
        merged.content = .mapping(pairs)
        return merged
    }
}

extension String {
    /// The text as one line that is not too long to print: control characters are escaped, the end is cut off.
    package var abridged: String {
        var text = ""
        for scalar in unicodeScalars.prefix(100) {
            text += scalar.value < 0x20 || scalar.value == 0x7F ? scalar.escaped(asASCII: true) : String(scalar)
        }
        return unicodeScalars.count > 100 ? text + "…" : text
    }

    /// A path with one more key at its end; a key that is not a simple word stands in quotes.
    package func appendingPath(key: String) -> String {
        let isSimple =
            !key.isEmpty
            && key.utf8.allSatisfy { octet in
                (0x30...0x39).contains(octet) || (0x41...0x5A).contains(octet) || (0x61...0x7A).contains(octet)
                    || octet == UInt8(ascii: "-") || octet == UInt8(ascii: "_")
            }
        let name = isSimple ? key : "\"\(key.abridged)\""
        return isEmpty ? name : "\(self).\(name)"
    }

    /// A path with an index at its end.
    package func appendingPath(index: Int) -> String { "\(self)[\(index)]" }
}
