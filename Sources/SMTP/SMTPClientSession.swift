public import Timebase

/// One SMTP connection as the client sees it (RFC 5321 §3; PIPELINING, RFC 2920; ETRN, RFC 1985).
///
/// Tell the session what happened and when; do the actions it puts into the outbox, in order; pull its output and send
/// it; wake it no later than its ``deadline``. It reads and writes independently, so that a group of commands larger
/// than the window of the connection cannot block (RFC 2920 §3.1).
///
///     greeting ─▶ hello ─┬▶ etrn … ─────────────────────────────────────▶ quitting ─▶ closed
///                        └▶ idle ─▶ envelope ─┬▶ content ─▶ contentEnd ─▶ idle … ─┘
///                                             └▶ chunks ─────────────────▶ idle …
///
/// When ATRN or TURN is granted the session ends with ``Action/reverse``, and a ``SMTPServerSession`` takes its place
/// on the same connection.
public struct SMTPClientSession: Sendable {
    /// What the connection is for.
    public enum Purpose: Hashable, Sendable {
        /// To have queues started: ETRN for each, then QUIT.
        case etrn([ETRNArgument])
        /// To hand over messages until the driver has no more.
        case delivery
        /// To get mail over this very connection: ATRN or TURN, then the roles are reversed, or QUIT.
        case reversal(Reversal)
        /// To say these lines after the greeting, then QUIT: for trying out what a server makes of them.
        case dialogue([String])
    }

    /// What the driver is to do or to know.
    public enum Action: Hashable, Sendable {
        /// The server's first reply.
        case greeted(SMTPReply)
        /// What the server offers; nothing, when it knows only HELO.
        case extensions(OfferedExtensions)
        /// Answer with ``SMTPClientSession/answer(_:at:into:)``.
        case wantsAnswer(SASLQuestion)
        /// The client has proved who it is.
        case authenticated
        /// Begin TLS as its client; then call ``SMTPClientSession/tlsStarted(at:)``, or close the connection if that
        /// fails.
        case startTLS
        /// The server's answer to one ETRN.
        case etrnReply(SMTPReply, ETRNArgument)
        /// The server's answer to ATRN or TURN: 250, and ``reverse`` follows; 453, and nothing waits; another 4yz, and
        /// it may be asked later; 5yz, and something is not as the client believes (RFC 2645 §5.2.1).
        case reversalAnswered(SMTPReply)
        /// Let a ``SMTPServerSession`` that is made of this session take its place, before anything else is done with
        /// the connection: it speaks first.
        case reverse
        /// The server's answer to a line of a dialogue.
        case lineAnswered(String, SMTPReply)
        /// Call ``SMTPClientSession/nextMessage(_:at:into:)``, now or later.
        case wantsMessage
        /// These recipients are not among those of the transaction under way, since the server takes no more of them
        /// in one, or the client sends to no more. Offer the message again for them, when this transaction has ended.
        case recipientsLeft([ForwardPath])
        /// The server takes no more in this session (RFC 9422): the message was not sent, and QUIT is on its way. Offer
        /// it again over another connection.
        case sessionFull
        /// MAIL is on its way: from here on the message is in flight.
        case messageStarted
        /// The server has so many octets of the content from an attempt that broke off: what is handed over by
        /// ``SMTPClientSession/send(content:)`` begins after them.
        case resumed(at: Int)
        /// One recipient was refused; permanently, or to be tried again. The others go on.
        case recipientRefused(ForwardPath, SMTPReply, permanent: Bool)
        /// The server is responsible for the message, for all recipients that were neither refused nor left.
        case messageAccepted(SMTPReply)
        /// The message was not taken. This holds for all recipients that were neither refused one by one nor left. The
        /// reply may be the client's own, when the server's extensions rule the message out.
        case messageRefused(SMTPReply, permanent: Bool)
        /// The session cannot go on.
        case failed(SMTPClientFailure)
        /// Send the output that is left, then close the connection. Nothing comes after it.
        case close
    }

    /// What the session waits for.
    public enum State: Hashable, Sendable {
        /// For the driver to report a connection.
        case unconnected
        /// For the greeting.
        case greeting
        /// For the reply to EHLO.
        case ehlo
        /// For the reply to HELO.
        case helo
        /// For the server's next word about AUTH, or for the driver's.
        case authenticating
        /// For the reply to STARTTLS.
        case startTLS
        /// For the driver to begin TLS.
        case startingTLS
        /// For the reply to the ETRN of that index.
        case etrn(Int)
        /// For the time to send the ETRN of that index.
        case etrnPause(Int)
        /// For the reply to ATRN or TURN.
        case reversal
        /// For nothing: a server session was to take this one's place.
        case reversed
        /// For the reply to the line of that index.
        case dialogue(Int)
        /// For the driver's next message.
        case idle
        /// For the reply to this command of a transaction.
        case envelope(Position)
        /// For the driver to pull the content, and to hand it over if it comes in pieces.
        case content
        /// For the reply to the end of the content.
        case contentEnd
        /// For the driver to pull chunks of content, and for the replies to them.
        case chunks
        /// For the reply to QUIT.
        case quitting
        /// For nothing.
        case closed
    }

    /// A command before the content of a message.
    public enum Position: Hashable, Sendable {
        /// RSET, which clears away what the message before left behind.
        case reset
        /// MAIL.
        case mail
        /// RCPT of that index.
        case recipient(Int)
        /// DATA.
        case data
    }

    /// What the session waits for.
    public internal(set) var state = State.unconnected
    /// When the session must next be told the time, if ever.
    public internal(set) var deadline: Instant?

    /// What the server calls itself in its reply to EHLO or HELO (RFC 5321 §4.1.1.1); nil when that is no domain.
    public private(set) var serverName: Domain?
    /// Whether the client has proved who it is.
    public internal(set) var isAuthenticated = false
    /// How far AUTH has come.
    var exchange: SASLClientExchange?
    /// Whether the connection is secured by TLS.
    public internal(set) var isSecure = false

    let configuration: SMTPClientConfiguration
    let purpose: Purpose
    var offered = OfferedExtensions.none
    var allowance = SessionAllowance()
    var transaction: ClientTransaction?
    var sender: ContentSender?
    var chunks: ChunkSender?
    var serverHasLeftovers = false
    var output = OutputBuffer()
    private var reader = SMTPReplyReader()

    /// A session that waits for its connection.
    /// - Parameters:
    ///   - configuration: who the client is and how patient.
    ///   - purpose: what the connection is for.
    public init(configuration: SMTPClientConfiguration, purpose: Purpose) {
        self.configuration = configuration
        self.purpose = purpose
    }

    // MARK: What happened

    /// The connection stands: the server speaks first (RFC 5321 §3.1).
    public mutating func connected(at now: Instant) {
        precondition(state == .unconnected, "a session has one connection")
        wait(for: .greeting, at: now)
    }

    /// Octets arrived, split in any way.
    public mutating func receive(_ octets: RawSpan, at now: Instant, into outbox: inout Outbox<Action>) {
        precondition(state != .unconnected, "octets arrive on a connection")
        if let failure = failureOfOctetsHere { return fail(failure, at: now, into: &outbox) }
        var index = 0
        do throws(ReplyError) {
            while state != .closed, let reply = try reader.receive(octets, from: &index) {
                take(reply, at: now, into: &outbox)
                if index < octets.byteCount, let failure = failureOfOctetsHere {
                    return fail(failure, at: now, into: &outbox)
                }
            }
        } catch {
            fail(.badReply(error), at: now, into: &outbox)
        }
    }

    /// The server will send nothing more.
    public mutating func peerClosed(at now: Instant, into outbox: inout Outbox<Action>) {
        guard state != .closed else { return }
        if state != .quitting { outbox.append(.failed(.connectionClosed)) }
        close(into: &outbox)
    }

    /// The time has come, or any other time: gives up when the server was silent too long (RFC 5321 §4.5.3.2).
    public mutating func deadlineReached(at now: Instant, into outbox: inout Outbox<Action>) {
        guard let deadline, now >= deadline else { return }
        if case .etrnPause(let next) = state { return sayETRN(next, at: now) }
        if state != .quitting { outbox.append(.failed(.timedOut(state))) }
        close(into: &outbox)
    }

    // MARK: What is asked

    /// The answer to ``Action/wantsMessage``: the next message, or nil to end the session with QUIT.
    public mutating func nextMessage(
        _ message: OutgoingMessage?, at now: Instant, into outbox: inout Outbox<Action>
    ) {
        if state == .closed { return }
        precondition(state == .idle, "a message follows wantsMessage")
        if let message {
            start(message, at: now, into: &outbox)
        } else {
            quit(at: now)
        }
    }

    /// More of the content, when ``wantsContent`` says so: any part of it, but not an empty one. It is sent by
    /// ``takeOutput(upTo:into:at:)``, and not copied before.
    public mutating func send(content piece: [UInt8]) {
        precondition(wantsContent, "content follows wantsContent")
        sender?.send(piece)
        chunks?.send(piece)
    }

    // MARK: What comes out

    /// Takes output to send. Content is dot-stuffed while it is taken.
    /// - Parameters:
    ///   - room: how many octets the driver has room for.
    ///   - octets: where they are appended.
    ///   - now: the time; the server is given its full time from the last octet on.
    /// - Returns: whether the end of a message's content is among it: from then on the message's fate is open until the
    ///   server has answered (RFC 1047).
    @discardableResult
    public mutating func takeOutput(upTo room: Int, into octets: inout [UInt8], at now: Instant) -> Bool {
        var endsContent = false
        var count = output.take(upTo: room, into: &octets)
        if state == .content, output.count == 0 {
            count += sender?.take(upTo: room - count, into: &octets) ?? 0
            if sender?.isFinished ?? true {
                sender = nil
                state = .contentEnd
                endsContent = true
            }
        }
        if state == .chunks, output.count == 0 {
            let taken = takeChunks(upTo: room - count, into: &octets)
            count += taken.count
            endsContent = taken.endsContent
        }
        if count > 0, deadline != nil { wait(for: state, at: now) }
        return endsContent
    }

    // MARK: What can be known

    /// Whether the driver is to hand over more of the content, since all it has handed over was taken.
    public var wantsContent: Bool { sender?.wantsPiece ?? chunks?.wantsPiece ?? false }

    /// How many octets of output wait for the driver or are still to come from it, not counting the dots to be stuffed.
    public var pendingOutputCount: Int { output.count + (sender?.count ?? chunks?.count ?? 0) }

    // MARK: How it works

    // What must not be taken for what comes later: through TLS, or from somebody who is the client now.
    private var failureOfOctetsHere: SMTPClientFailure? {
        switch state {
        case .startingTLS: .plaintextBehindTLS
        case .reversed: .octetsBehindReversal
        default: nil
        }
    }

    private mutating func take(_ reply: SMTPReply, at now: Instant, into outbox: inout Outbox<Action>) {
        guard reply.code != 421 || state == .greeting || state == .quitting else {
            outbox.append(.failed(.serviceClosing(reply)))
            return close(into: &outbox)
        }
        // What it would answer has not left the house.
        guard output.hasBegun else { return fail(.unexpectedReply(reply), at: now, into: &outbox) }
        switch state {
        case .greeting: takeGreeting(reply, at: now, into: &outbox)
        case .ehlo: takeHello(reply, at: now, into: &outbox)
        case .helo: takeHello(reply, at: now, into: &outbox)
        case .startTLS: takeTLSReply(reply, at: now, into: &outbox)
        case .authenticating: takeAUTHReply(reply, at: now, into: &outbox)
        case .etrn(let index): takeETRN(reply, index, at: now, into: &outbox)
        case .reversal: takeReversalReply(reply, at: now, into: &outbox)
        case .dialogue(let index): takeLineReply(reply, index, at: now, into: &outbox)
        case .envelope(let position): take(reply, to: position, at: now, into: &outbox)
        case .contentEnd: takeVerdict(reply, at: now, into: &outbox)
        case .chunks: takeChunkReply(reply, at: now, into: &outbox)
        case .quitting: close(into: &outbox)
        case .unconnected, .startingTLS, .etrnPause, .reversed, .idle, .content, .closed:
            fail(.unexpectedReply(reply), at: now, into: &outbox)
        }
    }

    private mutating func takeGreeting(_ reply: SMTPReply, at now: Instant, into outbox: inout Outbox<Action>) {
        outbox.append(.greeted(reply))
        guard reply.isCompletion else {
            outbox.append(.failed(reply.code == 421 ? .serviceClosing(reply) : .greetingRefused(reply)))
            return reply.code == 421 ? close(into: &outbox) : quit(at: now)
        }
        if case .dialogue = purpose { return sayLine(0, at: now) }
        say(.ehlo(configuration.hostName), andWaitFor: .ehlo, at: now)
    }

    // A server that does not know EHLO is greeted with HELO (RFC 5321 §3.2).
    private mutating func takeHello(_ reply: SMTPReply, at now: Instant, into outbox: inout Outbox<Action>) {
        guard reply.isCompletion else {
            guard state == .ehlo, reply.kind == .permanentFailure else {
                outbox.append(.failed(.helloRefused(reply)))
                return quit(at: now)
            }
            return say(.helo(configuration.hostName), andWaitFor: .helo, at: now)
        }
        offered = state == .ehlo ? OfferedExtensions(ehloReply: reply) : .none
        allowance = SessionAllowance(offered.limits, recipientLimit: configuration.recipientLimit)
        serverName = reply.lines.first.flatMap { line in
            line.utf8.split(separator: .space).first.flatMap { try? Domain(parsing: Array($0)[...]) }
        }
        if beginsTLS(at: now, into: &outbox) { return }
        outbox.append(.extensions(offered))
        if beginsAUTH(at: now, into: &outbox) { return }
        pursuePurpose(at: now, into: &outbox)
    }

    /// The way is free for what the connection is for.
    mutating func pursuePurpose(at now: Instant, into outbox: inout Outbox<Action>) {
        switch purpose {
        case .delivery: rest(into: &outbox)
        case .dialogue: break
        case .reversal(let reversal): ask(reversal, at: now, into: &outbox)
        case .etrn(let arguments):
            guard offered.hasETRN || configuration.etrn.isSentUnlisted || arguments.isEmpty else {
                outbox.append(.failed(.etrnNotOffered))
                return quit(at: now)
            }
            sayETRN(0, at: now)
        }
    }

    // ETRN may only be the last command of a group (RFC 2920 §3.1), so one is sent at a time.
    private mutating func sayETRN(_ index: Int, at now: Instant) {
        guard case .etrn(let arguments) = purpose, index < arguments.count else { return quit(at: now) }
        say(.etrn(arguments[index]), andWaitFor: .etrn(index), at: now)
    }

    private mutating func takeETRN(
        _ reply: SMTPReply, _ index: Int, at now: Instant, into outbox: inout Outbox<Action>
    ) {
        guard case .etrn(let arguments) = purpose, index < arguments.count else { return }
        outbox.append(.etrnReply(reply, arguments[index]))
        guard configuration.etrn.goesOn(after: reply) else { return quit(at: now) }
        guard configuration.etrn.pause > .zero, index + 1 < arguments.count else { return sayETRN(index + 1, at: now) }
        state = .etrnPause(index + 1)
        deadline = now + configuration.etrn.pause
    }

    mutating func say(_ command: SMTPCommand, andWaitFor state: State, at now: Instant) {
        output.append(command)
        wait(for: state, at: now)
    }

    mutating func wait(for state: State, at now: Instant) {
        self.state = state
        deadline = now + timeout(of: state)
    }

    /// Nothing to do until the driver has a message.
    mutating func rest(into outbox: inout Outbox<Action>) {
        state = .idle
        deadline = nil
        outbox.append(.wantsMessage)
    }

    mutating func quit(at now: Instant) { say(.quit, andWaitFor: .quitting, at: now) }

    // QUIT is said without waiting for its reply: nothing more that comes can be relied on. Inside content it would be
    // content, and behind DATA it may be.
    mutating func fail(
        _ failure: SMTPClientFailure, at now: Instant, into outbox: inout Outbox<Action>
    ) {
        outbox.append(.failed(failure))
        if !hasSaidDATA, state != .startingTLS, state != .reversed, chunks?.isBetweenChunks ?? true {
            output.append(.quit)
        }
        close(into: &outbox)
    }

    /// Whether the server takes what is said next for content, or may do so.
    private var hasSaidDATA: Bool {
        switch state {
        case .content, .envelope(.data): true
        case .envelope: transaction?.isPipelined == true && transaction?.chunkSize == nil
        default: false
        }
    }

    mutating func close(into outbox: inout Outbox<Action>) {
        state = .closed
        deadline = nil
        transaction = nil
        sender = nil
        chunks = nil
        outbox.append(.close)
    }

    private func timeout(of state: State) -> Interval {
        switch state {
        case .greeting: configuration.timeouts.greeting
        case .envelope(.mail): configuration.timeouts.mail
        case .envelope(.recipient): configuration.timeouts.recipient
        case .envelope(.data): configuration.timeouts.contentStart
        case .content: configuration.timeouts.contentBlock
        case .contentEnd, .chunks: configuration.timeouts.contentEnd(of: transaction?.message.size ?? 0)
        case .reversal: configuration.timeouts.reversal
        case .quitting: configuration.timeouts.quit
        case .ehlo, .helo, .authenticating, .startTLS, .startingTLS, .etrn, .etrnPause, .dialogue, .envelope(.reset),
            .reversed, .unconnected, .idle, .closed:
            configuration.timeouts.command
        }
    }
}
