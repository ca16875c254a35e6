/// The one vocabulary of things that happen.
///
/// What a scenario waits for, what the timeline prints, what `events.jsonl` holds, what stands between the packets of a
/// capture and what an expectation counts are all these. Adding an event is adding a case here, its name to
/// ``Happening/Name`` and its row to ``Happening/row``.
public enum Happening: Hashable, Sendable {
    // The telephone call, told of the host that dials.
    case modemOffHook
    case modemDials(number: String)
    case modemRinging(number: String, port: Int)
    case modemBusy(number: String)
    case modemNoAnswer(number: String)
    case modemNoCarrier
    case modemTraining(modulation: String)
    case carrierUp(call: Int, port: Int, receiveRate: Int, transmitRate: Int)
    case carrierLost(call: Int, reason: String)
    case modemOnHook(call: Int, onlineMilliseconds: Int)
    case diallerWaits(seconds: Int, attempt: Int, of: Int)
    case diallerGaveUp(attempts: Int, reason: GiveUpReason)

    // The PPP link, told of the host that dials.
    case lcpOpened(mru: Int)
    case authenticated(user: String, by: Authentication)
    case authenticationRefused(user: String, by: Authentication, message: String)
    case linkUp(address: String, peer: String)
    case linkDown(reason: String)

    // The dialogue in which the client host asks for its mail.
    case etrnConnecting(address: String)
    case etrnConnected
    case etrnSent(domain: String)
    case etrnAnswered(domain: String, code: Int, text: String)
    case etrnFailed(reason: String)
    case fingerConnecting(address: String)
    case fingerSent(domain: String)
    case fingerAnswered(domain: String, text: String)
    case fingerFailed(reason: String)
    case reversalConnecting(address: String, port: Int)
    case reversalConnected
    case reversalAuthenticated(user: String, by: String)
    case reversalSent(Reversal, domains: String)
    case reversalAnswered(Reversal, code: Int, text: String)
    case reversalFailed(reason: String)
    case retrievalComplete
    case listenerUp(port: Int)

    // Mail that a client host sends, and what somebody says who types at it.
    case mailWritten(domain: String, messages: Int, octets: Int)
    case submissionConnecting(address: String)
    case submissionAccepted(domain: String, octets: Int)
    case submissionRefused(domain: String, code: Int, text: String)
    case submissionFailed(reason: String)
    case dialogueAnswered(line: String, code: Int, text: String)
    case dialogueFailed(reason: String)

    // The flush, told of the host whose mail it is.
    case flushReversed(domain: String)
    case flushConnecting(domain: String, address: String, port: Int)
    case flushConnected(domain: String)
    case flushGreeted(domain: String, address: String, code: Int)
    case flushMessageStarted(domain: String, message: Int, octets: Int)
    case flushMessageResumed(domain: String, message: Int, octets: Int)
    case flushDelivered(domain: String, message: Int, octets: Int)
    case flushDeferred(domain: String, message: Int, code: Int, text: String)
    case flushFailed(domain: String, reason: String)
    case flushPredicted(domain: String, messages: Int, octets: Int, milliseconds: Int)
    case flushHeldBack(domain: String, messages: Int)
    // Rare and large: in a box, so that every other event is smaller.
    indirect case flushCompleted(FlushReport)
    indirect case flushGaveUp(FlushReport, reason: String)

    // Mail as a host keeps it.
    case mailQueued(domain: String, messages: Int, octets: Int)
    case mailStored(domain: String, id: String, octets: Int, duplicate: Bool)
    case mailReported(action: ReportAction, to: String, id: String)
    case queueRefused(domain: String, message: Int, code: Int, text: String)
    case queueUnreadable(domain: String, message: Int)
    case queueDelayed(domain: String, message: Int)
    case queueExpired(domain: String, message: Int)
    case queueReported(action: ReportAction, to: String, message: Int)
    case mailSetAside(domain: String, id: String, octets: Int)

    case queueFull(domain: String, octets: Int)
    case queueHasRoom(domain: String)
    case storageLow(free: Int, mark: Int)
    case storageRecovered(free: Int)
    case storeFailed(reason: String)
    case storeRecovered
    case storeDamaged(reason: String)

    // What the scenario does from outside.
    case registryChanged(value: String, to: String)
    case routeChanged(domain: String, address: String)
    case powerFailed(unanswered: Int, open: Int)
    case powerRestored(messages: Int, again: Int)
    case carrierDropped
}

extension Happening {
    /// How a host proves who it is.
    public enum Authentication: String, CaseIterable, Hashable, Sendable {
        /// By its password (RFC 1334).
        case pap = "PAP"
        /// By an answer that only its password gives (RFC 1994).
        case chap = "CHAP"
    }

    /// How a host asks for its mail over a connection of its own.
    public enum Reversal: String, CaseIterable, Hashable, Sendable {
        /// RFC 2645.
        case atrn = "ATRN"
        /// RFC 821, after AUTH.
        case turn = "TURN"
    }

    /// Why a dialler does not dial again.
    public enum GiveUpReason: String, CaseIterable, Hashable, Sendable {
        /// Every attempt that it had has failed.
        case noAttemptsLeft = "no attempts left"
        /// The server refused the password, and would again.
        case authenticationRefused = "authentication refused"
    }

    /// What a report says of a message (RFC 3464 §2.3.3).
    public enum ReportAction: String, CaseIterable, Hashable, Sendable {
        /// It was refused, or has waited too long.
        case failed
        /// It still waits.
        case delayed
        /// The recipient has it.
        case delivered
        /// A host has it that sends no reports.
        case relayed
        /// It goes on to several recipients in the place of one.
        case expanded
    }

    /// The names of the vocabulary, as scenarios and logs write them.
    public enum Name: String, CaseIterable, Hashable, Sendable {
        case modemOffHook = "modem.off-hook"
        case modemDials = "modem.dials"
        case modemRinging = "modem.ringing"
        case modemBusy = "modem.busy"
        case modemNoAnswer = "modem.no-answer"
        case modemNoCarrier = "modem.no-carrier"
        case modemTraining = "modem.training"
        case carrierUp = "carrier.up"
        case carrierLost = "carrier.lost"
        case modemOnHook = "modem.on-hook"
        case diallerWaits = "dialler.waits"
        case diallerGaveUp = "dialler.gave-up"
        case lcpOpened = "lcp.opened"
        case authenticated = "ppp.authenticated"
        case authenticationRefused = "ppp.refused"
        case linkUp = "link.up"
        case linkDown = "link.down"
        case etrnConnecting = "etrn.connecting"
        case etrnConnected = "etrn.connected"
        case etrnSent = "etrn.sent"
        case etrnAnswered = "etrn.answered"
        case etrnFailed = "etrn.failed"
        case fingerConnecting = "finger.connecting"
        case fingerSent = "finger.sent"
        case fingerAnswered = "finger.answered"
        case fingerFailed = "finger.failed"
        case reversalConnecting = "reversal.connecting"
        case reversalConnected = "reversal.connected"
        case reversalAuthenticated = "reversal.authenticated"
        case reversalSent = "reversal.sent"
        case reversalAnswered = "reversal.answered"
        case reversalFailed = "reversal.failed"
        case retrievalComplete = "retrieval.complete"
        case listenerUp = "listener.up"
        case mailWritten = "mail.written"
        case submissionConnecting = "submission.connecting"
        case submissionAccepted = "submission.accepted"
        case submissionRefused = "submission.refused"
        case submissionFailed = "submission.failed"
        case dialogueAnswered = "dialogue.answered"
        case dialogueFailed = "dialogue.failed"
        case flushReversed = "flush.reversed"
        case flushConnecting = "flush.connecting"
        case flushConnected = "flush.connected"
        case flushGreeted = "flush.greeted"
        case flushMessageStarted = "flush.message"
        case flushMessageResumed = "flush.resumed"
        case flushDelivered = "flush.delivered"
        case flushDeferred = "flush.deferred"
        case flushFailed = "flush.failed"
        case flushPredicted = "flush.predicted"
        case flushHeldBack = "flush.held-back"
        case flushCompleted = "flush.completed"
        case flushGaveUp = "flush.gave-up"
        case mailQueued = "mail.queued"
        case mailStored = "mail.stored"
        case mailReported = "mail.reported"
        case queueRefused = "queue.refused"
        case queueUnreadable = "queue.unreadable"
        case queueDelayed = "queue.delayed"
        case queueExpired = "queue.expired"
        case queueReported = "queue.reported"
        case mailSetAside = "mail.set-aside"
        case queueFull = "queue.full"
        case queueHasRoom = "queue.has-room"
        case storageLow = "storage.low"
        case storageRecovered = "storage.recovered"
        case storeFailed = "store.failed"
        case storeRecovered = "store.recovered"
        case storeDamaged = "store.damaged"
        case registryChanged = "registry.changed"
        case routeChanged = "route.changed"
        case powerFailed = "power.failed"
        case powerRestored = "power.restored"
        case carrierDropped = "carrier.dropped"

        /// Whether the event is told of the server host rather than of a client host.
        public var isOfServer: Bool {
            switch self {
            case .mailQueued, .queueRefused, .queueUnreadable, .queueDelayed, .queueExpired, .queueReported,
                .mailSetAside, .queueFull, .queueHasRoom, .storageLow, .storageRecovered, .storeFailed, .storeRecovered,
                .storeDamaged, .registryChanged, .routeChanged, .powerFailed, .powerRestored:
                true
            default: false
            }
        }
    }

    /// The words that a text field of an event can hold, where they are few; nil where it can hold any text.
    public static func words(of field: String, in name: Name) -> [String]? {
        switch (name, field) {
        case (.authenticated, "protocol"), (.authenticationRefused, "protocol"):
            Authentication.allCases.map(\.rawValue)
        case (.reversalSent, "command"), (.reversalAnswered, "command"): Reversal.allCases.map(\.rawValue)
        case (.diallerGaveUp, "reason"): GiveUpReason.allCases.map(\.rawValue)
        case (.queueReported, "action"), (.mailReported, "action"): ReportAction.allCases.map(\.rawValue)
        default: nil
        }
    }

    /// One row of the vocabulary's table.
    public struct Row: Hashable, Sendable {
        /// Which part of the host says it.
        public var facility: Facility
        /// How much it matters.
        public var severity: Severity
        /// Its fields, in the order in which they are written out.
        public var fields: [Field]
        /// One line for people.
        public var text: String

        init(_ facility: Facility, _ severity: Severity, _ fields: [Field], _ text: String) {
            self.facility = facility
            self.severity = severity
            self.fields = fields
            self.text = text
        }
    }

    /// The event's name.
    public var name: Name {
        switch self {
        case .modemOffHook: .modemOffHook
        case .modemDials: .modemDials
        case .modemRinging: .modemRinging
        case .modemBusy: .modemBusy
        case .modemNoAnswer: .modemNoAnswer
        case .modemNoCarrier: .modemNoCarrier
        case .modemTraining: .modemTraining
        case .carrierUp: .carrierUp
        case .carrierLost: .carrierLost
        case .modemOnHook: .modemOnHook
        case .diallerWaits: .diallerWaits
        case .diallerGaveUp: .diallerGaveUp
        case .lcpOpened: .lcpOpened
        case .authenticated: .authenticated
        case .authenticationRefused: .authenticationRefused
        case .linkUp: .linkUp
        case .linkDown: .linkDown
        case .etrnConnecting: .etrnConnecting
        case .etrnConnected: .etrnConnected
        case .etrnSent: .etrnSent
        case .etrnAnswered: .etrnAnswered
        case .etrnFailed: .etrnFailed
        case .fingerConnecting: .fingerConnecting
        case .fingerSent: .fingerSent
        case .fingerAnswered: .fingerAnswered
        case .fingerFailed: .fingerFailed
        case .reversalConnecting: .reversalConnecting
        case .reversalConnected: .reversalConnected
        case .reversalAuthenticated: .reversalAuthenticated
        case .reversalSent: .reversalSent
        case .reversalAnswered: .reversalAnswered
        case .reversalFailed: .reversalFailed
        case .retrievalComplete: .retrievalComplete
        case .listenerUp: .listenerUp
        case .mailWritten: .mailWritten
        case .submissionConnecting: .submissionConnecting
        case .submissionAccepted: .submissionAccepted
        case .submissionRefused: .submissionRefused
        case .submissionFailed: .submissionFailed
        case .dialogueAnswered: .dialogueAnswered
        case .dialogueFailed: .dialogueFailed
        case .flushReversed: .flushReversed
        case .flushConnecting: .flushConnecting
        case .flushConnected: .flushConnected
        case .flushGreeted: .flushGreeted
        case .flushMessageStarted: .flushMessageStarted
        case .flushMessageResumed: .flushMessageResumed
        case .flushDelivered: .flushDelivered
        case .flushDeferred: .flushDeferred
        case .flushFailed: .flushFailed
        case .flushPredicted: .flushPredicted
        case .flushHeldBack: .flushHeldBack
        case .flushCompleted: .flushCompleted
        case .flushGaveUp: .flushGaveUp
        case .carrierDropped: .carrierDropped
        case .mailQueued, .mailStored, .mailReported, .queueRefused, .queueUnreadable, .queueDelayed, .queueExpired,
            .queueReported, .mailSetAside, .queueFull, .queueHasRoom, .storageLow, .storageRecovered, .storeFailed,
            .storeRecovered, .storeDamaged, .registryChanged, .routeChanged, .powerFailed, .powerRestored:
            serverName
        }
    }

    // What happens to the server host alone, and to mail.
    private var serverName: Name {
        switch self {
        case .mailQueued: .mailQueued
        case .mailStored: .mailStored
        case .mailReported: .mailReported
        case .queueRefused: .queueRefused
        case .queueUnreadable: .queueUnreadable
        case .queueDelayed: .queueDelayed
        case .queueExpired: .queueExpired
        case .queueReported: .queueReported
        case .mailSetAside: .mailSetAside
        case .queueFull: .queueFull
        case .queueHasRoom: .queueHasRoom
        case .storageLow: .storageLow
        case .storageRecovered: .storageRecovered
        case .storeFailed: .storeFailed
        case .storeRecovered: .storeRecovered
        case .storeDamaged: .storeDamaged
        case .registryChanged: .registryChanged
        case .routeChanged: .routeChanged
        case .powerFailed: .powerFailed
        case .powerRestored: .powerRestored
        default: preconditionFailure("the other events have their names above")
        }
    }
}
