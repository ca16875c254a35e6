public import Source

/// A configuration that cannot be used: everything that is wrong with it, in the order of the file.
public struct ConfigurationError: Error, Sendable, CustomStringConvertible {
    /// What is wrong; never empty.
    public let diagnostics: [Diagnostic]

    /// All diagnostics, one after the other.
    public var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}
