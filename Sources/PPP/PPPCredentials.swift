/// Who this end says it is, and how it proves it.
public struct PPPCredentials: Hashable, Sendable {
    /// The name sent in PAP and CHAP.
    public var name: String
    /// The password or shared secret.
    public var secret: Secret

    /// A name and its secret, each of at most 255 octets: PAP can carry no more.
    public init(name: String, secret: Secret) {
        precondition(name.utf8.count <= 255 && secret.octets.count <= 255, "PAP counts name and password with an octet")
        self.name = name
        self.secret = secret
    }
}
