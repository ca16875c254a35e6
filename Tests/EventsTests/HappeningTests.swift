import Events
import Testing
import Timebase

struct HappeningTests {
    /// One event of every name, with values that show in its text.
    static let all: [Happening] = [
        .modemOffHook, .modemDials(number: "555-0100"), .modemRinging(number: "555-0100", port: 1),
        .modemBusy(number: "555-0100"), .modemNoAnswer(number: "555-0100"), .modemNoCarrier,
        .modemTraining(modulation: "V.34"),
        .carrierUp(call: 1, port: 1, receiveRate: 31_200, transmitRate: 31_200),
        .carrierLost(call: 1, reason: "line cut"), .modemOnHook(call: 1, onlineMilliseconds: 61_250),
        .diallerWaits(seconds: 60, attempt: 2, of: 3), .diallerGaveUp(attempts: 3, reason: .noAttemptsLeft),
        .lcpOpened(mru: 1_500),
        .authenticated(user: "branch", by: .chap),
        .authenticationRefused(user: "branch", by: .chap, message: "no"),
        .linkUp(address: "192.0.2.130", peer: "192.0.2.25"), .linkDown(reason: "peer terminated"),
        .etrnConnecting(address: "192.0.2.25"), .etrnConnected, .etrnSent(domain: "branch.example"),
        .etrnAnswered(domain: "branch.example", code: 253, text: "OK, 2 pending messages"),
        .etrnFailed(reason: "refused"), .fingerConnecting(address: "192.0.2.25"),
        .fingerSent(domain: "branch.example"),
        .fingerAnswered(domain: "branch.example", text: "OK, 2 pending messages"), .fingerFailed(reason: "refused"),
        .reversalConnecting(address: "192.0.2.25", port: 366), .reversalConnected,
        .reversalAuthenticated(user: "branch", by: "CRAM-MD5"), .reversalSent(.atrn, domains: "a.example,b.example"),
        .reversalAnswered(.atrn, code: 453, text: "You have no mail"), .reversalFailed(reason: "refused"),
        .retrievalComplete, .listenerUp(port: 25),
        .mailWritten(domain: "depot.example", messages: 1, octets: 9), .submissionConnecting(address: "192.0.2.25"),
        .submissionAccepted(domain: "depot.example", octets: 9),
        .submissionRefused(domain: "depot.example", code: 452, text: "later"), .submissionFailed(reason: "refused"),
        .dialogueAnswered(line: "NOOP", code: 250, text: "Ok"), .dialogueFailed(reason: "refused"),
        .flushReversed(domain: "branch.example"),
        .flushConnecting(domain: "branch.example", address: "192.0.2.130", port: 25),
        .flushConnected(domain: "branch.example"),
        .flushGreeted(domain: "branch.example", address: "192.0.2.130", code: 220),
        .flushMessageStarted(domain: "branch.example", message: 1, octets: 1),
        .flushMessageResumed(domain: "branch.example", message: 1, octets: 1),
        .flushDelivered(domain: "branch.example", message: 1, octets: 4_512),
        .flushDeferred(domain: "branch.example", message: 1, code: 451, text: "later"),
        .flushFailed(domain: "branch.example", reason: "timed out"),
        .flushPredicted(domain: "branch.example", messages: 2, octets: 9_000, milliseconds: 3_500),
        .flushHeldBack(domain: "branch.example", messages: 2),
        .flushCompleted(FlushReport(domain: "branch.example", delivered: 1, octets: 4_512)),
        .flushGaveUp(FlushReport(domain: "branch.example", delivered: 1, octets: 4_512, left: 2), reason: "timed out"),
        .mailQueued(domain: "branch.example", messages: 12, octets: 1_234_567),
        .mailStored(domain: "branch.example", id: "branch-1", octets: 4_512, duplicate: true),
        .mailReported(action: .delivered, to: "anna@hq.example", id: "branch-1"),
        .queueRefused(domain: "branch.example", message: 1, code: 550, text: "no"),
        .queueUnreadable(domain: "branch.example", message: 1),
        .queueDelayed(domain: "branch.example", message: 3),
        .queueExpired(domain: "branch.example", message: 1),
        .queueReported(action: .delayed, to: "anna@hq.example", message: 3),
        .mailSetAside(domain: "hq.example", id: "server-1", octets: 1_843),
        .queueFull(domain: "branch.example", octets: 1_048_576), .queueHasRoom(domain: "branch.example"),
        .storageLow(free: 9, mark: 10),
        .storageRecovered(free: 11), .storeFailed(reason: "disk full"), .storeRecovered,
        .storeDamaged(reason: "a page"),
        .registryChanged(value: "DisableETRN", to: "1"),
        .routeChanged(domain: "branch.example", address: "192.0.2.140"),
        .powerFailed(unanswered: 2, open: 1), .powerRestored(messages: 12, again: 1), .carrierDropped,
    ]

    @Test func `every name of the vocabulary has its event, in the same order`() {
        #expect(HappeningTests.all.map(\.name) == Happening.Name.allCases)
    }

    @Test func `names and field names are kebab case with one dot in a name`() {
        for happening in HappeningTests.all {
            #expect(happening.name.rawValue.split(separator: ".").count == 2)
            for field in happening.row.fields { #expect(field.name.allSatisfy { $0.isLowercase || $0 == "-" }) }
        }
    }

    @Test func `a field that holds one of a few words holds one of those`() {
        var checked: Set<String> = []
        for happening in HappeningTests.all {
            for field in happening.row.fields {
                guard let words = Happening.words(of: field.name, in: happening.name) else { continue }
                #expect(words.contains("\(field.value)"))
                checked.insert("\(happening.name.rawValue) \(field.name)")
            }
        }
        let fields = ["ppp.authenticated protocol", "ppp.refused protocol", "dialler.gave-up reason"]
        let words = ["reversal.sent command", "reversal.answered command", "mail.reported action"]
        #expect(checked == Set(fields + words + ["queue.reported action"]))
    }

    @Test(arguments: [
        (
            Happening.carrierUp(call: 1, port: 2, receiveRate: 50_000, transmitRate: 31_200),
            "CONNECT 50000, transmits 31200"
        ),
        (.modemOnHook(call: 1, onlineMilliseconds: 61_250), "on-hook after 61.2 s online"),
        (
            .mailQueued(domain: "branch.example", messages: 12, octets: 1_234_567),
            "accepts 12 messages for branch.example, 1,234,567 octets"
        ),
        (.flushMessageStarted(domain: "branch.example", message: 1, octets: 1), "server offers message 1, 1 octet"),
        (
            .flushGreeted(domain: "branch.example", address: "192.0.2.130", code: 220),
            "192.0.2.130 greets the server with 220"
        ),
        (
            .mailStored(domain: "branch.example", id: "branch-1", octets: 1, duplicate: false),
            "stores branch-1, 1 octet"
        ),
        (
            .flushDelivered(domain: "branch.example", message: 1, octets: 4_512),
            "server has the reply: message 1 delivered, 4,512 octets"
        ),
        (
            .flushCompleted(
                FlushReport(domain: "branch.example", delivered: 1_000, octets: 4_512, refused: 2, left: 1)),
            "server ends the flush of branch.example: 1,000 delivered, 4,512 octets, 2 refused, 1 left"
        ),
        (
            .flushGaveUp(
                FlushReport(domain: "branch.example", delivered: 1, octets: 9, deferred: 3, unanswered: 1, left: 4),
                reason: "connection lost"),
            "server gives up the flush of branch.example, connection lost: "
                + "1 delivered, 9 octets, 0 refused, 3 put off, 1 unanswered, 4 left"
        ),
        (
            .flushPredicted(domain: "branch.example", messages: 2, octets: 9_000, milliseconds: 3_500),
            "server expects to need 3.5 s for 2 messages, 9,000 octets"
        ),
        (.diallerGaveUp(attempts: 3, reason: .noAttemptsLeft), "gave up after 3 attempts"),
        (
            .diallerGaveUp(attempts: 1, reason: .authenticationRefused),
            "does not dial again: authentication refused"
        ),
        (
            .etrnAnswered(domain: "branch.example", code: 251, text: "OK, no messages waiting"),
            "251 OK, no messages waiting"
        ),
    ])
    func `an event says what happened in one line`(happening: Happening, text: String) {
        #expect(happening.row.text == text)
    }

    @Test func `a scenario waits for host and name`() {
        let event = Event(at: .beginning, host: "branch", happening: .linkDown(reason: "hung up"))
        #expect(event.qualifiedName == "branch.link.down")
    }
}
