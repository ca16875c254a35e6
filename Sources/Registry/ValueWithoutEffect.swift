/// A value below the Internet Mail Connector's key that is kept and does nothing here.
public struct ValueWithoutEffect: Hashable, Sendable {
    /// Its name, as it was first spelt.
    public let name: String
    /// What it means in Exchange; nil when that is not known.
    public let known: ExchangeValue?
}

extension ValueWithoutEffect: CustomStringConvertible {
    /// `RootDir is without effect here (in Exchange it names the folder of the queues; KB Q244048)`.
    public var description: String {
        guard let row = known?.row else {
            return "\(name.isEmpty ? "(Default)" : name) is without effect here: it is not known"
        }
        return "\(name) is without effect here (in Exchange it \(row.meaning); KB \(row.source))"
    }
}
