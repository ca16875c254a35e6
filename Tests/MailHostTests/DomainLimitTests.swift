import MailQueue
import SMTP
import Testing
import Timebase

@testable import MailHost

/// How much mail is taken for a domain, and what a host does that is told something else.
struct DomainLimitTests {
    private var host: MailHost
    private var configuration: MailHostConfiguration
    private let branch: Domain
    private let peer = MailHost.Peer(address: "192.0.2.1")

    init() throws {
        let name = try Domain(parsing: "mail.isp.example")
        branch = try Domain(parsing: "branch.example")
        let depot = try Domain(parsing: "depot.example")
        var smtp = SMTPServerConfiguration(hostName: name)
        smtp.recipients = RecipientPolicy(relayDomains: [branch, depot])
        smtp.recipients.limits[branch] = .init(messageSize: 2_000)
        configuration = MailHostConfiguration(
            name: name, label: "m", begins: CalendarDate(nanosecondsSince1970: 0), smtp: smtp,
            queue: QueueConfiguration(), owners: [[branch], [depot]])
        configuration.heldLimits[branch] = 3_000
        host = MailHost(configuration, store: MemoryStore())
    }

    /// A client says something; what comes back are the codes and their enhanced ones.
    private mutating func say(_ text: String, on id: SessionID) -> [String] {
        host.say(text, on: id).map { String($0.prefix(9)) }
    }

    private mutating func connect() -> SessionID {
        let id = host.accepted(peer, for: .mail, at: .beginning)
        _ = say("HELO x\r\n", on: id)
        return id
    }

    private mutating func send(_ count: Int, to domain: String, on id: SessionID) -> [String] {
        let line = String(repeating: "x", count: 98) + "\r\n"
        let text = String(repeating: line, count: count / 100)
        return say("MAIL FROM:<a@hq.example>\r\nRCPT TO:<b@\(domain)>\r\nDATA\r\n\(text).\r\nRSET\r\n", on: id)
    }

    @Test mutating func `a domain that has too much waiting takes no more until it has less`() throws {
        let id = connect()
        #expect(send(1_500, to: "branch.example", on: id)[3] == "250 2.0.0")
        #expect(send(1_500, to: "branch.example", on: id)[3] == "250 2.0.0")
        let other = connect()
        for session in [id, other] {
            #expect(send(100, to: "branch.example", on: session)[1] == "452 4.2.2")
        }
        #expect(send(5_000, to: "depot.example", on: id)[3] == "250 2.0.0")
        try host.remove(MessageID(1), at: .beginning)
        #expect(send(100, to: "branch.example", on: other)[3] == "250 2.0.0")
    }

    @Test mutating func `a message that is too large for a domain is refused as soon as that is known`() {
        let id = connect()
        _ = say("EHLO x\r\n", on: id)
        #expect(
            say(
                "MAIL FROM:<a@hq.example> SIZE=2001\r\nRCPT TO:<b@branch.example>\r\nRCPT TO:<b@depot.example>\r\n",
                on: id)
                == ["250 2.1.0", "552 5.3.4", "250 2.1.5"])
        _ = say("RSET\r\n", on: id)
        #expect(send(2_100, to: "branch.example", on: id)[3] == "552 5.3.4")
        #expect(send(2_100, to: "depot.example", on: id)[3] == "250 2.0.0")
    }

    @Test mutating func `a limit holds from the moment it is set, for sessions that go on, too`() {
        let id = connect()
        #expect(send(1_500, to: "branch.example", on: id)[3] == "250 2.0.0")
        configuration.heldLimits[branch] = 1_000
        host.apply(configuration, at: .beginning)
        #expect(send(100, to: "branch.example", on: id)[1] == "452 4.2.2")
        configuration.heldLimits[branch] = nil
        host.apply(configuration, at: .beginning)
        #expect(send(100, to: "branch.example", on: id)[3] == "250 2.0.0")
    }

    @Test mutating func `mail is taken for another domain by the sessions that begin from now on`() throws {
        let id = connect()
        configuration.smtp.recipients = RecipientPolicy(relayDomains: [try Domain(parsing: "ship.example")])
        host.apply(configuration, at: .beginning)
        #expect(send(100, to: "branch.example", on: id)[3] == "250 2.0.0")
        let next = connect()
        #expect(send(100, to: "branch.example", on: next)[1] == "550 5.7.1")
        #expect(send(100, to: "ship.example", on: next)[3] == "250 2.0.0")
    }

    @Test mutating func `ETRN that is switched off is off at the next command`() {
        let id = connect()
        configuration.smtp.offersETRN = false
        host.apply(configuration, at: .beginning)
        #expect(say("ETRN branch.example\r\n", on: id).first?.hasPrefix("50") == true)
    }
}
