import MailQueue
import SMTP
import Testing
import Timebase

@testable import MailHost

/// How much a mail host keeps of messages that are still coming, when everybody sends at once.
struct ContentLimitTests {
    private var host: MailHost
    private let peer = MailHost.Peer(address: "192.0.2.1")

    init() throws {
        let domain = try Domain(parsing: "branch.example")
        let name = try Domain(parsing: "mail.isp.example")
        var smtp = SMTPServerConfiguration(hostName: name)
        smtp.recipients = RecipientPolicy(relayDomains: [domain])
        var configuration = MailHostConfiguration(
            name: name, label: "m", begins: CalendarDate(nanosecondsSince1970: 0), smtp: smtp,
            queue: QueueConfiguration(), owners: [[domain]])
        configuration.contentLimit = 10_000
        host = MailHost(configuration, store: MemoryStore())
    }

    /// A client sends something.
    /// - Returns: the codes of the replies to it.
    private mutating func say(_ text: String, on id: SessionID) -> [String] {
        host.say(text, on: id).map { String($0.prefix(3)) }
    }

    /// A client begins a message of so many octets.
    private mutating func begin(_ count: Int) -> SessionID {
        let id = host.accepted(peer, for: .mail, at: .beginning)
        let path = "office@branch.example"
        #expect(say("HELO x\r\nMAIL FROM:<a@hq.example>\r\nRCPT TO:<\(path)>\r\nDATA\r\n", on: id).last == "354")
        #expect(say(String(repeating: "x", count: count), on: id) == [])
        return id
    }

    @Test mutating func `the largest is refused for now, and the others are taken`() {
        let (small, large, other) = (begin(3_000), begin(5_000), begin(1_000))
        #expect(host.contentCount == 9_000)
        #expect(say(String(repeating: "x", count: 1_500), on: other) == [])
        #expect(host.contentCount == 5_500)
        #expect(say("\r\n.\r\n", on: large) == ["452"])
        #expect(say("\r\n.\r\n", on: small) == ["250"])
        #expect(say("\r\n.\r\n", on: other) == ["250"])
        #expect(host.contentCount == 0)
    }

    @Test mutating func `one that is too much by itself is refused`() {
        let id = begin(10_001)
        #expect(say("\r\n.\r\nNOOP\r\n", on: id) == ["452", "250"])
    }

    @Test mutating func `who goes leaves nothing behind`() {
        let (gone, quits) = (begin(4_000), begin(5_000))
        host.closed(gone, reason: "", at: .beginning)
        #expect(host.contentCount == 5_000)
        #expect(say("\r\n.\r\n", on: quits) == ["250"])
        #expect(host.contentCount == 0)
    }
}
