import Events
import FlushService
import MailHost
import MailQueue
import SMTP
import TestSupport
import Testing
import Timebase

/// A service on loopback for a test, with what happens to it.
struct Site {
    let service: MailService
    let events: Events
    let folder: TemporaryFolder

    /// What has happened, in its order; who waits for an event gets it whether it is over or still to come.
    actor Events {
        private var events: ArraySlice<Event> = []
        private let stream: AsyncStream<Event>
        nonisolated let continuation: AsyncStream<Event>.Continuation

        init() { (stream, continuation) = AsyncStream.makeStream() }

        /// The next event of that name, of those that were not yet asked for.
        func next(_ name: Happening.Name) async -> Event? {
            var iterator = stream.makeAsyncIterator()
            while let event = await iterator.next(isolation: self) {
                if event.happening.name == name { return event }
            }
            return nil
        }

        /// What the next flush of a domain came to that was not given up.
        func nextFlush() async throws -> FlushReport {
            guard case .flushCompleted(let report) = try #require(await next(.flushCompleted)).happening else {
                preconditionFailure("an event of that name")
            }
            return report
        }

        /// How many events of a name come before the next one of another name, of those not yet asked for.
        func count(_ name: Happening.Name, before end: Happening.Name) async -> Int {
            var iterator = stream.makeAsyncIterator()
            var count = 0
            while let event = await iterator.next(isolation: self), event.happening.name != end {
                if event.happening.name == name { count += 1 }
            }
            return count
        }
    }

    /// A service that holds the mail of some domains.
    /// - Parameters:
    ///   - name: its host name.
    ///   - domains: whose mail it holds, each of another owner.
    ///   - routes: where their hosts are.
    ///   - folder: where its store is; nil for a new one.
    ///   - capture: what is captured of its traffic; nil for nothing.
    ///   - change: what else its plan has.
    /// - Throws: what the service says when it cannot begin.
    init(
        _ name: String, holds domains: [String], routes: [MailService.Route] = [], in folder: TemporaryFolder? = nil,
        capturing capture: MailService.Capture? = nil, _ change: (inout MailService.Plan) -> Void = { _ in }
    ) async throws {
        let folder = try folder ?? TemporaryFolder()
        let domains = try domains.map { try Domain(parsing: $0) }
        var smtp = SMTPServerConfiguration(hostName: try Domain(parsing: name))
        smtp.recipients = RecipientPolicy(relayDomains: Set(domains))
        var host = MailHostConfiguration(
            name: try Domain(parsing: name), label: "m", begins: CalendarDate(nanosecondsSince1970: 0), smtp: smtp,
            queue: QueueConfiguration(), owners: domains.map { [$0] })
        host.queuesAllMail = true
        host.postmaster = try Mailbox(parsing: "postmaster@admin.example")
        var plan = MailService.Plan(
            host: host, listeners: [.init(address: "127.0.0.1", port: 0)], store: folder.path, routes: routes)
        change(&plan)
        let events = Events()
        service = try await MailService(plan, .init(plan, capturing: capture)) { events.continuation.yield($0) }
        self.events = events
        self.folder = folder
    }

    /// Lets Python's smtplib say something to the service; `s` is the connection, `out` prints a reply.
    func smtplib(_ script: String, port: Int? = nil) throws -> [String] {
        let program = """
            import smtplib, ssl, sys
            def out(reply): print(reply[0], reply[1].decode().replace("\\n", "|"))
            s = smtplib.SMTP("127.0.0.1", \(port ?? service.ports[0]), local_hostname="client.example", timeout=120)
            \(script)
            """
        return try ExternalTool("python3", package: "python3").run(["-c", program])
            .split(separator: "\n").map(String.init)
    }
}
