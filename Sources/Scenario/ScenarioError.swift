public import Source

/// A scenario that cannot be run: everything that is wrong with it, in the order of the file.
public struct ScenarioError: Error, Sendable, CustomStringConvertible {
    /// What is wrong; never empty.
    public let diagnostics: [Diagnostic]

    /// All diagnostics, one after the other.
    public var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}
