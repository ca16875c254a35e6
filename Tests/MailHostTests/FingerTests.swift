import MailQueue
import SMTP
import Testing
import Timebase

@testable import MailHost

/// Finger at a mail host: who may release what, and how many may ask at a time.
struct FingerTests {
    private var host: MailHost
    private let branch: MailHost.Peer
    private var closed: Set<SessionID> = []

    init() throws {
        let domain = try Domain(parsing: "branch.example")
        let name = try Domain(parsing: "mail.isp.example")
        branch = MailHost.Peer(address: "192.0.2.130", domains: [domain])
        var configuration = MailHostConfiguration(
            name: name, label: "server", begins: CalendarDate(nanosecondsSince1970: 0),
            smtp: SMTPServerConfiguration(hostName: name), queue: QueueConfiguration(), owners: [[domain]])
        configuration.sessionLimitPerAddress = 2
        host = MailHost(configuration, store: MemoryStore())
        let recipient = ForwardPath.mailbox(try Mailbox(localPart: "office", domain: domain))
        let envelope = Envelope(reversePath: .null, forwardPaths: [recipient])
        host.take([.init(envelope: envelope, content: .octets([0x0d, 0x0a]))], at: .beginning)
        _ = wants()
    }

    /// What the host wants of its driver: whom it says what, and where it connects to.
    private mutating func wants() -> [String] {
        var wants: [String] = []
        while let action = host.nextAction() {
            switch action {
            case .send(let id):
                var octets: [UInt8] = []
                let isOver = host.takeOutput(of: id, upTo: .max, into: &octets, at: .beginning)
                if !octets.isEmpty { wants.append(String(decoding: octets, as: UTF8.self).trimmed) }
                if isOver, closed.insert(id).inserted { wants.append("close") }
            case .connect(_, let domain): wants.append("connect \(domain)")
            default: break
            }
        }
        return wants
    }

    private mutating func asks(_ query: String, on id: SessionID) -> [String] {
        host.receive(Array("\(query)\r\n".utf8).span.bytes, on: id, at: .beginning)
        return wants()
    }

    @Test mutating func `the answer goes out before the reverse connection that it promises`() {
        let id = host.fingerAccepted(branch, at: .beginning)
        #expect(wants() == [])
        #expect(
            asks("branch.example", on: id) == [
                "OK, 1 pending messages for node branch.example started", "close", "connect branch.example",
            ])
    }

    @Test mutating func `who is nobody's host starts nothing`() {
        let id = host.fingerAccepted(.init(address: "192.0.2.131"), at: .beginning)
        #expect(
            asks("branch.example", on: id) == [
                "Node branch.example not allowed: not one of your domains", "close",
            ])
    }

    @Test mutating func `connections are counted with all others, until they are gone`() {
        let ids = (1...2).map { _ in host.fingerAccepted(branch, at: .beginning) }
        #expect(wants() == [])
        let third = host.fingerAccepted(branch, at: .beginning)
        #expect(wants() == ["Too many connections from you, try again later", "close"])
        for id in ids + [third] { host.closed(id, reason: "closed", at: .beginning) }
        _ = host.fingerAccepted(branch, at: .beginning)
        #expect(wants() == [])
    }

    @Test mutating func `who says nothing for a minute, or closes its side, is let go`() {
        _ = host.fingerAccepted(branch, at: .beginning)
        let other = host.fingerAccepted(branch, at: .beginning)
        _ = wants()
        host.peerClosed(other, at: .beginning)
        #expect(wants() == ["close"])
        #expect(host.deadline == .beginning + .minutes(1))
        host.deadlineReached(at: .beginning + .minutes(1))
        #expect(wants() == ["close"])
    }
}

extension String {
    fileprivate var trimmed: String { hasSuffix("\r\n") ? String(dropLast()) : self }
}
