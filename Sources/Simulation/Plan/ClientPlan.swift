public import SMTP
public import Telephony
public import Timebase

/// A branch office's mail host, which is online only while it has dialled in.
public struct ClientPlan: Sendable {
    /// How it asks for its mail once the link is up.
    public enum Retrieval: String, CaseIterable, Hashable, Sendable {
        /// ETRN for each of its domains (RFC 1985).
        case etrn
        /// The same, again after each flush, until the server says that nothing waits.
        case etrnUntilEmpty = "etrn-until-empty"
        /// ATRN, with the roles reversed on the host's own connection (RFC 2645).
        case atrn
        /// TURN, likewise (RFC 821 §3.8).
        case turn
        /// Finger with the name of each of its domains: a custom command, whose answer is for people to read.
        case finger
        /// Not at all.
        case nothing
    }

    /// An extension that a mail host may offer or not.
    public enum Extension: String, CaseIterable, Hashable, Sendable {
        /// BDAT (RFC 3030).
        case chunking
        /// To go on with a transfer that broke off (RFC 1845).
        case checkpoint
        /// To report to senders what has become of their mail (RFC 3461).
        case dsn
    }

    /// Who it proves to be with AUTH.
    public struct Account: Hashable, Sendable {
        /// The name.
        public var user: String
        /// The password.
        public var password: String
        /// How it proves that it knows the password.
        public var mechanism: SASLMechanism

        /// A name with its password.
        public init(user: String, password: String, mechanism: SASLMechanism) {
            self.user = user
            self.password = password
            self.mechanism = mechanism
        }

        /// What its SMTP client is told. Nobody has TLS in these years.
        public var credentials: SASLCredentials {
            var credentials = SASLCredentials(user: user, password: Array(password.utf8))
            credentials.mechanism = mechanism
            credentials.goesInClear = true
            return credentials
        }
    }

    /// Whose way of sending and asking it has.
    public enum Manner: String, CaseIterable, Hashable, Sendable {
        /// As RFC 1985 has it.
        case standard = "rfc-1985"
        /// The Internet Mail Connector of Exchange 5.5: only what was written when it dialled goes out.
        case exchange = "exchange-5.5"
        /// fetchmail 6.4: one 251 or one refusal ends the asking, and ETRN must be listed.
        case fetchmail
        /// sendmail's etrn.pl: waits for its own SMTP server, and looks at no reply.
        case etrnScript = "etrn.pl"

        /// How it goes from one ETRN to the next.
        public var manner: ETRNManner {
            switch self {
            // A host of these years knew its provider: it asks, whatever EHLO says, and the answer is told.
            case .standard, .exchange:
                ETRNManner(persistence: .afterCompletionOrTransientFailure, isSentUnlisted: true)
            case .fetchmail: .fetchmail
            case .etrnScript: .etrnScript
            }
        }
    }

    /// When it hangs up.
    public enum HangUp: Hashable, Sendable {
        /// When every flush that was promised has ended and the server has closed its connection.
        case whenFlushed
        /// When no datagram has passed for so long.
        case afterIdle(Interval)
        /// So long after the link came up.
        case after(Interval)
        /// Never: the run's end or the server does it.
        case never
    }

    /// The entry of its phone book.
    public struct PhoneBookEntry: Hashable, Sendable {
        /// The RAS number.
        public var number: String
        /// The user name for PAP and CHAP.
        public var user: String
        /// The password.
        public var password: String
        /// How often it dials in all, at least once.
        public var attempts: Int
        /// How long it waits before it dials again.
        public var pause: Interval

        /// An entry; `attempts` counts the first one too.
        public init(number: String, user: String, password: String, attempts: Int, pause: Interval) {
            self.number = number
            self.user = user
            self.password = password
            self.attempts = attempts
            self.pause = pause
        }
    }

    /// Its name in the scenario: `branch`.
    public var name: String
    /// The domains whose mail it takes. Not empty when it retrieves anything.
    public var domains: [Domain]
    /// Its modem.
    public var modem: ModemProfile
    /// Whom it calls.
    public var dials: PhoneBookEntry
    /// How it asks for its mail.
    public var retrieves: Retrieval
    /// Who it proves to be before ATRN or TURN; nil when it cannot.
    public var account: Account?
    /// What it names with ETRN, ATRN or Finger; its domains, one after the other, if nothing else. ATRN then
    /// names none, which stands for all of the account.
    public var asksFor: [ETRNArgument]
    /// Whose way of sending and asking it has.
    public var asksLike: Manner
    /// The extensions that its SMTP server offers besides the usual ones.
    public var offers: Set<Extension>
    /// How long after the link came up its SMTP server begins to listen: a mail host that starts slowly.
    public var listensAfter: Interval
    /// When it hangs up.
    public var hangsUp: HangUp

    /// A client host of these parts.
    public init(
        name: String, domains: [Domain], modem: ModemProfile, dials: PhoneBookEntry, retrieves: Retrieval,
        account: Account? = nil, asksFor: [ETRNArgument] = [], asksLike: Manner = .standard,
        offers: Set<Extension> = [],
        listensAfter: Interval = .zero, hangsUp: HangUp
    ) {
        self.name = name
        self.domains = domains
        self.modem = modem
        self.dials = dials
        self.retrieves = retrieves
        self.account = account
        self.asksFor = asksFor
        self.asksLike = asksLike
        self.offers = offers
        self.listensAfter = listensAfter
        self.hangsUp = hangsUp
    }

    /// Whether it asks again after each flush. Who asks for several domains at once must, or it could not tell when
    /// all of them have come.
    public var asksUntilEmpty: Bool {
        retrieves == .etrnUntilEmpty
            || reversal == nil
                && asksFor.contains { argument in
                    if case .domain = argument { false } else { true }
                }
    }

    /// How long after the link came up it asks. etrn.pl looks for its own SMTP server at once, and after pauses of 2,
    /// 4, 8 and 16 s; then it asks all the same.
    public var asksAfter: Interval {
        guard asksLike == .etrnScript else { return .zero }
        return [0, 2, 6, 14].lazy.map { Interval.seconds($0) }.first { $0 >= listensAfter } ?? .seconds(30)
    }

    /// What it says to have its mail sent over its own connection; nil when it asks in another way, or not.
    public var reversal: Reversal? {
        switch retrieves {
        case .atrn: .atrn(asksFor.compactMap { if case .domain(let domain) = $0 { domain } else { nil } })
        case .turn: .turn
        case .etrn, .etrnUntilEmpty, .finger, .nothing: nil
        }
    }

    /// The arguments of its ETRN commands, or what it asks after by Finger, in order.
    public var etrnArguments: [ETRNArgument] { asksFor.isEmpty ? domains.map { .domain($0) } : asksFor }
}
