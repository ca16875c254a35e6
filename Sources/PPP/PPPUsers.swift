public import Wire

/// Who may open a link, by name.
///
/// A value and not a question to the outside: a machine never asks. It is looked up and never walked through.
public struct PPPUsers: Sendable {
    /// What is known of a user.
    public struct Entry: Hashable, Sendable {
        /// The user's password or shared secret.
        public var secret: Secret
        /// The address the user gets; nil leaves it to the link's configuration.
        public var address: IPv4Address?

        /// A user with its secret and, if it is always the same, its address.
        public init(secret: Secret, address: IPv4Address? = nil) {
            self.secret = secret
            self.address = address
        }
    }

    private let entries: [String: Entry]

    /// The users of this table. Links that are given the same value share its memory.
    public init(_ entries: [String: Entry] = [:]) { self.entries = entries }

    /// What is known of the user of this name; nil for a stranger.
    public subscript(name: String) -> Entry? { entries[name] }
}
