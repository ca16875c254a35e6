/// Why a change or a question to a hive came to nothing.
struct RegistryRefusal: Error {
    /// How the command ends.
    let verdict: Verdict
    /// What is said about it.
    let text: String

    /// There is no such key or value.
    static func missing(_ reason: String) -> RegistryRefusal { .init(verdict: .fails, text: "ringback: \(reason)") }
    /// A file, a type, a range or a path is wrong.
    static func refused(_ reason: String) -> RegistryRefusal { .init(verdict: .refused, text: "ringback: \(reason)") }
    /// A file cannot be written.
    static func unwritten(_ reason: String) -> RegistryRefusal {
        .init(verdict: .unfinished, text: "ringback: \(reason)")
    }
}
