/// A value that the Internet Mail Connector cannot mean.
public struct ExchangeParametersError: Error, Hashable, Sendable {
    /// The key it stands below.
    public let key: RegistryKeyPath
    /// The name of the value.
    public let name: String
    /// What it holds.
    public let found: RegistryValue
    /// What it should hold.
    public let expected: String
}

extension ExchangeParametersError: CustomStringConvertible {
    /// Key, value, found type and expected type in one line.
    public var description: String {
        let content = if case .dword(let bits) = found { "\(bits)" } else { quoted(found.data) }
        return "\(key)\\\(name) is \(found.typeName) \(content), expected \(expected)"
    }
}
