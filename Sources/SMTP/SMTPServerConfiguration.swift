public import Timebase

/// What a server does with a carriage return or line feed by itself in content (RFC 5321 §2.3.8 forbids them).
///
/// None of the policies lets one end the content.
public enum BareLineEndPolicy: Hashable, Sendable {
    /// The content is read to its end and refused with 554 5.6.0.
    case refuse
    /// It is stored as CR LF.
    case replace
    /// It is stored as it is.
    case keep
}

/// How much a server takes from one client. The smallest values allowed are those of RFC 5321 §4.5.3.1.
public struct SMTPServerLimits: Hashable, Sendable {
    /// Octets of a command line with its CR LF, at least 512. Default 2048: room for the parameters of extensions.
    public var commandLineLength = 2_048 { didSet { check() } }
    /// Octets of a line of content with its CR LF, at least 1000. Default 1 MiB: mail with longer lines than the RFC
    /// allows exists, and is passed on unchanged up to here.
    public var textLineLength = 1_048_576 { didSet { check() } }
    /// Recipients of one message, at least 100. Default 1000; beyond it 452 4.5.3.
    public var recipients = 1_000 { didSet { check() } }
    /// Octets of a message, at least 1; RFC 5321 §4.5.3.1.7 asks for 65536, and administrators set less. Default
    /// 50 MiB; beyond it 552 5.3.4.
    public var messageSize = 52_428_800 { didSet { check() } }
    /// Received fields in a message, at least 1. Default 100; from there on it is taken for a loop (RFC 5321 §6.3).
    public var hops = 100 { didSet { check() } }
    /// Commands refused with 5yz until the connection is closed with 421; verdicts on recipients and content do not
    /// count. Default 20.
    public var errors = 20 { didSet { check() } }

    /// Proofs that are not true, until the connection is closed with 421; at least 3 (RFC 4954 §9). Default 3.
    public var authenticationFailures = 3 { didSet { check() } }

    /// The defaults.
    public init() {}

    private func check() {
        precondition(
            commandLineLength >= 512 && textLineLength >= 1_000 && recipients >= 100,
            "a limit is not below RFC 5321 §4.5.3.1")
        precondition(hops >= 1 && errors >= 1 && messageSize >= 1, "a limit is at least 1")
        precondition(authenticationFailures >= 3, "RFC 4954 §9 allows three attempts")
    }
}

/// What a server is there for, which its port tells.
public enum SMTPService: String, Hashable, Sendable {
    /// Mail, and all that goes with it: port 25.
    case mail
    /// Submission (RFC 6409): port 587 or 465, where clients prove who they are and send.
    case submission
    /// On-Demand Mail Relay (RFC 2645): port 366, where clients prove who they are and ask for their mail, and nothing
    /// else.
    case onDemandRelay
}

/// What an SMTP server is told once: who it is, what it offers, whom it takes mail for, how patient it is.
public struct SMTPServerConfiguration: Hashable, Sendable {
    /// The server's own name, in the greeting and in trace fields.
    public var hostName: Domain
    /// What it is there for. Default: mail.
    public var service = SMTPService.mail
    /// Whose manner of speaking the server has.
    public let personality: ServerPersonality
    /// Whether the server knows EHLO and what came with it; otherwise it is one of RFC 821, and clients say HELO.
    /// Default true.
    public var speaksESMTP = true
    /// Whether PIPELINING is listed (RFC 2920). Commands in groups are carried out either way.
    public var offersPipelining = true
    /// Whether SIZE is listed and taken (RFC 1870).
    public var offersSize = true
    /// Whether 8BITMIME is listed and BODY is taken (RFC 6152). Octets above 127 are stored unchanged either way.
    public var offersEightBitMIME = true
    /// Whether CHUNKING and BINARYMIME are listed and BDAT is taken (RFC 3030). Default false, as in Exchange 5.5.
    public var offersChunking = false
    /// Whether DSN is listed and its parameters are taken (RFC 3461). Default false.
    public var offersDSN = false
    /// Whether MT-PRIORITY is listed and taken (RFC 6710). Default false.
    public var offersPriority = false
    /// Whether this client may have its mail preferred; if not, a priority above 0 becomes 0 (RFC 6710 §5). Default
    /// false.
    public var trustsPriority = false
    /// Whether DELIVERBY is listed and BY is taken (RFC 2852). Default false.
    public var offersDeliverBy = false
    /// The least time in seconds that a message may ask to be returned after (RFC 2852 §2). Default 0: any.
    public var leastDeliverBy = 0
    /// Whether CHECKPOINT is listed and interrupted transfers go on (RFC 1845). Default false.
    public var offersCheckpoint = false
    /// Whether STARTTLS is listed and taken (RFC 3207), as long as the connection is not secure. Default false.
    public var offersSTARTTLS = false
    /// Whether TLS can be begun at this moment; if not, STARTTLS gets 454. Default true.
    public var tlsIsAvailable = true
    /// The mechanisms of AUTH, best first (RFC 4954). Default none: AUTH gets 502.
    public var mechanisms: [SASLMechanism] = []
    /// Whether mechanisms that send the password are offered without TLS, too. Default false.
    public var takesPasswordsInClear = false
    /// Whether mail is taken only from those who have proved who they are (RFC 6409 §4.3). Default false.
    public var requiresAuthentication = false
    /// Whether SMTPUTF8 is listed, and addresses are taken in UTF-8 (RFC 6531); not without 8BITMIME. Default: as the
    /// personality has it, and the generic one has it not.
    public var offersSMTPUTF8 = false
    /// Whether LIMITS is listed with the number of recipients (RFC 9422). Default false.
    public var offersLimits = false
    /// Whether ENHANCEDSTATUSCODES is listed and replies carry them (RFC 2034).
    public var offersEnhancedStatusCodes = true
    /// Whether ETRN is listed and carried out (RFC 1985); otherwise it gets 502.
    public var offersETRN = true
    /// Whether ATRN is listed and carried out for those who have proved who they are (RFC 2645); otherwise it gets 502.
    /// It is listed only where AUTH is. Default false.
    public var offersATRN = false
    /// Whether TURN is listed (RFC 1869 §4.3) and carried out for those who have proved who they are; otherwise it gets
    /// 502, as RFC 5321 appendix F.1 has it. Default false.
    public var takesTURN = false
    /// Whether `MAIL FROM: <...>` and `RCPT TO: <...>` are taken with a space after the colon, as some old clients say
    /// them. Default false.
    public var allowsSpaceAfterColon = false
    /// Whether there is too little room for mail: MAIL then gets 452, and all else goes on, so that ETRN can make room.
    /// Default false.
    public var isShortOfStorage = false
    /// Whom mail is taken for. Default: nobody but the postmaster.
    public var recipients = RecipientPolicy()
    /// Whether who has proved who it is may send to anybody (RFC 6409 §3.3). Default true.
    public var relaysForAuthenticated = true
    /// Whether this client may send to anybody. Default false.
    public var relaysForAnybody = false
    /// Whether the domains of senders, and of recipients that are nobody's here, are looked up before they are taken:
    /// who has a null MX takes no mail (RFC 7505 §4). Default false.
    public var looksUpDomains = false
    /// What becomes of bare line ends in content. Default: refused.
    public var bareLineEnds = BareLineEndPolicy.refuse
    /// How much is taken.
    public var limits = SMTPServerLimits()
    /// How long the server waits for the next octets. Default and least recommended: 5 minutes (RFC 5321 §4.5.3.2.7).
    public var timeout = Interval.minutes(5)

    /// The defaults, and what the personality offers by its list of keywords; STARTTLS and AUTH are offered only when
    /// they are switched on, too.
    /// - Parameters:
    ///   - hostName: the server's own name.
    ///   - personality: whose manner of speaking it has.
    public init(hostName: Domain, personality: ServerPersonality = .generic) {
        self.hostName = hostName
        self.personality = personality
        if let errors = personality.errors { limits.errors = errors }
        offersPipelining = personality.offers("PIPELINING")
        offersSize = personality.offers("SIZE")
        offersEightBitMIME = personality.offers("8BITMIME")
        offersEnhancedStatusCodes = personality.offers("ENHANCEDSTATUSCODES")
        offersChunking = personality.lists("CHUNKING")
        offersDSN = personality.lists("DSN")
        offersSMTPUTF8 = personality.lists("SMTPUTF8")
    }
}
