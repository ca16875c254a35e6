import Events
import MailHost
import MailQueue
import Registry
import SMTP
import Testing
import Timebase

@testable import Simulation

/// A message for more recipients than go in one transaction.
struct DividedDeliveryTests {
    // Q196818
    @Test func `MaxRecipients splits the recipients, and each gets the message once`() throws {
        var office = try SmallOffice()
        office.plan.clients[0].retrieves = .etrn
        office.plan.clients[0].hangsUp = .whenFlushed
        office.plan.server.registry.set(
            ExchangeValue.maxRecipients.rawValue, in: ExchangeParameters.key, to: .dword(2))
        office.at(1, .dial([0]))
        let paths = try (1...5).map { try ForwardPath(parsing: "<r\($0)@branch-1.example>") }
        let world = office.run {
            $0.server.mail.take(
                [
                    .init(
                        envelope: Envelope(reversePath: .null, forwardPaths: paths),
                        content: .octets(Array("x\r\n".utf8)))
                ], at: .beginning)
            $0.performMailActions()
        }
        let names = world.trace.events.map(\.happening.name)
        #expect(names.count { $0 == .flushMessageStarted } == 3)
        #expect(names.count { $0 == .mailStored } == 3)
        #expect(names.count { $0 == .flushDelivered } == 1)
        #expect(names.count { $0 == .flushCompleted } == 1)
        #expect(world.server.mail.queue.count == 0)
    }
}
