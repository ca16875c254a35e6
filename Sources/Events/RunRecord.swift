public import Timebase

/// What the events of a run add up to: its calls and its flushes.
///
/// Fed with every event in order, it keeps per call and per flush what an operator would write down, and nothing else:
/// the memory is that of the figures, not of the events.
public struct RunRecord: Sendable {
    /// One telephone call, from dialling to on-hook.
    public struct Call: Sendable {
        /// Who dialled.
        public var client: String
        /// Which carrier of the run it got, counted from 1, as in the interface name `branch-call-1`; nil without one.
        public var number: Int?
        /// When it dialled.
        public var dialled: Instant
        /// When a modem answered and training began, if one did.
        public var training: Instant?
        /// When the modems agreed, if they did.
        public var carrier: Instant?
        /// Rate towards the client in bit/s; zero before the carrier.
        public var receiveRate = 0
        /// Rate from the client in bit/s; zero before the carrier.
        public var transmitRate = 0
        /// When IP was up on both ends.
        public var linkUp: Instant?
        /// When the call was over; nil when the run ended first.
        public var ended: Instant?
        /// Why it came to nothing or broke off; nil when it was hung up in good order.
        public var failure: String?

        /// How long the carrier stood, up to an instant when it still stands.
        public func online(until now: Instant) -> Interval {
            guard let carrier else { return .zero }
            return (ended ?? now) - carrier
        }
    }

    /// One message of a flush.
    public struct Message: Sendable {
        /// The queue's number for it.
        public var number: Int
        /// Its size in octets.
        public var octets: Int
        /// When the server began with it.
        public var started: Instant
        /// When the client host accepted it, if it did.
        public var accepted: Instant?
    }

    /// One flush: a domain's request and the reverse connections that came of it.
    public struct Flush: Sendable {
        /// Whose mail it is.
        public var domain: String
        /// The client host.
        public var client: String
        /// The call it came in, as an index of ``RunRecord/calls``; nil for a flush that nobody dialled for.
        public var call: Int?
        /// The command with which it was asked for; nil when it was not.
        public var command: Command?
        /// When the client sent ETRN, or another such command.
        public var etrnSent: Instant?
        /// When the answer came.
        public var etrnAnswered: Instant?
        /// The answer's reply code; zero before it came.
        public var replyCode = 0
        /// The answer's text.
        public var replyText = ""
        /// When the server sent the first SYN of the reverse connection; nil when the mail went over the client's own.
        public var reverseSYN: Instant?
        /// When the first reverse connection was established, or the roles on the client's own were reversed.
        public var established: Instant?
        /// When the client host greeted.
        public var greeting: Instant?
        /// The messages, in the order in which the server began with them.
        public var messages: [Message] = []
        /// When every message had been tried; nil when the flush was cut short.
        public var ended: Instant?
        /// What the server host reports of the last run of its queue; nil before the end of one.
        public var report: FlushReport?

        /// How many messages the client host accepted.
        public var delivered: Int { messages.count { $0.accepted != nil } }
        /// How many octets the client host accepted.
        public var octets: Int { messages.reduce(0) { $0 + ($1.accepted == nil ? 0 : $1.octets) } }

        /// How long each part of it took, in their order; those that have not come to their end are left out.
        public var phases: [(name: String, took: Interval)] {
            let steps: [(name: String, from: Instant?, to: Instant?)] = [
                ("reply", etrnSent, etrnAnswered), ("reverse-syn", etrnAnswered, reverseSYN),
                ("connect", reverseSYN, established), ("greeting", established, greeting),
                ("dialogue", greeting, messages.first?.started),
                ("transfer", messages.first?.started, messages.compactMap(\.accepted).max()),
                ("close", messages.compactMap(\.accepted).max(), ended),
            ]
            return steps.compactMap { step in
                guard let from = step.from, let to = step.to, to >= from else { return nil }
                return (step.name, to - from)
            }
        }
    }

    /// A command that asks for mail.
    public enum Command: String, CaseIterable, Hashable, Sendable {
        /// RFC 1985.
        case etrn = "ETRN"
        /// RFC 2645.
        case atrn = "ATRN"
        /// RFC 821.
        case turn = "TURN"
    }

    /// What a client was told when it asked for mail.
    public struct Reply: Hashable, Sendable {
        /// Who was told.
        public var client: String
        /// What was answered.
        public var command: Command
        /// The reply code.
        public var code: Int
        /// The text.
        public var text: String
    }

    /// The sums of a run.
    public struct Totals: Sendable {
        /// Messages that entered the queue.
        public var queued = 0
        /// Messages stored by client hosts, duplicates included.
        public var stored = 0
        /// Messages stored that had been stored before.
        public var duplicates = 0
        /// Messages that the queue counted as delivered.
        public var delivered = 0
        /// Octets of them.
        public var deliveredOctets = 0
        /// Messages refused for good, whose sender is to be told.
        public var refused = 0
        /// Messages that grew too old.
        public var expired = 0
        /// Messages that were there after a power failure although they were gone, or not yet announced.
        public var again = 0
    }

    /// The calls, in the order in which they were dialled.
    public private(set) var calls: [Call] = []
    /// The flushes, in the order in which they were asked for.
    public private(set) var flushes: [Flush] = []
    /// The answers to requests for mail, in the order in which they came.
    public private(set) var replies: [Reply] = []
    /// The sums of the run.
    public private(set) var totals = Totals()

    // The newest call of a host, by name, and the newest flush of a domain, in lower case, for both ends write it as
    // they like; looked up, never walked.
    private var callOfHost: [String: Int] = [:]
    private var flushOfDomain: [String: Int] = [:]
    // The newest ATRN or TURN of a host, by name, and the flushes that have come of it; looked up, never walked.
    private var requestOfHost: [String: (command: Command, sent: Instant, flushes: [Int])] = [:]

    /// A record of nothing yet.
    public init() {}

    /// Takes the next event of the run.
    public mutating func receive(_ event: Event) {
        receiveOfCall(event)
        receiveOfReversal(event)
        receiveOfFlush(event)
        receiveOfMail(event)
    }

    private mutating func receiveOfCall(_ event: Event) {
        if case .modemDials = event.happening {
            callOfHost[event.host] = calls.count
            calls.append(Call(client: event.host, dialled: event.at))
            return
        }
        guard let index = callOfHost[event.host] else { return }
        switch event.happening {
        case .carrierUp(let number, _, let receiveRate, let transmitRate):
            calls[index].number = number
            calls[index].carrier = event.at
            calls[index].receiveRate = receiveRate
            calls[index].transmitRate = transmitRate
        case .modemTraining: calls[index].training = event.at
        case .linkUp: calls[index].linkUp = event.at
        case .modemBusy: end(call: index, at: event.at, failure: "busy")
        case .modemNoAnswer: end(call: index, at: event.at, failure: "no answer")
        case .modemNoCarrier: end(call: index, at: event.at, failure: "no carrier")
        case .carrierLost(_, let reason): end(call: index, at: event.at, failure: reason)
        case .authenticationRefused(_, _, let message): calls[index].failure = message
        case .modemOnHook: end(call: index, at: event.at, failure: nil)
        default: break
        }
    }

    private mutating func end(call index: Int, at now: Instant, failure: String?) {
        // A call that is hung up before it dials ends, too; the last one is not it.
        guard calls[index].ended == nil else { return }
        calls[index].ended = now
        if calls[index].failure == nil { calls[index].failure = failure }
    }

    private mutating func receiveOfReversal(_ event: Event) {
        switch event.happening {
        case .reversalSent(let reversal, _):
            requestOfHost[event.host] = (Command(reversal), event.at, [])
        case .flushReversed(let domain):
            begin(domain, of: event.host)
            let request = requestOfHost[event.host]
            requestOfHost[event.host]?.flushes.append(flushes.count - 1)
            update(domain) {
                $0.command = request?.command
                $0.etrnSent = request?.sent
                $0.established = event.at
            }
        case .reversalAnswered(let reversal, let code, let text):
            replies.append(Reply(client: event.host, command: Command(reversal), code: code, text: text))
            for index in requestOfHost[event.host]?.flushes ?? [] {
                flushes[index].etrnAnswered = event.at
                flushes[index].replyCode = code
                flushes[index].replyText = text
            }
        case .flushGreeted:
            // One greeting for all whose mail goes over the connection.
            for index in requestOfHost[event.host]?.flushes ?? [] where flushes[index].ended == nil {
                flushes[index].greeting = flushes[index].greeting ?? event.at
            }
        default: break
        }
    }

    private mutating func receiveOfFlush(_ event: Event) {
        switch event.happening {
        case .etrnSent(let domain):
            begin(domain, of: event.host)
            update(domain) {
                $0.command = .etrn
                $0.etrnSent = event.at
            }
        case .etrnAnswered(let domain, let code, let text):
            replies.append(Reply(client: event.host, command: .etrn, code: code, text: text))
            update(domain) {
                $0.etrnAnswered = event.at
                $0.replyCode = code
                $0.replyText = text
            }
        case .flushConnecting(let domain, _, _):
            // What the retry schedule does after a flush is no part of it.
            let newest = flushOfDomain[domain.lowercased()]
            if newest.map({ flushes[$0].ended != nil }) ?? true { begin(domain, of: event.host) }
            update(domain) { $0.reverseSYN = $0.reverseSYN ?? event.at }
        case .flushConnected(let domain): update(domain) { $0.established = $0.established ?? event.at }
        case .flushGreeted(let domain, _, _): update(domain) { $0.greeting = $0.greeting ?? event.at }
        case .flushMessageStarted(let domain, let message, let octets):
            update(domain) { $0.messages.append(Message(number: message, octets: octets, started: event.at)) }
        case .flushDelivered(let domain, let message, _):
            update(domain) { flush in
                guard let last = flush.messages.lastIndex(where: { $0.number == message }) else { return }
                flush.messages[last].accepted = event.at
            }
        case .flushCompleted(let report):
            update(report.domain) {
                $0.ended = event.at
                $0.report = report
            }
        case .flushGaveUp(let report, _): update(report.domain) { $0.report = report }
        default: break
        }
    }

    private mutating func begin(_ domain: String, of host: String) {
        flushOfDomain[domain.lowercased()] = flushes.count
        flushes.append(Flush(domain: domain, client: host, call: callOfHost[host]))
    }

    private mutating func update(_ domain: String, _ change: (inout Flush) -> Void) {
        guard let index = flushOfDomain[domain.lowercased()] else { return }
        change(&flushes[index])
    }

    private mutating func receiveOfMail(_ event: Event) {
        switch event.happening {
        case .mailQueued(_, let messages, _): totals.queued += messages
        case .mailStored(_, _, _, let duplicate):
            totals.stored += 1
            totals.duplicates += duplicate ? 1 : 0
        case .flushDelivered(_, _, let octets):
            totals.delivered += 1
            totals.deliveredOctets += octets
        case .queueRefused: totals.refused += 1
        case .queueExpired: totals.expired += 1
        case .powerRestored(_, let again): totals.again += again
        default: break
        }
    }
}

extension RunRecord.Command {
    fileprivate init(_ reversal: Happening.Reversal) { self = reversal == .turn ? .turn : .atrn }
}
