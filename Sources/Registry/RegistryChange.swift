/// One change of a hive, as reg.exe makes them. It is carried out wholly or refused, and then changes nothing.
public enum RegistryChange: Hashable, Sendable {
    /// `reg add KEY`.
    case createKey(RegistryKeyPath)
    /// `reg add KEY /v NAME`: replacing what the value holds needs `/f`.
    case set(String, in: RegistryKeyPath, to: RegistryValue, replaces: Bool)
    /// `reg delete KEY /v NAME`.
    case delete(String, in: RegistryKeyPath)
    /// `reg delete KEY /va`.
    case deleteValues(of: RegistryKeyPath)
    /// `reg delete KEY`: the key and all below it.
    case deleteKey(RegistryKeyPath)
    /// `reg import FILE`: what a `.reg` file says, on top of what is there.
    case importFile([UInt8])
    /// `restore FILE`: what a `.reg` file says, instead of what is there.
    case restore([UInt8])
}

extension RegistryHive {
    /// Carries out a change. A refused one changes nothing.
    ///
    /// Refused is also what would give a value of ``ExchangeParameters`` a type or a number without a meaning; such a
    /// value that was there before is no hindrance.
    /// - Throws: ``RegistryChangeError`` with what is missing or wrong.
    public mutating func carryOut(_ change: RegistryChange) throws(RegistryChangeError) {
        var changed = self
        try changed.apply(change)
        let before = ExchangeParameters.faults(in: self)
        if let fault = ExchangeParameters.faults(in: changed).first(where: { !before.contains($0) }) {
            throw .parameters(fault)
        }
        self = changed
    }

    private mutating func apply(_ change: RegistryChange) throws(RegistryChangeError) {
        switch change {
        case .createKey(let key): createKey(key)
        case .set(let name, let key, let value, let replaces):
            guard RegistryHive.isPrintable(name) else { throw .unprintableName }
            guard replaces || self.value(name, in: key) == nil else { throw .valueExists(key, name) }
            set(name, in: key, to: value)
        case .delete(let name, let key):
            guard value(name, in: key) != nil else { throw .noValue(key, name) }
            remove(name, in: key)
        case .deleteValues(let key):
            guard contains(key) else { throw .noKey(key) }
            for entry in entries(of: key) { remove(entry.name, in: key) }
        case .deleteKey(let key):
            guard !key.names.isEmpty else { throw .predefinedKey(key) }
            guard contains(key) else { throw .noKey(key) }
            removeKey(key)
        case .importFile(let octets): try take(octets)
        case .restore(let octets):
            self = RegistryHive()
            try take(octets)
        }
    }

    private mutating func take(_ file: [UInt8]) throws(RegistryChangeError) {
        do throws(RegistryFileError) {
            try importFile(file)
        } catch {
            throw .file(error)
        }
    }
}

/// Why a change of a hive is refused.
public enum RegistryChangeError: Error, Hashable, Sendable {
    /// There is no such key.
    case noKey(RegistryKeyPath)
    /// There is no such value.
    case noValue(RegistryKeyPath, String)
    /// The value is there, and nobody said that it may be replaced.
    case valueExists(RegistryKeyPath, String)
    /// A predefined key cannot be deleted.
    case predefinedKey(RegistryKeyPath)
    /// The name of a value has a control character in it.
    case unprintableName
    /// A file that is not a `.reg` file.
    case file(RegistryFileError)
    /// A value of the Internet Mail Connector would get a type or a number without a meaning.
    case parameters(ExchangeParametersError)

    /// Whether something is not there, as opposed to wrong.
    public var isAboutMissing: Bool {
        switch self {
        case .noKey, .noValue: true
        default: false
        }
    }
}

extension RegistryChangeError: CustomStringConvertible {
    /// What is missing or wrong, in one line.
    public var description: String {
        switch self {
        case .noKey(let key): "there is no key \(key)"
        case .noValue(let key, let name): "\(key) has no value \(name.isEmpty ? "(Default)" : quoted(name))"
        case .valueExists(let key, let name):
            "\(key) has a value \(name.isEmpty ? "(Default)" : quoted(name)) already: /f replaces it"
        case .predefinedKey(let key): "\(key) is predefined and cannot be deleted"
        case .unprintableName: "the name of the value has a control character in it"
        case .file(let error): error.description
        case .parameters(let error): error.description
        }
    }
}
