/// What the registry tells the Internet Mail Connector of Exchange 5.5, typed.
///
/// The values stand below HKEY_LOCAL_MACHINE\System\CurrentControlSet\Services\MSExchangeIMC\Parameters.
public struct ExchangeParameters: Hashable, Sendable {
    /// Whether ETRN is neither offered nor obeyed (Microsoft KB Q258292). Absent means no.
    public var disablesETRN: Bool

    /// The key below which the values stand.
    public static let key = RegistryKeyPath(
        .localMachine, ["System", "CurrentControlSet", "Services", "MSExchangeIMC", "Parameters"])
    /// The name of the value that switches ETRN off.
    public static let disableETRN = "DisableETRN"

    /// Reads the values from a hive.
    /// - Parameter hive: the server host's registry.
    /// - Throws: ``ExchangeParametersError`` when a value has the wrong type or a number without a meaning.
    public init(_ hive: RegistryHive) throws(ExchangeParametersError) {
        disablesETRN = try ExchangeParameters.flag(ExchangeParameters.disableETRN, in: hive)
    }

    private static func flag(_ name: String, in hive: RegistryHive) throws(ExchangeParametersError) -> Bool {
        switch hive.value(name, in: key) {
        case nil, .dword(0): return false
        case .dword(1): return true
        case .some(let found):
            throw ExchangeParametersError(key: key, name: name, found: found, expected: "REG_DWORD 0 or 1")
        }
    }
}

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
        switch found {
        case .dword(let bits): "\(key)\\\(name) is REG_DWORD \(bits), expected \(expected)"
        case .string(let text): "\(key)\\\(name) is REG_SZ \(quoted(text)), expected \(expected)"
        }
    }
}
