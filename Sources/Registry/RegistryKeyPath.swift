/// Where a key stands in the registry: `HKEY_LOCAL_MACHINE\System\CurrentControlSet\…`.
///
/// The spelling is kept for people; comparison ignores case, as the registry does.
public struct RegistryKeyPath: Sendable {
    /// The predefined keys at the top.
    public enum Root: String, CaseIterable, Hashable, Sendable {
        /// HKCR.
        case classesRoot = "HKEY_CLASSES_ROOT"
        /// HKCC.
        case currentConfiguration = "HKEY_CURRENT_CONFIG"
        /// HKCU.
        case currentUser = "HKEY_CURRENT_USER"
        /// HKLM.
        case localMachine = "HKEY_LOCAL_MACHINE"
        /// HKU.
        case users = "HKEY_USERS"

        /// The short name that people write.
        public var abbreviation: String {
            switch self {
            case .classesRoot: "HKCR"
            case .currentConfiguration: "HKCC"
            case .currentUser: "HKCU"
            case .localMachine: "HKLM"
            case .users: "HKU"
            }
        }
    }

    /// The predefined key at the top.
    public let root: Root
    /// The names below it, as they were spelt.
    public let names: [String]
    private let folded: String

    /// The longest name of one key, in characters.
    public static let longestName = 255

    /// The key of these names below a root; each name is 1 to 255 printable characters without a backslash.
    public init(_ root: Root, _ names: [String]) {
        precondition(
            names.allSatisfy { RegistryKeyPath.fault(of: $0) == nil },
            "the name of a key is 1 to 255 printable characters without a backslash")
        self.init(checked: root, names)
    }

    private init(checked root: Root, _ names: [String]) {
        self.root = root
        self.names = names
        folded = ([root.rawValue] + names).map { $0.lowercased() }.joined(separator: "\\")
    }

    fileprivate static func fault(of name: String) -> RegistryKeyPathError? {
        if name.isEmpty { return .emptyName }
        if name.count > longestName { return .nameTooLong }
        return name.unicodeScalars.contains { $0.isControl || $0 == "\\" } ? .unprintable : nil
    }
}

/// Why a text is not the path of a key.
public enum RegistryKeyPathError: Error, Hashable, Sendable {
    /// The first name is none of the predefined keys.
    case unknownRoot(String)
    /// Two backslashes in a row, or one at the beginning or the end.
    case emptyName
    /// A name of more than 255 characters.
    case nameTooLong
    /// A control character.
    case unprintable
}

extension RegistryKeyPath {
    /// Reads `HKLM\System\…` or `HKEY_LOCAL_MACHINE\System\…`, in any case.
    /// - Parameter text: names separated by backslashes, the first one predefined.
    /// - Throws: ``RegistryKeyPathError`` when the text is anything else.
    public init(parsing text: String) throws(RegistryKeyPathError) {
        let parts = text.unicodeScalars.split(separator: "\\", omittingEmptySubsequences: false).map { String($0) }
        let first = parts[0].lowercased()
        let root = Root.allCases.first { $0.rawValue.lowercased() == first || $0.abbreviation.lowercased() == first }
        guard let root else { throw .unknownRoot(parts[0]) }
        for name in parts.dropFirst() {
            if let fault = RegistryKeyPath.fault(of: name) { throw fault }
        }
        self.init(checked: root, Array(parts.dropFirst()))
    }

    /// Whether this key is the other one or stands somewhere below it.
    public func isAtOrBelow(_ other: RegistryKeyPath) -> Bool {
        self == other || folded.unicodeScalars.starts(with: (other.folded + "\\").unicodeScalars)
    }
}

extension RegistryKeyPath: Hashable, Comparable {
    /// Whether both name the same key, whatever the case.
    public static func == (left: RegistryKeyPath, right: RegistryKeyPath) -> Bool { left.folded == right.folded }
    /// Order by name without regard to case: a key comes before the keys below it.
    public static func < (left: RegistryKeyPath, right: RegistryKeyPath) -> Bool { left.folded < right.folded }
    /// Equal keys hash alike, whatever the case.
    public func hash(into hasher: inout Hasher) { hasher.combine(folded) }
}

extension RegistryKeyPath: CustomStringConvertible {
    /// The full path with the root's long name, as a `.reg` file writes it.
    public var description: String { ([root.rawValue] + names).joined(separator: "\\") }
}

extension RegistryKeyPathError: CustomStringConvertible {
    /// What is wrong, in a few words.
    public var description: String {
        switch self {
        case .unknownRoot(let name): "no predefined key is called \(quoted(name)); HKLM is one"
        case .emptyName: "a key without a name: a backslash too many"
        case .nameTooLong: "the name of a key is longer than \(RegistryKeyPath.longestName) characters"
        case .unprintable: "the name of a key has a control character in it"
        }
    }
}

extension Unicode.Scalar {
    /// C0, DEL, C1, and the separators that some editors take for the end of a line.
    var isControl: Bool { value < 0x20 || (0x7F...0x9F).contains(value) || value == 0x2028 || value == 0x2029 }
}

/// A text from a file as an error shows it: one line, in quotes, cut at 40 characters.
func quoted(_ text: String) -> String {
    let shown = text.prefix(40).unicodeScalars.map { $0.isControl ? "?" : String($0) }.joined()
    return "\"\(shown)\(text.count > 40 ? "…" : "")\""
}
