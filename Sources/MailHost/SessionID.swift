/// What a mail host calls the session on a connection. A name is used once: that of a session that is over means
/// nothing.
public struct SessionID: Codable, Hashable, Sendable {
    /// Its place: that of a session that is over is used again, so that a driver may keep what is its own in a row.
    public let slot: Int
    let serial: Int
}
