import MailQueue
import SMTP
import Testing
import Timebase

/// Which reports a queue makes, for whom, and when (RFC 3461 §5.2).
@Suite struct DeliveryReportTests {
    private static let branch = "branch.example"
    private static let recipients = ["<ann@branch.example>", "<bob@branch.example>", "<cy@branch.example>"]

    private func path(_ text: String) throws -> ForwardPath { try ForwardPath(parsing: text) }

    /// A queue that warns after four hours and delivers a message to three, of whom some have a NOTIFY.
    private func delivering(
        notify: [String: RecipientParameters.Conditions] = [:], from sender: String = "<anna@hq.example>"
    ) throws -> QueueTranscript {
        var queue = try holding(notify: notify, from: sender)
        _ = try queue.etrn(Self.branch)
        queue.connected(Self.branch)
        _ = queue.next(Self.branch)
        return queue
    }

    private func holding(
        notify: [String: RecipientParameters.Conditions] = [:], from sender: String = "<anna@hq.example>"
    ) throws -> QueueTranscript {
        var queue = QueueTranscript(
            QueueTranscript.configuration {
                $0.onDemandDomains = [domain(Self.branch)]
                $0.warning = .hours(4)
            })
        var envelope = Envelope(
            reversePath: try ReversePath(parsing: sender), forwardPaths: try Self.recipients.map(path))
        for name in Self.recipients {
            envelope.options.recipients[try path(name)] = notify[name].map { conditions in
                var parameters = RecipientParameters()
                parameters.notify = conditions
                return parameters
            }
        }
        queue.hold(envelope)
        return queue
    }

    private func lines(_ reports: [DeliveryReport]) -> [String] {
        reports.flatMap { report in
            report.recipients.map { "\($0.path) \($0.action.rawValue) \($0.status)" }
        }
    }

    // C016
    @Test func `a refused message is one report for all its recipients`() throws {
        var queue = try delivering()
        queue.refused(MessageID(1), Self.branch, [try path(Self.recipients[0])])
        #expect(queue.reports().isEmpty)
        queue.refused(MessageID(1), Self.branch)
        let reports = queue.reports()
        #expect(reports.count == 1)
        #expect(lines(reports) == Self.recipients.map { "\($0) failed 5.0.0" })
        #expect(reports.first?.sender == (try Mailbox(parsing: "anna@hq.example")))
    }

    // C012
    @Test func `of three recipients only the refused one is reported`() throws {
        var queue = try delivering()
        let (ann, bob, cy) = (Self.recipients[0], Self.recipients[1], Self.recipients[2])
        queue.refused(MessageID(1), Self.branch, [try path(bob)])
        queue.delivered(MessageID(1), Self.branch, to: [try path(ann), try path(cy)])
        #expect(lines(queue.reports()) == ["\(bob) failed 5.0.0"])
    }

    @Test func `what was refused is reported even when the connection breaks then`() throws {
        var queue = try delivering()
        queue.refused(MessageID(1), Self.branch, [try path(Self.recipients[1])])
        queue.connectionEnds(Self.branch)
        #expect(lines(queue.reports()) == ["\(Self.recipients[1]) failed 5.0.0"])
    }

    // C043, RFC 5321 §4.5.5
    @Test func `nothing is ever reported of a message from nobody`() throws {
        var queue = try delivering(from: "<>")
        queue.refused(MessageID(1), Self.branch)
        var waiting = try holding(from: "<>")
        waiting.sleep(until: .hours(5))
        waiting.sleep(until: .days(3))
        #expect(queue.reports().isEmpty && waiting.reports().isEmpty && waiting.queue.count == 0)
    }

    // C042, RFC 3461 §4.1
    @Test(
        arguments: [
            (nil, "failed delayed"), (.never, ""), (.failure, "failed"), (.delay, "delayed"), (.success, "relayed"),
            ([.success, .failure, .delay], "failed delayed relayed"),
        ] as [(RecipientParameters.Conditions?, String)])
    func `NOTIFY says which reports there are`(conditions: RecipientParameters.Conditions?, reported: String) throws {
        let notify = conditions.map { wanted in
            Dictionary(uniqueKeysWithValues: Self.recipients.map { ($0, wanted) })
        }
        var refused = try delivering(notify: notify ?? [:])
        refused.refused(MessageID(1), Self.branch)
        var late = try holding(notify: notify ?? [:])
        late.sleep(until: .days(1))
        var relayed = try delivering(notify: notify ?? [:])
        relayed.delivered(MessageID(1), Self.branch, peerReports: false)
        let actions = (refused.reports() + late.reports() + relayed.reports()).map(\.action.rawValue)
        #expect(actions.joined(separator: " ") == reported)
    }

    // DSN-10, RFC 3461 §5.2.8
    @Test func `a report tells only of the recipients of whom the sender wants to hear`() throws {
        var queue = try delivering(notify: [Self.recipients[0]: .never, Self.recipients[2]: .delay])
        queue.refused(MessageID(1), Self.branch)
        #expect(lines(queue.reports()) == ["\(Self.recipients[1]) failed 5.0.0"])
    }

    // C040, C041, RFC 3461 §5.2.1, §5.2.2
    @Test(arguments: [true, false])
    func `success is reported as relayed when the next host sends no reports`(peerReports: Bool) throws {
        var queue = try delivering(notify: [Self.recipients[0]: .success])
        queue.delivered(MessageID(1), Self.branch, peerReports: peerReports)
        #expect(lines(queue.reports()) == (peerReports ? [] : ["\(Self.recipients[0]) relayed 2.1.9"]))
    }

    // C052
    @Test func `a message that waits is reported once as late, and then as failed`() throws {
        var queue = try holding()
        queue.sleep(until: .days(9))
        let late = queue.reports()
        #expect(queue.now == .beginning + .hours(4))
        #expect(lines(late) == Self.recipients.map { "\($0) delayed 4.4.1" })
        #expect(late.first?.recipients.first?.retriesUntil == .beginning + .days(2))
        queue.sleep(until: .days(9))
        #expect(queue.now == .beginning + .days(2))
        #expect(lines(queue.reports()) == Self.recipients.map { "\($0) failed 5.4.7" })
    }

    @Test func `the reply that put a message off is in its later reports`() throws {
        var queue = try delivering()
        queue.deferred(MessageID(1), Self.branch, "452 4.2.2 mailbox full")
        queue.connectionEnds(Self.branch)
        _ = queue.reports()
        queue.sleep(until: .hours(4))
        let late = try #require(queue.reports().first)
        #expect(lines([late]).first == "\(Self.recipients[0]) delayed 4.2.2")
        queue.sleep(until: .days(9))
        let failed = try #require(queue.reports().first?.recipients.first)
        #expect(failed.reply?.description == "452 4.2.2 mailbox full" && failed.lastAttempt == .beginning)
    }

    // C013
    @Test func `so is what was said to a recipient alone`() throws {
        var queue = try delivering()
        queue.putOff(MessageID(1), Self.branch, "450 4.2.1 busy")
        queue.delivered(MessageID(1), Self.branch, to: [try path(Self.recipients[0])])
        queue.connectionEnds(Self.branch)
        _ = queue.reports()
        queue.sleep(until: .hours(4))
        #expect(lines(queue.reports()) == Self.recipients.dropFirst().map { "\($0) delayed 4.2.1" })
    }

    // RFC 3461 §5.2.3
    @Test func `mail for this host's own postmaster is delivered, and reported if that was asked for`() throws {
        var queue = QueueTranscript.provider
        var envelope = Envelope(
            reversePath: try ReversePath(parsing: "<anna@hq.example>"), forwardPaths: [.postmaster])
        queue.hold(envelope)
        envelope.options.recipients[.postmaster] = {
            var parameters = RecipientParameters()
            parameters.notify = .success
            return parameters
        }()
        queue.hold(envelope)
        #expect(lines(queue.reports()) == ["<Postmaster> delivered 2.1.5"])
    }
}
