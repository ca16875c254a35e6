/// How a server treats ETRN: which forms of the argument it takes, what it says, and what it does wrong.
///
/// RFC 1985 leaves much open, and no two servers agree: nearly every one says 250 when nothing waits, and some say it
/// of names that they have never heard.
public struct ETRNPolicy: Hashable, Sendable {
    /// What becomes of an argument in one of its forms.
    public enum Form: Hashable, Sendable {
        /// It means what RFC 1985 says.
        case asWritten
        /// The `@` or `#` is left aside, and the rest is a domain.
        case plainName
        /// It is refused.
        case refused
    }

    /// What servers do against RFC 1985, or beside it.
    public enum Fault: String, Hashable, Sendable, CaseIterable {
        /// Whether mail waits or not, the queue is said to be started: 250, and never 251, 252 or 253.
        case onlySaysStarted = "only-says-started"
        /// A name for which no mail is held gets the 250 of one that was started.
        case takesUnknownNames = "takes-unknown-names"
        /// The reply has two lines; a client that reads one takes every later reply for that of the command before.
        case answersInTwoLines = "answers-in-two-lines"
        /// A bad argument gets the 500 of a missing one instead of 501.
        case saysSyntaxError = "500-for-501"
        /// ETRN is carried out in the middle of a mail transaction, which goes on afterwards.
        case ignoresTransaction = "ignores-transaction"
        /// Nobody looks who asks: any client may start any queue.
        case servesAnybody = "serves-anybody"
        /// ETRN is taken and not listed in the reply to EHLO.
        case isUnlisted = "unlisted"
        /// ETRN is listed although it is switched off.
        case isListedWhenDisabled = "listed-when-disabled"
    }

    /// What becomes of `domain.example`.
    public var plainForm = Form.asWritten
    /// What becomes of `@domain.example`.
    public var atForm = Form.asWritten
    /// What becomes of `#queue`.
    public var hashForm = Form.asWritten
    /// What is said instead of the replies of RFC 1985.
    public var replies: [ETRNSituation: ReplyForm] = [:]
    /// What is done wrong.
    public var faults: Set<Fault> = []
    /// So many ETRNs of one session are free; each further one counts as an error. Nil for any number.
    public var allowance: Int?

    /// The words of RFC 1985 §5.1 for what a fault can make of another situation.
    private static let standard: [ETRNSituation: ReplyForm] = [
        .started: "250 2.0.0 OK, queuing for node {name} started",
        .noArgument: "500 5.5.2 Syntax: ETRN domain",
    ]

    /// As RFC 1985 has it.
    public init() {}

    /// Whether something is done wrong.
    public func has(_ fault: Fault) -> Bool { faults.contains(fault) }

    /// What the server takes an argument for.
    /// - Returns: what the queue is asked, or how it stands with an argument that never gets there.
    func reading(_ argument: ETRNArgument) -> Result<ETRNArgument, UnreadArgument> {
        let (form, name) =
            switch argument {
            case .domain(let domain): (plainForm, "\(domain)")
            case .domainAndSubdomains(let domain): (atForm, "\(domain)")
            case .queue(let name): (hashForm, name)
            }
        switch form {
        case .asWritten: return .success(argument)
        case .refused: return .failure(UnreadArgument(situation: .formNotTaken))
        case .plainName:
            guard case .domain(let domain) = try? ETRNArgument(parsing: name) else {
                return .failure(UnreadArgument(situation: argument.isQueue ? .unknownQueue : .notQualified))
            }
            return .success(.domain(domain))
        }
    }

    /// Why an argument never gets to the queue.
    struct UnreadArgument: Error {
        let situation: ETRNSituation
    }

    /// The name as the server repeats it: without the `@` or `#` that it leaves aside.
    func name(of argument: String) -> String {
        switch argument.first {
        case "@" where atForm == .plainName, "#" where hashForm == .plainName: String(argument.dropFirst())
        default: argument
        }
    }

    /// What is said, before its gaps are filled; nil when it is what RFC 1985 says.
    func form(in situation: ETRNSituation) -> ReplyForm? {
        let seen = seen(situation)
        return replies[seen] ?? (seen == situation ? nil : ETRNPolicy.standard[seen])
    }

    /// The situation as a server with these faults sees it.
    private func seen(_ situation: ETRNSituation) -> ETRNSituation {
        switch situation {
        case .unknownName: has(.takesUnknownNames) ? .started : situation
        case .nothingWaiting, .waiting: has(.onlySaysStarted) ? .started : situation
        case .notQualified, .badArgument, .badQueueName: has(.saysSyntaxError) ? .noArgument : situation
        default: situation
        }
    }
}

extension ETRNArgument {
    /// Whether it names a queue by its local name.
    var isQueue: Bool { if case .queue = self { true } else { false } }
}

extension ETRNSituation {
    /// How it stands with what names no queue.
    init(_ error: ETRNArgumentError) {
        self =
            switch error {
            case .empty: .noArgument
            case .notQualified: .notQualified
            case .badQueueName: .badQueueName
            case .badDomain, .addressLiteral: .badArgument
            }
    }
}
