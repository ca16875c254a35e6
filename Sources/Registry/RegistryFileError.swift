/// Why a text is not a `.reg` file, and where.
public struct RegistryFileError: Error, Hashable, Sendable {
    /// What is wrong.
    public enum Problem: Hashable, Sendable {
        /// Neither UTF-16 with a byte order mark nor UTF-8.
        case encoding
        /// The first line is neither `Windows Registry Editor Version 5.00` nor `REGEDIT4`.
        case signature(String)
        /// `[` without a `]` at the end of the line.
        case unclosedKey
        /// The path between the brackets is none.
        case key(RegistryKeyPathError)
        /// `[-HKEY_LOCAL_MACHINE]`: a predefined key cannot be deleted.
        case deletesRoot
        /// A value before the first key, or below a key that is deleted.
        case valueWithoutKey
        /// A line that is neither a key nor `"name"=value` nor a comment.
        case notAnEntry(String)
        /// What stands right of the equals sign cannot be set.
        case value(RegistryValueError)
    }

    /// The line, counted from 1; of a value that takes several, the first.
    public let line: Int
    /// What is wrong there.
    public let problem: Problem
}

extension RegistryFileError: CustomStringConvertible {
    /// `line 4: …`: where, what was found, what was expected.
    public var description: String { "line \(line): \(problem)" }
}

extension RegistryFileError.Problem: CustomStringConvertible {
    /// What was found and what was expected.
    public var description: String {
        switch self {
        case .encoding: "the file is neither UTF-16 with a byte order mark nor UTF-8"
        case .signature(let found):
            "the first line is \(quoted(found)), not \"Windows Registry Editor Version 5.00\" or \"REGEDIT4\""
        case .unclosedKey: "a key has no ] at the end of its line"
        case .key(let error): error.description
        case .deletesRoot: "a predefined key cannot be deleted"
        case .valueWithoutKey: "a value stands below no key"
        case .notAnEntry(let line): "\(quoted(line)) is neither [key] nor \"name\"=value nor a comment"
        case .value(let error): error.description
        }
    }
}
