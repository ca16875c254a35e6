/// Why a store cannot be opened, or does not work.
public enum StoreError: Error, Hashable, Sendable {
    /// Another process has it open.
    case inUse(path: String)
    /// A later version of this program has written it.
    case newer(path: String, schema: String)
    /// The folder or a file in it cannot be used.
    case unusable(path: String, reason: String)
    /// What is there is no database, or a broken one, or a part of a message is missing. Nothing in it was changed.
    case damaged(path: String, reason: String)
}

extension StoreError: CustomStringConvertible {
    /// The error as an operator reads it.
    public var description: String {
        switch self {
        case .inUse(let path):
            "\(path): another process has this store open; stop it first, or ask it (`ringback queue` does)"
        case .newer(let path, let schema):
            "\(path): written by a later version of ringback (schema \(schema)); use that version"
        case .unusable(let path, let reason): "\(path): \(reason)"
        case .damaged(let path, let reason):
            "\(path): damaged (\(reason)); nothing was changed; keep a copy before you try to mend it"
        }
    }
}
