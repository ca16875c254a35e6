import Events

extension Happening.Name {
    /// The fields of the event with a value of each kind, as its row lists them.
    var fields: [Field] { exemplar.row.fields }

    /// One event of each name: what a scenario can match on is read from its row, so the two cannot differ.
    var exemplar: Happening {
        switch self {
        case .modemOffHook: .modemOffHook
        case .modemDials: .modemDials(number: "")
        case .modemRinging: .modemRinging(number: "", port: 0)
        case .modemBusy: .modemBusy(number: "")
        case .modemNoAnswer: .modemNoAnswer(number: "")
        case .modemNoCarrier: .modemNoCarrier
        case .modemTraining: .modemTraining(modulation: "")
        case .carrierUp: .carrierUp(call: 0, port: 0, receiveRate: 0, transmitRate: 0)
        case .carrierLost: .carrierLost(call: 0, reason: "")
        case .modemOnHook: .modemOnHook(call: 0, onlineMilliseconds: 0)
        case .diallerWaits: .diallerWaits(seconds: 0, attempt: 0, of: 0)
        case .diallerGaveUp: .diallerGaveUp(attempts: 0, reason: .noAttemptsLeft)
        case .lcpOpened: .lcpOpened(mru: 0)
        case .authenticated: .authenticated(user: "", by: .pap)
        case .authenticationRefused: .authenticationRefused(user: "", by: .pap, message: "")
        case .linkUp: .linkUp(address: "", peer: "")
        case .linkDown: .linkDown(reason: "")
        case .etrnConnecting: .etrnConnecting(address: "")
        case .etrnConnected: .etrnConnected
        case .etrnSent: .etrnSent(domain: "")
        case .etrnAnswered: .etrnAnswered(domain: "", code: 0, text: "")
        case .etrnFailed: .etrnFailed(reason: "")
        case .fingerConnecting: .fingerConnecting(address: "")
        case .fingerSent: .fingerSent(domain: "")
        case .fingerAnswered: .fingerAnswered(domain: "", text: "")
        case .fingerFailed: .fingerFailed(reason: "")
        case .reversalConnecting: .reversalConnecting(address: "", port: 0)
        case .reversalConnected: .reversalConnected
        case .reversalAuthenticated: .reversalAuthenticated(user: "", by: "")
        case .reversalSent: .reversalSent(.atrn, domains: "")
        case .reversalAnswered: .reversalAnswered(.atrn, code: 0, text: "")
        case .reversalFailed: .reversalFailed(reason: "")
        case .retrievalComplete: .retrievalComplete
        case .listenerUp: .listenerUp(port: 0)
        case .mailWritten: .mailWritten(domain: "", messages: 0, octets: 0)
        case .submissionConnecting: .submissionConnecting(address: "")
        case .submissionAccepted: .submissionAccepted(domain: "", octets: 0)
        case .submissionRefused: .submissionRefused(domain: "", code: 0, text: "")
        case .submissionFailed: .submissionFailed(reason: "")
        case .dialogueAnswered: .dialogueAnswered(line: "", code: 0, text: "")
        case .dialogueFailed: .dialogueFailed(reason: "")
        case .flushReversed: .flushReversed(domain: "")
        case .flushConnecting: .flushConnecting(domain: "", address: "", port: 0)
        case .flushConnected: .flushConnected(domain: "")
        case .flushGreeted: .flushGreeted(domain: "", address: "", code: 0)
        case .flushMessageStarted: .flushMessageStarted(domain: "", message: 0, octets: 0)
        case .flushMessageResumed: .flushMessageResumed(domain: "", message: 0, octets: 0)
        case .flushDelivered: .flushDelivered(domain: "", message: 0, octets: 0)
        case .flushDeferred: .flushDeferred(domain: "", message: 0, code: 0, text: "")
        case .flushFailed: .flushFailed(domain: "", reason: "")
        case .flushPredicted: .flushPredicted(domain: "", messages: 0, octets: 0, milliseconds: 0)
        case .flushHeldBack: .flushHeldBack(domain: "", messages: 0)
        case .flushCompleted: .flushCompleted(FlushReport(domain: ""))
        case .flushGaveUp: .flushGaveUp(FlushReport(domain: ""), reason: "")
        case .carrierDropped: .carrierDropped
        case .mailQueued, .mailStored, .mailReported, .queueRefused, .queueUnreadable, .queueDelayed, .queueExpired,
            .queueReported, .mailSetAside, .queueFull, .queueHasRoom, .storageLow, .storageRecovered, .storeFailed,
            .storeRecovered, .storeDamaged, .registryChanged, .routeChanged, .powerFailed, .powerRestored:
            exemplarOfServer
        }
    }

    private var exemplarOfServer: Happening {
        switch self {
        case .mailQueued: .mailQueued(domain: "", messages: 0, octets: 0)
        case .mailStored: .mailStored(domain: "", id: "", octets: 0, duplicate: false)
        case .queueRefused: .queueRefused(domain: "", message: 0, code: 0, text: "")
        case .queueUnreadable: .queueUnreadable(domain: "", message: 0)
        case .queueDelayed: .queueDelayed(domain: "", message: 0)
        case .mailReported: .mailReported(action: .failed, to: "", id: "")
        case .queueReported: .queueReported(action: .failed, to: "", message: 0)
        case .mailSetAside: .mailSetAside(domain: "", id: "", octets: 0)
        case .queueExpired: .queueExpired(domain: "", message: 0)
        case .queueFull: .queueFull(domain: "", octets: 0)
        case .queueHasRoom: .queueHasRoom(domain: "")
        case .storageLow: .storageLow(free: 0, mark: 0)
        case .storageRecovered: .storageRecovered(free: 0)
        case .storeFailed: .storeFailed(reason: "")
        case .storeRecovered: .storeRecovered
        case .storeDamaged: .storeDamaged(reason: "")
        case .registryChanged: .registryChanged(value: "", to: "")
        case .routeChanged: .routeChanged(domain: "", address: "")
        case .powerFailed: .powerFailed(unanswered: 0, open: 0)
        case .powerRestored: .powerRestored(messages: 0, again: 0)
        default: preconditionFailure("the other events have their exemplars above")
        }
    }
}
