/// How the octets of a message's content are to be taken (RFC 6152 §2, RFC 3030 §3).
public enum BodyType: Hashable, Sendable {
    /// US-ASCII only.
    case sevenBit
    /// Octets above 127 occur and must arrive unchanged.
    case eightBitMIME
    /// Any octets in any order: there may be no lines. It travels by BDAT alone.
    case binaryMIME
}

/// What MAIL and RCPT said about a message: everything but its content.
public struct Envelope: Hashable, Sendable {
    /// Where reports go.
    public var reversePath: ReversePath
    /// The recipients, in the order in which they were accepted, each once.
    public var forwardPaths: [ForwardPath]
    /// What the content is made of.
    public var body: BodyType
    /// Whether its addresses and header may be in UTF-8 (RFC 6531): it only goes to hosts that know SMTPUTF8, if so.
    public var isSMTPUTF8 = false
    /// The size the client announced, in octets of content (RFC 1870 §6); nil when it announced none.
    public var declaredSize: Int?
    // None or one. Most envelopes have none, and wait by the million: an empty array is eight octets.
    private var givenOptions: [DeliveryOptions] = []

    /// An envelope from its parts.
    /// - Parameters:
    ///   - reversePath: where reports go.
    ///   - forwardPaths: the recipients.
    ///   - body: what the content is made of.
    ///   - declaredSize: the announced size in octets.
    public init(
        reversePath: ReversePath, forwardPaths: [ForwardPath] = [], body: BodyType = .sevenBit, declaredSize: Int? = nil
    ) {
        self.reversePath = reversePath
        self.forwardPaths = forwardPaths
        self.body = body
        self.declaredSize = declaredSize
    }

    /// What else was asked for.
    public var options: DeliveryOptions {
        get { givenOptions.first ?? DeliveryOptions() }
        set { givenOptions = newValue == DeliveryOptions() ? [] : [newValue] }
    }
}
