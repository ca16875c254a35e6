import MailQueue
import SMTP
import Testing
import Timebase

/// Messages for more recipients, and connections for fewer messages, than the peer takes at once.
@Suite struct DividedMessageTests {
    private let paths = ["<a@branch.example>", "<b@branch.example>", "<c@branch.example>"]

    private func hostWithMail() throws -> (QueueTranscript, Domain, [ForwardPath]) {
        var host = QueueTranscript.provider
        let parsed = try paths.map { try ForwardPath(parsing: $0) }
        host.queue.linkUp(try Domain(parsing: "branch.example"), at: host.now)
        try host.mail(for: paths[0], paths[1], paths[2])
        _ = try host.etrn("branch.example")
        host.connected("branch.example")
        _ = host.wants()
        return (host, try Domain(parsing: "branch.example"), parsed)
    }

    @Test func `a message goes on for those who are left, and these come first`() throws {
        var (host, _, all) = try hostWithMail()
        let id = MessageID(1)
        #expect(host.next("branch.example") == id)
        host.partlyDelivered(id, "branch.example", to: [all[0]], next: [all[2]])
        let rest = host.nextMessage("branch.example")
        #expect(rest?.id == id && rest?.envelope.forwardPaths == [all[2], all[1]] && rest?.attempts == 1)
        host.delivered(id, "branch.example")
        #expect(host.next("branch.example") == nil)
        host.connectionEnds("branch.example")
        #expect(host.wants() == ["finished branch.example completed: 1 delivered, 0 left"])
    }

    // RFC 1845 §5: after 355 the recipients are those of the first time.
    @Test func `each division of the recipients is another transfer`() throws {
        var (host, domain, _) = try hostWithMail()
        let id = MessageID(1)
        #expect(host.next("branch.example") == id)
        host.queue.divided(id, for: domain)
        host.connectionEnds("branch.example")
        _ = host.wants()
        #expect(host.queue.messages(for: domain).map(\.division) == [1])
    }

    // RFC 9422: a server may take so many messages for each connection.
    @Test func `what a full connection does not take goes over the next, at once and as if never tried`() throws {
        var (host, _, _) = try hostWithMail()
        let id = MessageID(1)
        #expect(host.next("branch.example") == id)
        host.connectionIsFull("branch.example")
        host.connectionEnds("branch.example")
        #expect(host.wants() == ["connect branch.example"])
        host.connected("branch.example")
        #expect(host.nextMessage("branch.example")?.attempts == 1)
        host.delivered(id, "branch.example")
        host.connectionEnds("branch.example")
        #expect(host.wants() == ["finished branch.example completed: 1 delivered, 0 left"])
    }
}
