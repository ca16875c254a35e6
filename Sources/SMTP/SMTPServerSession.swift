public import Timebase

/// One SMTP connection as the server sees it (RFC 5321 §3 and §4.3; ETRN, RFC 1985).
///
/// Tell the session what happened and when; do the actions it puts into the outbox, in order; take its output and send
/// it; wake it no later than its ``deadline``. Commands are carried out strictly in their order: while the driver owes
/// an answer to ``Action/startQueue(_:)`` or ``Action/store(_:)``, what the client sends further waits here. Content
/// may be taken while it comes, so that no message need be whole in memory.
///
///     connected ──EHLO──▶ greeted ──MAIL──▶ transaction ──DATA──▶ content ──CR LF . CR LF──▶ store, then greeted
///                            └──ETRN──▶ startQueue, then greeted
///
/// After ATRN or TURN the session ends with ``Action/reverse``, and a ``SMTPClientSession`` takes its place on the same
/// connection.
public struct SMTPServerSession: Sendable {
    /// What the driver is to do.
    public enum Action: Hashable, Sendable {
        /// Ask the queue, then call ``SMTPServerSession/etrnAnswered(_:at:into:)``.
        case startQueue(ETRNArgument)
        /// Content begins to come: ``SMTPServerSession/exchangeContent(for:)`` gives what has come of it, at any time
        /// from now on. Whether it is wanted in the end is said by ``store(_:)`` or ``discardContent``.
        case beginContent(Envelope)
        /// Take what is left of the content, store the message safely, then call
        /// ``SMTPServerSession/messageStored(id:at:into:)`` or ``SMTPServerSession/messageRefused(_:at:into:)``. The
        /// envelope now says whether the content has octets above 127.
        case store(Envelope)
        /// Forget what was taken of the content: it broke off, or was refused.
        case discardContent
        /// Look for a transfer of that name that broke off, then call
        /// ``SMTPServerSession/checkpointFound(_:at:into:)``. It must be one of the same client, by ``clientName`` and
        /// whatever else is known of it.
        case findCheckpoint(TransactionID)
        /// The content broke off, and the client may go on with it: keep whole lines of it, with the envelope.
        case keepContent(TransactionID, Envelope)
        /// The client knows what became of that transfer: nothing more need be kept of it.
        case forgetCheckpoint(TransactionID)
        /// Find out in DNS whether a domain takes mail at all, then call
        /// ``SMTPServerSession/domainLookedUp(takesMail:at:into:)``.
        case lookUp(Domain)
        /// Make a challenge that nobody can foresee, `<random.time@host>`, then call
        /// ``SMTPServerSession/challengeMade(_:at:into:)`` (RFC 2195 §2).
        case makeChallenge
        /// Look up what is stored for a user, then call ``SMTPServerSession/scramChallengeMade(_:at:into:)``.
        case makeSCRAMChallenge(user: String)
        /// Find out whether the proof is true, then call
        /// ``SMTPServerSession/authenticated(as:serverSignature:at:into:)`` or
        /// ``SMTPServerSession/authenticationRefused(_:at:into:)``.
        case verify(SASLProof)
        /// Ask the queue what waits for ``SMTPServerSession/identity``, then call
        /// ``SMTPServerSession/reversalGranted(at:into:)`` or ``SMTPServerSession/reversalRefused(_:at:into:)``.
        case askReversal(Reversal)
        /// Let a ``SMTPClientSession`` that is made of this session take its place, before anything else is done with
        /// the connection. What is left of the output goes with it.
        case reverse
        /// Send the output that is left, then begin TLS as its server; then call
        /// ``SMTPServerSession/tlsStarted(at:)``, or close the connection if that fails.
        case startTLS
        /// Send the output that is left, then close the connection. Nothing comes after it.
        case close
    }

    /// How far the session has come.
    public enum State: Hashable, Sendable {
        /// The driver has not yet reported a connection.
        case unconnected
        /// The greeting was a refusal: only QUIT is carried out (RFC 5321 §3.1).
        case refused
        /// Greeted, and no EHLO or HELO yet.
        case connected
        /// EHLO or HELO was accepted; no mail transaction.
        case greeted
        /// MAIL was accepted.
        case transaction
        /// 354 was sent: everything is content.
        case content
        /// BDAT was taken: so many octets are content, or are thrown away.
        case chunk
        /// The driver owes an answer about ETRN.
        case queueAsked
        /// The driver owes an answer about a message.
        case storing
        /// The driver owes an answer about ATRN or TURN.
        case reversalAsked
        /// A client session was to take this one's place.
        case reversed
        /// The client owes a response to a challenge of AUTH.
        case authenticating
        /// The driver owes an answer about AUTH.
        case authenticationAsked
        /// The driver is to begin TLS.
        case startingTLS
        /// The driver owes an answer about a transfer that broke off.
        case checkpointAsked
        /// The driver owes an answer about the domain of a sender or recipient.
        case domainAsked
        /// The driver was told to close.
        case closed
    }

    /// What the server is told once. Changes hold from the next command on.
    public var configuration: SMTPServerConfiguration
    /// How far the session has come.
    public internal(set) var state = State.unconnected
    /// The name the client gave; nil before EHLO or HELO.
    public internal(set) var clientName: Domain?
    /// How the client greeted.
    public internal(set) var transfer = TransferProtocol.smtp
    /// Whether the client has said QUIT: it has got what it came for.
    public internal(set) var hasQuit = false
    /// When the session must next be told the time, if ever.
    public internal(set) var deadline: Instant?

    var transaction: Envelope?
    var refusedRecipients = 0
    /// MAIL or RCPT, whose domain is being looked up.
    var commandAsked: SMTPCommand?
    var receiver: ContentReceiver?
    /// Whether the driver has heard of content and not yet what becomes of it.
    var contentIsOpen = false
    var chunk: Chunk?
    /// Whether a chunk was refused: nothing but RSET helps.
    var transactionHasFailed = false
    /// Whether the connection is secured by TLS.
    public internal(set) var isSecure = false
    /// Who the client has proved to be.
    public internal(set) var identity: String?
    /// How far AUTH has come.
    var exchange: SASLExchange?
    var authenticationFailures = 0
    /// What the client calls the transfer under way.
    public internal(set) var transactionID: TransactionID?
    /// What is stored of it from before.
    var resumedFrom: Int?
    /// The transfer whose fate the client has been told last.
    var settledID: TransactionID?
    var output = OutputBuffer()
    private var line: [UInt8] = []
    private var lineIsTooLong = false
    private var isFirstOctet = true
    /// What came while an answer was due.
    var waiting: [UInt8] = []
    var peerHasClosed = false
    private var errors = 0
    /// What ETRN named, as it was written, and how often it came.
    var etrnName = ""
    var etrnCount = 0

    /// How many octets of what the client has said wait here to be understood.
    var keptOctets: Int { line.count + waiting.count }

    /// A session that waits for its connection.
    public init(configuration: SMTPServerConfiguration) { self.configuration = configuration }

    // MARK: What happened

    /// The connection stands: the greeting becomes output (RFC 5321 §3.1).
    /// - Parameters:
    ///   - now: the time.
    ///   - date: what the calendar says; some servers greet with it.
    ///   - isSecure: whether TLS stands already (RFC 8314 §3).
    public mutating func connected(
        at now: Instant, date: CalendarDate = CalendarDate(nanosecondsSince1970: 0), isSecure: Bool = false
    ) {
        precondition(state == .unconnected, "a session has one connection")
        self.isSecure = isSecure
        state = .connected
        deadline = now + configuration.timeout
        output.append(reply(on: .greeting, about: .calendar(date)), showsEnhancedStatus: false)
    }

    /// The connection stands, but this client gets no service.
    /// - Parameters:
    ///   - reply: 554 or 521, which stands for the greeting.
    ///   - now: the time.
    public mutating func connected(refusingWith reply: SMTPReply, at now: Instant) {
        precondition(state == .unconnected, "a session has one connection")
        state = .refused
        deadline = now + configuration.timeout
        output.append(reply, showsEnhancedStatus: false)
    }

    /// Octets arrived, split in any way.
    public mutating func receive(_ octets: RawSpan, at now: Instant, into outbox: inout Outbox<Action>) {
        guard state != .closed, octets.byteCount > 0 else { return }
        precondition(state != .unconnected, "octets arrive on a connection")
        guard !answerIsDue else { return waiting.append(octets, 0..<octets.byteCount) }
        deadline = now + configuration.timeout
        process(octets, at: now, into: &outbox)
    }

    /// The client will send nothing more. Commands already sent are carried out; an open transaction is dropped
    /// (RFC 5321 §4.1.1.10).
    public mutating func peerClosed(at now: Instant, into outbox: inout Outbox<Action>) {
        peerHasClosed = true
        if !answerIsDue { close(into: &outbox) }
    }

    /// The queue answered ETRN. An answer that comes after the session's end, as a store may have been at work when the
    /// server was shut down, is told to nobody; so are those that follow.
    public mutating func etrnAnswered(_ answer: ETRNAnswer, at now: Instant, into outbox: inout Outbox<Action>) {
        guard state != .closed else { return }
        precondition(state == .queueAsked, "an answer follows startQueue")
        // A server that takes ETRN in a transaction goes on with it.
        state = transaction == nil ? .greeted : .transaction
        say(etrnReply(in: answer.situation, messages: answer.messages, otherwise: answer.reply))
        goOn(at: now, into: &outbox)
    }

    /// The message is stored safely: from here on it is the server's (RFC 5321 §4.2.5).
    /// - Parameters:
    ///   - id: what the server calls the message, for the reply's text.
    ///   - now: the time.
    ///   - outbox: where actions go.
    public mutating func messageStored(id: String, at now: Instant, into outbox: inout Outbox<Action>) {
        guard state != .closed else { return }
        precondition(state == .storing, "an answer follows store")
        settle(into: &outbox)
        say(.stored, about: .message(id: id))
        goOn(at: now, into: &outbox)
    }

    /// The message could not be stored, or is not wanted: a 4yz or 5yz reply. It must not be delivered.
    public mutating func messageRefused(_ reply: SMTPReply, at now: Instant, into outbox: inout Outbox<Action>) {
        guard state != .closed else { return }
        precondition(state == .storing, "an answer follows store")
        precondition(reply.kind == .transientFailure || reply.kind == .permanentFailure, "a refusal is 4yz or 5yz")
        resume(with: reply, at: now, into: &outbox)
    }

    /// What is known of the transfer that MAIL has named.
    /// - Parameters:
    ///   - checkpoint: how far it had come; nil when it is a new one.
    ///   - now: the time.
    ///   - outbox: where actions go.
    public mutating func checkpointFound(
        _ checkpoint: Checkpoint?, at now: Instant, into outbox: inout Outbox<Action>
    ) {
        guard state != .closed else { return }
        precondition(state == .checkpointAsked, "an answer follows findCheckpoint")
        resumeTransfer(checkpoint, into: &outbox)
        goOn(at: now, into: &outbox)
    }

    /// The time has come, or any other time: says 421 when the client was silent too long (RFC 5321 §4.5.3.2.7).
    public mutating func deadlineReached(at now: Instant, into outbox: inout Outbox<Action>) {
        guard let deadline, now >= deadline else { return }
        say(.timedOut)
        close(into: &outbox)
    }

    /// The server stops: says 421 and closes (RFC 5321 §3.8). A message for which an answer is due gets none; its
    /// client will send it again.
    public mutating func shutDown(at now: Instant, into outbox: inout Outbox<Action>) {
        guard state != .closed else { return }
        say(.shuttingDown(configuration.hostName))
        close(into: &outbox)
    }

    /// There is no room for the content that is coming: it is read to its end and gets 452. Outside of content nothing
    /// happens.
    public mutating func dropContent() { if contentIsOpen { receiver?.dropContent() } }

    // MARK: What comes out

    /// Takes output to send.
    /// - Parameters:
    ///   - room: how many octets the driver has room for.
    ///   - octets: where they are appended.
    public mutating func takeOutput(upTo room: Int, into octets: inout [UInt8]) {
        _ = output.take(upTo: room, into: &octets)
    }

    /// Takes what has come of a message's content since this was last called, as it was before dot-stuffing, in lines
    /// that end with CR LF. Who takes none has the whole message in the end.
    ///
    /// The buffer changes hands, so that one can serve many sessions: lend it before octets are received, take it back
    /// full.
    /// - Parameter buffer: empty, for what comes next; afterwards what has come. Outside of content nothing happens.
    public mutating func exchangeContent(for buffer: inout [UInt8]) { receiver?.exchangeContent(for: &buffer) }

    // MARK: What can be known

    /// How many octets of output wait for the driver.
    public var pendingOutputCount: Int { output.count }

    /// How many octets of a message's content wait here until the driver takes them.
    public var keptContentCount: Int { receiver?.count ?? 0 }

    /// The envelope of the transaction under way, if any.
    public var openEnvelope: Envelope? { transaction }

    /// Whether the driver should go on reading. While it should not, octets that it hands over all the same are kept,
    /// so a driver that reads on anyway lets its client fill memory.
    public var wantsInput: Bool { state != .closed && !answerIsDue && output.count < 16_384 }

    /// Whether no transaction is under way, nor anything else that the client waits for.
    public var isBetweenTransactions: Bool {
        switch state {
        case .connected, .greeted, .refused, .authenticating: true
        default: false
        }
    }

    /// Whether ETRN is offered; may change at any time.
    public var offersETRN: Bool {
        get { configuration.offersETRN }
        set { configuration.offersETRN = newValue }
    }

    /// The Received field for a message whose content begins (RFC 5321 §4.4).
    /// - Parameters:
    ///   - clientAddress: the address of the connection as text, without brackets.
    ///   - id: what the server calls the message.
    ///   - envelope: the message's envelope; its recipient is named if it is the only one.
    ///   - date: what the calendar says.
    /// - Returns: the folded field with its line ends.
    public func traceField(clientAddress: String, id: String, envelope: Envelope, date: CalendarDate) -> [UInt8] {
        TraceField.received(
            from: clientName ?? configuration.hostName, clientAddress: clientAddress, by: configuration.hostName,
            with: transfer.registeredName(
                isSMTPUTF8: envelope.isSMTPUTF8, isSecure: isSecure, isAuthenticated: identity != nil),
            id: id, for: envelope.forwardPaths.count == 1 ? envelope.forwardPaths.first : nil, at: date)
    }

    /// Whether the driver owes an answer. Until it is given what comes from the client is only kept: a driver that does
    /// not read meanwhile lets TCP hold the client back, however much it pipelines.
    public var answerIsDue: Bool {
        switch state {
        case .queueAsked, .storing, .checkpointAsked, .domainAsked, .authenticationAsked, .reversalAsked: true
        default: false
        }
    }

    // MARK: How it works

    /// Refuses a command; after too many of them the client is told to go.
    mutating func refuse(_ reply: SMTPReply, into outbox: inout Outbox<Action>) {
        guard countError(into: &outbox) else { return }
        say(reply)
    }

    mutating func refuse(_ occasion: ReplyOccasion, into outbox: inout Outbox<Action>) {
        guard countError(into: &outbox) else { return }
        say(occasion)
    }

    /// Counts one more error.
    /// - Returns: whether the session goes on.
    mutating func countError(into outbox: inout Outbox<Action>) -> Bool {
        errors += 1
        guard errors >= configuration.limits.errors else { return true }
        say(.tooManyErrors)
        close(into: &outbox)
        return false
    }

    mutating func close(into outbox: inout Outbox<Action>) {
        guard state != .closed else { return }
        state = .closed
        deadline = nil
        dropTransaction(keepsContent: true, into: &outbox)
        line = []
        waiting = []
        commandAsked = nil
        outbox.append(.close)
    }

    mutating func dropTransaction(keepsContent: Bool = false, into outbox: inout Outbox<Action>) {
        if contentIsOpen {
            if keepsContent, let transactionID, let transaction, receiver?.fault == nil {
                outbox.append(.keepContent(transactionID, transaction))
            } else {
                outbox.append(.discardContent)
            }
        }
        contentIsOpen = false
        transactionID = nil
        resumedFrom = nil
        transaction = nil
        receiver = nil
        chunk = nil
        transactionHasFailed = false
        refusedRecipients = 0
    }

    mutating func resume(with reply: SMTPReply, at now: Instant, into outbox: inout Outbox<Action>) {
        settle(into: &outbox)
        say(reply)
        goOn(at: now, into: &outbox)
    }

    /// The transaction is over, and its fate is what is said next.
    private mutating func settle(into outbox: inout Outbox<Action>) {
        state = .greeted
        settledID = transactionID
        dropTransaction(into: &outbox)
    }

    /// Carries out what came while an answer was due.
    mutating func goOn(at now: Instant, into outbox: inout Outbox<Action>) {
        deadline = now + configuration.timeout
        let held = waiting
        waiting = []
        process(held.span.bytes, at: now, into: &outbox)
        if peerHasClosed, !answerIsDue { close(into: &outbox) }
    }

    private mutating func process(_ octets: RawSpan, at now: Instant, into outbox: inout Outbox<Action>) {
        var index = 0
        while index < octets.byteCount, state != .closed {
            if answerIsDue {
                deadline = nil
                return waiting.append(octets, index..<octets.byteCount)
            }
            switch state {
            case .content: takeContent(octets, &index, into: &outbox)
            case .chunk: takeChunk(octets, &index, into: &outbox)
            // What stands behind STARTTLS in the clear may be anybody's (RFC 3207 §5): it is never read.
            // Nor does anything come here once the roles are reversed.
            case .startingTLS, .reversed: close(into: &outbox)
            default: takeLine(octets, &index, into: &outbox)
            }
        }
        if answerIsDue { deadline = nil }
    }

    // Only CR LF ends a line; a line feed by itself stays in it and makes it no command (RFC 5321 §2.3.8).
    private mutating func takeLine(_ octets: RawSpan, _ index: inout Int, into outbox: inout Outbox<Action>) {
        if isFirstOctet {
            isFirstOctet = false
            // A TLS handshake: it may hold no CR LF to wait for.
            guard octets.octet(at: index) != 0x16 else { return refuseForeignProtocol(into: &outbox) }
        }
        let end = OctetSearch.firstLineFeed(in: octets, from: index)
        let isEnded = end < octets.byteCount
        let part = index..<(isEnded ? end + 1 : end)
        index = part.upperBound
        let endsWithCarriageReturn =
            isEnded && (part.count > 1 ? octets.octet(at: end - 1) : line.last) == .carriageReturn
        let limit = state == .authenticating ? SASLExchange.lineLength : configuration.limits.commandLineLength
        if line.count + part.count > limit { lineIsTooLong = true }
        if lineIsTooLong {
            // Kept is only what tells whether the next line feed follows a carriage return.
            line = part.isEmpty ? line : [octets.octet(at: part.upperBound - 1)]
        } else {
            line.append(octets, part)
        }
        guard endsWithCarriageReturn else { return }
        let whole = line
        let wasTooLong = lineIsTooLong
        line = []
        lineIsTooLong = false
        if state == .authenticating {
            return takeResponse(wasTooLong ? nil : whole.dropLast(2), into: &outbox)
        }
        guard !wasTooLong else { return refuse(CommandError.lineTooLong.reply, into: &outbox) }
        do throws(CommandError) {
            let command = try SMTPCommand(
                parsing: whole.dropLast(2), allowsSpaceAfterColon: configuration.allowsSpaceAfterColon,
                in: takesSMTPUTF8 ? .utf8 : .ascii)
            carryOut(command, into: &outbox)
        } catch {
            refuse(error, of: whole.dropLast(2), into: &outbox)
        }
    }

    private mutating func refuse(
        _ error: CommandError, of line: ArraySlice<UInt8>, into outbox: inout Outbox<Action>
    ) {
        switch error {
        case .foreignProtocol: refuseForeignProtocol(into: &outbox)
        case _ where state == .refused: refuse(.noService, into: &outbox)
        case .badETRNArgument where !configuration.offersETRN: refuseETRN(.disabled, into: &outbox)
        case .badChunk where !configuration.offersChunking, .badATRNArgument where !configuration.offersATRN:
            refuse(.notImplemented, into: &outbox)
        case .badChunk:
            say(error.reply)
            close(into: &outbox)
        case .badETRNArgument(let reason): refuseETRN(reason, of: line, into: &outbox)
        case .unknownCommand: refuse(.unknownCommand, into: &outbox)
        case .notImplemented: refuse(.notImplemented, into: &outbox)
        default: refuse(error.reply, into: &outbox)
        }
    }

    private mutating func refuseForeignProtocol(into outbox: inout Outbox<Action>) {
        say(CommandError.foreignProtocol.reply)
        close(into: &outbox)
    }
}
