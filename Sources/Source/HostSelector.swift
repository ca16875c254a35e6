import Registry
import SMTP

/// Which hosts a name means: one host, or all of a group as `branch-*`.
package enum HostSelector: Hashable, Sendable {
    /// One host, or a group by the name it was given.
    case named(String)
    /// All hosts of a group.
    case group(String)

    /// What no host can be called, because it means something else where hosts are named.
    package static let reservedNames = ["server", "at", "when", "count", "where", "after", "do"]

    /// Reads `branch`, `branch-7` or `branch-*`; nil when it is no such name.
    package init?(parsing text: String) {
        if text.hasSuffix("-*") {
            let name = String(text.dropLast(2))
            guard HostSelector.isName(name) else { return nil }
            self = .group(name)
        } else {
            guard HostSelector.isName(text) else { return nil }
            self = .named(text)
        }
    }

    /// Whether a host may be called so: a letter, then letters, digits and hyphens.
    package static func isName(_ text: String) -> Bool {
        guard text.utf8.count <= 63, let first = text.utf8.first, isLetter(first), text.utf8.last != UInt8(ascii: "-")
        else { return false }
        return text.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-") }
    }

    private static func isLetter(_ octet: UInt8) -> Bool {
        (0x41...0x5A).contains(octet) || (0x61...0x7A).contains(octet)
    }
}

extension Shape.Names.Kind {
    /// What the keys are, in the plural.
    package var plural: String {
        switch self {
        case .host: "names of hosts"
        case .user: "names of users"
        case .domain: "domains"
        case .queue: "names of queues"
        case .registryKey: "paths of registry keys"
        case .registryValue: "names of registry values"
        case .quantity: "values with their unit"
        case .field: "fields of the event"
        }
    }

    /// What is wrong with a key; nil when nothing is.
    package func problem(with key: String) -> Problem? {
        switch self {
        case .host:
            if HostSelector.reservedNames.contains(key) { return Problem("a host cannot be called `\(key)`") }
            guard HostSelector.isName(key) else {
                return Problem("not a host's name", expected: "a letter, then letters, digits and hyphens")
            }
            return nil
        case .user:
            let isName = !key.isEmpty && key.utf8.count <= 200 && Scalar.isPrintable(key)
            return isName ? nil : Problem("not a user's name", expected: "1 to 200 printable characters")
        case .domain: return Scalar.domain.problem(with: key, isPlain: true)
        case .queue:
            let isName = (try? ETRNArgument(parsing: "#\(key)")) != nil
            return isName ? nil : Problem("not a queue's name", expected: "1 to 255 visible characters")
        case .registryKey:
            do throws(RegistryKeyPathError) {
                _ = try RegistryKeyPath(parsing: key)
                return nil
            } catch {
                return Problem("not a registry key: \(error)", expected: "\(ExchangeParameters.key)")
            }
        case .registryValue:
            return Scalar.isPrintable(key) ? nil : Problem("a value's name has a control character in it")
        case .quantity(let quantity):
            do throws(Problem) {
                _ = try quantity.value(of: key)
                return nil
            } catch {
                return error
            }
        case .field: return nil
        }
    }
}
