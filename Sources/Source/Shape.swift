/// What a value of a scenario may be.
package indirect enum Shape: Sendable {
    /// A scalar.
    case scalar(Scalar)
    /// A mapping with known keys.
    case section(Section)
    /// A mapping whose keys are names that the scenario chooses.
    case names(Names)
    /// A list of values of one shape.
    case list(Shape, atLeast: Int)
    /// A mapping that is one of several sections; the first key of each tells them apart.
    case variants([Section])
    /// Told apart by whether it is a scalar, a mapping or a list.
    case either(scalar: Scalar?, mapping: Shape?, list: Shape?)

    /// A mapping with free keys.
    package struct Names: Sendable {
        /// What a key is.
        package enum Kind: Sendable {
            /// The name of a client host.
            case host
            /// The name of a user.
            case user
            /// A mail domain.
            case domain
            /// A queue that ETRN may name with `#`.
            case queue
            /// The path of a registry key.
            case registryKey
            /// The name of a registry value.
            case registryValue
            /// A value with a unit.
            case quantity(Quantity)
            /// A field of an event.
            case field
        }

        /// What the keys are.
        package var kind: Kind
        /// What their values are.
        package var value: Shape
        /// How many there are at least.
        package var atLeast = 0

        package init(kind: Kind, value: Shape, atLeast: Int = 0) {
            self.kind = kind
            self.value = value
            self.atLeast = atLeast
        }
    }

    /// A range of values with a unit, and the distributions that are not ranges.
    package static func distribution(_ quantity: Quantity) -> Shape {
        .either(
            scalar: .spread(quantity),
            mapping: .variants([
                Section(
                    "About normal, cut at zero and at six deviations.",
                    [
                        Key(
                            "normal", .list(.scalar(.quantity(quantity, atLeast: 0)), atLeast: 2), .required,
                            "Mean and deviation.")
                    ]),
                Section(
                    "Some values with weights.",
                    [
                        Key(
                            "one-of",
                            .names(
                                Names(kind: .quantity(quantity), value: .scalar(.number(1...1_000_000)), atLeast: 1)),
                            .required, "Each value with its weight.")
                    ]),
            ]),
            list: nil)
    }
}

/// A mapping with known keys.
package struct Section: Sendable {
    /// What the mapping is, in one sentence.
    package var doc: String
    /// Its keys, in the order in which they are explained.
    package var keys: [Key]
    /// What else the keys may be: hosts, each with a value of this shape.
    package var hosts: Shape?
    /// Of each group of keys, exactly one is there.
    package var exactlyOne: [[String]] = []
    /// Of each group of keys, at least one is there.
    package var atLeastOne: [[String]] = []

    package init(
        _ doc: String, _ keys: [Key], hosts: Shape? = nil, exactlyOne: [[String]] = [], atLeastOne: [[String]] = []
    ) {
        self.doc = doc
        self.keys = keys
        self.hosts = hosts
        self.exactlyOne = exactlyOne
        self.atLeastOne = atLeastOne
    }
}

/// One key of a section.
package struct Key: Sendable {
    /// What happens when the key is not there.
    package enum Presence: Sendable {
        /// That is an error.
        case required
        /// Nothing stands for it.
        case optional
        /// This value, as YAML, stands for it.
        case standing(String)
        /// The key is refused: it belongs to the language but has no machinery behind it yet.
        case later
    }

    /// Its name.
    package var name: String
    /// What it holds.
    package var shape: Shape
    /// What its absence means.
    package var presence: Presence
    /// What it means, in one line.
    package var doc: String
    /// The key without which this one has no meaning.
    package var needs: String?
    /// The value that stands for it when it is not there; without a place.
    package let standing: SourceNode?

    package init(_ name: String, _ shape: Shape, _ presence: Presence, _ doc: String, needs: String? = nil) {
        self.name = name
        self.shape = shape
        self.presence = presence
        self.doc = doc
        self.needs = needs
        guard case .standing(let yaml) = presence else {
            standing = nil
            return
        }
        var scratch = Findings()
        let source = scratch.add(SourceText(name: name, folder: "", isOverride: false, text: yaml))
        standing = YAMLReader.read(yaml, source: source, findings: &scratch)
        precondition(standing != nil, "the table's own values are YAML")
    }
}
