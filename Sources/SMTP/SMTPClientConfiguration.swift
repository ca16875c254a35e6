public import Timebase

/// How long a client waits for each answer. The defaults are the least that RFC 5321 §4.5.3.2 recommends.
public struct SMTPClientTimeouts: Hashable, Sendable {
    /// For the greeting. Default 5 minutes.
    public var greeting = Interval.minutes(5)
    /// For the reply to EHLO, HELO, ETRN and RSET. Default 5 minutes.
    public var command = Interval.minutes(5)
    /// For the reply to ATRN or TURN: its mail may have to be looked for. Default 10 minutes (RFC 2645 §5.2.1).
    public var reversal = Interval.minutes(10)
    /// For the reply to MAIL. Default 5 minutes.
    public var mail = Interval.minutes(5)
    /// For the reply to RCPT. Default 5 minutes.
    public var recipient = Interval.minutes(5)
    /// For the reply to DATA. Default 2 minutes.
    public var contentStart = Interval.minutes(2)
    /// For some content to be taken by the driver. Default 3 minutes.
    public var contentBlock = Interval.minutes(3)
    /// For the reply to the end of the content. Default 10 minutes.
    public var contentEnd = Interval.minutes(10)
    /// How much longer for each mebibyte of the content: a server that writes or checks a large message is slow to
    /// answer, and who gives up too early sends it twice (RFC 1047). Default 2 minutes.
    public var contentEndForEachMebibyte = Interval.minutes(2)
    /// For the reply to QUIT. Default 5 minutes.
    public var quit = Interval.minutes(5)

    /// The defaults.
    public init() {}

    /// How long the reply to the end of so many octets of content is waited for.
    func contentEnd(of octets: Int) -> Interval {
        // A message of 2^40 octets is waited for as long as a larger one.
        let mebibytes = Int64(min(octets, 1 << 40)) >> 20
        return contentEnd + .nanoseconds(contentEndForEachMebibyte.nanoseconds * mebibytes)
    }
}

/// Whether a client says STARTTLS (RFC 3207, RFC 7435).
public enum TLSPolicy: Hashable, Sendable {
    /// No.
    case never
    /// When the server offers it. If it then fails, the next connection may be made without.
    case ifOffered
    /// Yes; where that is not possible, nothing is sent.
    case always
}

/// What an SMTP client is told once.
public struct SMTPClientConfiguration: Hashable, Sendable {
    /// The name it gives with EHLO: its own, or an address literal when it has none (RFC 5321 §4.1.4).
    public var hostName: Domain
    /// Whether commands are sent in groups when the server offers PIPELINING (RFC 2920). Default true.
    public var usesPipelining = true
    /// How many octets go by one BDAT when the server offers CHUNKING (RFC 3030); nil to use DATA all the same. An
    /// error shows only after the chunk: the default of 32,768 is 8 s at 33,600 bit/s.
    public var chunkSize: Int? = 32_768
    /// How many recipients go in one transaction, at least 1; nil for no limit but the server's own. Default nil.
    public var recipientLimit: Int? { didSet { precondition(recipientLimit ?? 1 >= 1, "a message goes to somebody") } }
    /// What is done about TLS. Default: nothing.
    public var tls = TLSPolicy.never
    /// Who the client proves to be with AUTH; nil when it need not.
    public var credentials: SASLCredentials?
    /// How it goes from one ETRN to the next. Default: as RFC 1985 has it.
    public var etrn = ETRNManner.standard
    /// How long it waits.
    public var timeouts = SMTPClientTimeouts()

    /// The defaults.
    /// - Parameter hostName: the name it gives with EHLO.
    public init(hostName: Domain) { self.hostName = hostName }
}
