import Events
import Source

/// The JSON Schema (draft 2020-12) of scenario files, printed from the table of keys.
extension Schema {
    /// The schema as JSON text, indented, with a line end at its end.
    static func json() -> String {
        // A file may leave to included ones what is required, down to the first list: lists are replaced as a whole.
        var root = JSON.schema(of: scenario, isPartial: true)
        let isWhole = JSON.object([("required", .list([.text("server")]))])
        root.append(("anyOf", .list([isWhole, .object([("required", .list([.text("include")]))])])))
        root.insert(("$schema", .text("https://json-schema.org/draft/2020-12/schema")), at: 0)
        root.insert(("title", .text("Ringback scenario")), at: 1)
        return JSON.object(root).text(indent: 0) + "\n"
    }
}

/// As much of JSON as a schema needs; objects keep their order.
indirect enum JSON {
    case text(String)
    case number(Int64)
    case bool(Bool)
    case list([JSON])
    case object([(String, JSON)])

    /// The JSON text.
    func text(indent: Int) -> String {
        let margin = String(repeating: "  ", count: indent + 1)
        let end = "\n" + String(repeating: "  ", count: indent)
        switch self {
        case .text(let text): return JSON.quoted(text)
        case .number(let number): return "\(number)"
        case .bool(let bool): return "\(bool)"
        case .list(let elements):
            return elements.isEmpty
                ? "[]" : "[" + elements.map { $0.text(indent: indent + 1) }.joined(separator: ", ") + "]"
        case .object(let members):
            let lines = members.map { "\(margin)\(JSON.quoted($0.0)): \($0.1.text(indent: indent + 1))" }
            return lines.isEmpty ? "{}" : "{\n" + lines.joined(separator: ",\n") + end + "}"
        }
    }

    /// A text in quotes, as JSON and YAML both read it.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            default:
                guard
                    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0xFEFF
                        || (0x2028...0x2029).contains(scalar.value) || (0xE000...0xE001).contains(scalar.value)
                else {
                    quoted.unicodeScalars.append(scalar)
                    continue
                }
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return quoted + "\""
    }
}

extension JSON {
    /// The members of a section's schema.
    static func schema(of section: Section, isPartial: Bool) -> [(String, JSON)] {
        var members: [(String, JSON)] = [("type", .text("object")), ("description", .text(section.doc))]
        let keys = section.keys.filter(\.isUsable)
        members.append(("properties", .object(keys.map { ($0.name, schema(of: $0, isPartial: isPartial)) })))
        let required = keys.filter { if case .required = $0.presence { true } else { false } }
        if !isPartial, !required.isEmpty { members.append(("required", .list(required.map { .text($0.name) }))) }
        let dependent = keys.compactMap { key in key.needs.map { (key.name, JSON.list([.text($0)])) } }
        if !dependent.isEmpty { members.append(("dependentRequired", .object(dependent))) }
        for group in section.exactlyOne { members.append(("oneOf", oneIsRequired(of: group))) }
        for group in section.atLeastOne { members.append(("anyOf", oneIsRequired(of: group))) }
        if let hosts = section.hosts {
            members.append(
                ("patternProperties", .object([(hostPattern, .object(schema(of: hosts, isPartial: isPartial)))])))
        }
        members.append(("additionalProperties", .bool(false)))
        return members
    }

    // A host's name or a group, but none of the section's own keys: `(?!...)` keeps their schemas apart.
    private static let hostPattern =
        "^(?!(\(HostSelector.reservedNames.joined(separator: "|")))$)[A-Za-z][A-Za-z0-9-]*(-\\*)?$"

    private static func oneIsRequired(of group: [String]) -> JSON {
        .list(group.map { .object([("required", .list([.text($0)]))]) })
    }

    private static func schema(of key: Key, isPartial: Bool) -> JSON {
        var members = schema(of: key.shape, isPartial: isPartial)
        members.removeAll { $0.0 == "description" }
        members.append(("description", .text(key.doc)))
        if let standing = key.standing { members.append(("default", value(of: standing))) }
        return .object(members)
    }

    private static func value(of node: SourceNode) -> JSON {
        switch node.content {
        case .scalar(let text, let isPlain): isPlain ? plain(text) : .text(text)
        case .mapping(let pairs): .object(pairs.map { ($0.key, value(of: $0.value)) })
        case .sequence(let elements): .list(elements.map(value))
        case .refused: .text("")
        }
    }

    // What the core schema of YAML 1.2 makes of a plain scalar of the table.
    private static func plain(_ text: String) -> JSON {
        switch text {
        case "true": .bool(true)
        case "false": .bool(false)
        default: Scalar.number(text).map(JSON.number) ?? .text(text)
        }
    }

    /// The members of the schema of any shape.
    static func schema(of shape: Shape, isPartial: Bool) -> [(String, JSON)] {
        switch shape {
        case .scalar(let scalar): return schema(of: scalar)
        case .section(let section): return schema(of: section, isPartial: isPartial)
        case .names(let names):
            var members: [(String, JSON)] = [("type", .text("object"))]
            if names.atLeast > 0 { members.append(("minProperties", .number(Int64(names.atLeast)))) }
            return members + [("additionalProperties", .object(schema(of: names.value, isPartial: isPartial)))]
        case .list(let element, let least):
            var members: [(String, JSON)] = [
                ("type", .text("array")), ("items", .object(schema(of: element, isPartial: false))),
            ]
            if least > 0 { members.append(("minItems", .number(Int64(least)))) }
            return members
        case .variants(let variants):
            return [("oneOf", .list(variants.map { .object(schema(of: $0, isPartial: false)) }))]
        case .either(let scalar, let mapping, let list):
            let choices = [
                scalar.map { schema(of: $0) }, mapping.map { schema(of: $0, isPartial: isPartial) },
                list.map { schema(of: $0, isPartial: isPartial) },
            ]
            return [("anyOf", .list(choices.compactMap { $0.map(JSON.object) }))]
        }
    }

    // YAML makes numbers of digits, so a text that may look like one is allowed to be one.
    private static func schema(of scalar: Scalar) -> [(String, JSON)] {
        let text: [(String, JSON)] = [("type", .text("string"))]
        let textOrNumber: [(String, JSON)] = [("type", .list([.text("string"), .text("number"), .text("boolean")]))]
        switch scalar {
        case .text, .line, .secret, .registryValue, .telephone: return textOrNumber
        case .hosts, .path: return text
        case .word(let words, _, _): return [("enum", .list(words.map(plain)))]
        case .number(let range):
            return [
                ("type", .text("integer")), ("minimum", .number(range.lowerBound)),
                ("maximum", .number(range.upperBound)),
            ]
        case .quantity(let quantity, _): return quantified("^(\(quantity.pattern))$", quantity)
        case .quantityOrNever(let quantity): return text + [("pattern", .text("^(never|\(quantity.pattern))$"))]
        case .spread(let quantity):
            return quantified("^(\(quantity.pattern))(\\.\\.(\(quantity.pattern)))?$", quantity)
        case .date: return text + [("pattern", .text("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"))]
        case .moment:
            let interval = Quantity.interval.pattern
            return text + [
                (
                    "pattern",
                    .text("^(\\+\(interval)(\\.\\.\\+?\(interval))?|[0-9]{2}:[0-9]{2}(:[0-9]{2})?|[0-9]{4}-.*Z)$")
                )
            ]
        case .address: return text + [("pattern", .text("^[0-9]{1,3}(\\.[0-9]{1,3}){3}$"))]
        case .endpoint, .endpointOr, .network: return text
        case .mailbox: return text + [("format", .text("email"))]
        case .domain: return text + [("pattern", .text("^[A-Za-z0-9.{}-]+$"))]
        case .etrnArgument: return text + [("pattern", .text("^[@#]?[^ ]+$"))]
        case .domains: return text + [("pattern", .text("^[A-Za-z0-9.*-]+$"))]
        case .event:
            let names = Happening.Name.allCases.map { $0.rawValue.replacing(".", with: "\\.") }.joined(separator: "|")
            return text + [("pattern", .text("^[A-Za-z][A-Za-z0-9-]*(-\\*)?\\.(\(names))$"))]
        }
    }

    private static func quantified(_ pattern: String, _ quantity: Quantity) -> [(String, JSON)] {
        guard case .rate = quantity else { return [("type", .text("string")), ("pattern", .text(pattern))] }
        return [("type", .list([.text("string"), .text("integer")])), ("pattern", .text(pattern))]
    }
}
