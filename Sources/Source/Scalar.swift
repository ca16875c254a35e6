package import Events
package import Registry
import SMTP
import Timebase
package import Wire

/// What a scalar may hold, how it is checked and how the JSON Schema says it.
package enum Scalar: Sendable {
    /// Any text.
    case text
    /// A line that somebody types: any text, and none.
    case line
    /// A password: any text but none, never repeated by a diagnostic.
    case secret
    /// One of some words. The later ones belong to the language but have no machinery behind them yet; those apart are
    /// what somebody may look for and not find.
    case word([String], later: [String], apart: [String] = [])
    /// A whole number.
    case number(ClosedRange<Int64>)
    /// A value with a unit, at least so large.
    case quantity(Quantity, atLeast: Int64)
    /// A value with a unit, or the word `never`.
    case quantityOrNever(Quantity)
    /// A value with a unit or a range `a..b` of them.
    case spread(Quantity)
    /// An instant of the calendar.
    case date
    /// A time of the run.
    case moment
    /// An IPv4 address.
    case address
    /// An IP address and a port.
    case endpoint
    /// An IP address and a port, or one of some words that stand for an address.
    case endpointOr(words: [String])
    /// An IP address, with the length of the network that it stands for if it is one.
    case network
    /// A mailbox.
    case mailbox
    /// A mail domain; `{n}` stands for the number of a host of a group.
    case domain
    /// A mail domain, or several with one `*`.
    case domains
    /// What ETRN may name: a domain, `@` and a domain, or `#` and a queue.
    case etrnArgument
    /// A host, or all of a group.
    case hosts
    /// An event of the vocabulary, told of a host or of a group.
    case event
    /// A telephone number.
    case telephone
    /// A file's name, relative to the file in which it stands.
    case path
    /// A value of the registry.
    case registryValue

    /// What a reader should have written.
    package var expected: String {
        switch self {
        case .text: "text"
        case .line: "a line of text"
        case .secret: "a password of at most 255 octets"
        case .word(let words, _, _): words.count == 1 ? words[0] : "one of \(words.joined(separator: ", "))"
        case .number(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .quantity(let quantity, _): quantity.expected
        case .quantityOrNever(let quantity): "\(quantity.expected), or never"
        case .spread(let quantity): "\(quantity.expected), or a range of two with .. between them"
        case .date: "an instant such as 1999-03-01T08:00:00Z"
        case .moment: Moment.expected
        case .address: "an IPv4 address such as 192.0.2.25"
        case .endpoint: "an address and a port such as 192.0.2.25:25 or [2001:db8::25]:25"
        case .endpointOr(let words):
            "an address and a port such as 192.0.2.25:25, or \(words.joined(separator: " or ")), with a port if not 25"
        case .network: "an address or a network such as 192.0.2.0/24 or 2001:db8::/32"
        case .mailbox: "a mailbox such as hostmaster@isp.example"
        case .domain: "a domain such as branch.example"
        case .domains: "a domain such as branch.example, or several as branch-*.example"
        case .etrnArgument: "a domain, @domain for it and all below it, or #queue"
        case .hosts: "a host such as branch, or a group as branch-*"
        case .event: "a host and an event such as branch.link.up"
        case .telephone: "a telephone number such as 555-0100"
        case .path: "the name of a file"
        case .registryValue: "a registry value such as dword:00000001, 1 or \"text\""
        }
    }

    /// What is wrong with a text; nil when nothing is.
    /// - Parameters:
    ///   - text: the scalar.
    ///   - isPlain: whether it stood without quotes.
    /// - Returns: the problem, without a place.
    package func problem(with text: String, isPlain: Bool) -> Problem? {
        do throws(Problem) {
            switch self {
            case .line: break
            case .text, .hosts: try require(!text.isEmpty, "nothing was written")
            case .secret:
                try require(!text.isEmpty, "the password is empty")
                try require(text.utf8.count <= 255, "the password is too long")
            case .path: try require(!text.isEmpty && !text.unicodeScalars.contains("\0"), "not a file's name")
            case .word(let words, let later, let apart):
                try require(!apart.contains(text), "`\(text)` is not simulated")
                try Scalar.check(text, isOneOf: words, later: later)
            case .number(let range):
                try require(Scalar.number(text) != nil, "not a whole number")
                try require(Scalar.number(text).map(range.contains) == true, "out of range")
            case .quantity(let quantity, let least):
                let value = try quantity.value(of: text)
                guard value >= least else {
                    throw Problem(
                        "too small", expected: least == 1 ? "more than nothing" : "at least \(quantity.text(of: least))"
                    )
                }
            case .quantityOrNever(let quantity):
                try Scalar.check(text, isNeverOr: quantity)
            case .spread(let quantity): _ = try quantity.range(of: text)
            case .date: try require(Moment.date(text) != nil, "not an instant")
            case .moment: _ = try Moment(parsing: text)
            case .address:
                try require(IPv4Address(parsing: text) != nil, "not an IPv4 address")
                try require(IPv4Address(parsing: text).map(Scalar.isOfHost) == true, "no host can have this address")
            case .endpoint: try require(Endpoint(parsing: text) != nil, "no address with a port")
            case .endpointOr(let words):
                try require(Destination(parsing: text, words: words) != nil, "no address with a port")
            case .network: try require(Network(parsing: text) != nil, "neither an address nor a network")
            case .mailbox: try require((try? Mailbox(parsing: text)) != nil, "not a mailbox")
            case .domain: try Scalar.check(domain: text.replacing("{n}", with: "1"))
            case .domains: try Scalar.check(domain: text.replacing("*", with: "1"))
            case .etrnArgument:
                try require(
                    (try? ETRNArgument(parsing: text.replacing("{n}", with: "1"))) != nil, "nothing that ETRN can name")
            case .event: _ = try EventName(parsing: text)
            case .telephone: try Scalar.check(telephone: text)
            case .registryValue: _ = try Scalar.registryValue(text, isPlain: isPlain)
            }
            return nil
        } catch {
            return error
        }
    }

    private func require(_ isTrue: Bool, _ problem: String) throws(Problem) {
        guard isTrue else { throw Problem(problem, expected: expected) }
    }

    /// A whole number without a sign, as decimal digits.
    package static func number(_ text: String) -> Int64? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int64(text) : nil
    }

    /// Whether a host may have the address: not "this network", loopback, multicast or reserved (RFC 6890 §2.2.2).
    package static func isOfHost(_ address: IPv4Address) -> Bool {
        let network = address.rawValue >> 24
        return network != 0 && network != 127 && network < 224
    }

    private static func check(_ text: String, isOneOf words: [String], later: [String]) throws(Problem) {
        guard !words.contains(text) else { return }
        let expected = Scalar.word(words, later: []).expected
        guard !later.contains(text) else { throw Problem("`\(text)` is not supported yet", expected: expected) }
        throw Problem(
            "no such choice", expected: expected, suggestion: Suggestion.nearest(to: text, in: words))
    }

    private static func check(_ text: String, isNeverOr quantity: Quantity) throws(Problem) {
        guard text != "never" else { return }
        let value = try quantity.value(of: text)
        guard value > 0 else { throw Problem("nothing at all", expected: Scalar.quantityOrNever(quantity).expected) }
    }

    private static func check(domain text: String) throws(Problem) {
        do throws(DomainError) {
            guard try Domain(parsing: text).isAddressLiteral else { return }
        } catch {
            throw Problem("not a domain: \(why(error))", expected: Scalar.domain.expected)
        }
        throw Problem("an address where a domain is due", expected: Scalar.domain.expected)
    }

    private static func why(_ error: DomainError) -> String {
        switch error {
        case .empty: "nothing was written"
        case .emptyLabel: "two dots in a row, or one at an end"
        case .badCharacter: "only letters, digits, hyphens and dots are allowed"
        case .hyphenAtEdge: "a label begins or ends with a hyphen"
        case .labelTooLong: "a label is longer than 63 octets"
        case .tooLong: "longer than 255 octets"
        case .badAddressLiteral: "an address where a domain is due"
        }
    }

    private static func check(telephone text: String) throws(Problem) {
        let areAllowed = text.utf8.allSatisfy { (0x30...0x39).contains($0) || "+- ".utf8.contains($0) }
        guard areAllowed, text.utf8.count <= 40, text.utf8.contains(where: { (0x30...0x39).contains($0) }) else {
            throw Problem("not a telephone number", expected: Scalar.telephone.expected)
        }
    }

    /// Whether the registry takes the text: no control characters and no line separators.
    package static func isPrintable(_ text: String) -> Bool {
        !text.unicodeScalars.contains {
            $0.value < 0x20 || (0x7F...0x9F).contains($0.value) || $0 == "\u{2028}" || $0 == "\u{2029}"
        }
    }

    /// A registry value: without quotes what a `.reg` file or a whole number says, in quotes text.
    package static func registryValue(_ text: String, isPlain: Bool) throws(Problem) -> RegistryValue {
        guard isPlain else {
            guard Scalar.isPrintable(text) else { throw Problem("text with a control character in it") }
            return .string(text)
        }
        do throws(RegistryValueError) {
            return try RegistryValue(parsing: text)
        } catch {
            throw Problem("not a registry value: \(error)")
        }
    }
}

/// An event as a scenario names it: whose, and which.
package struct EventName: Sendable {
    /// The host or the group, as it was written.
    package var hosts: String
    /// The event.
    package var name: Happening.Name

    /// Reads `branch.link.up` or `branch-*.link.up`.
    /// - Throws: what is wrong with the text.
    package init(parsing text: String) throws(Problem) {
        guard let dot = text.separated(by: "."), !dot.before.isEmpty else {
            throw Problem("not an event", expected: Scalar.event.expected)
        }
        guard let name = Happening.Name(rawValue: dot.after) else {
            let nearest = Suggestion.nearest(to: dot.after, in: Happening.Name.allCases.map(\.rawValue))
            throw Problem(
                "no such event: `\(dot.after.abridged)`", expected: "an event of the vocabulary",
                suggestion: nearest.map { "\(dot.before).\($0)" })
        }
        (hosts, self.name) = (dot.before, name)
    }
}
