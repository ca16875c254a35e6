import MailQueue
import SMTP
import Testing
import Timebase

/// What an operator does to single messages of the queue.
@Suite struct OperatorTests {
    private static func provider(_ store: any QueueStore = MemoryStore()) throws -> QueueTranscript {
        var provider = QueueTranscript(
            QueueTranscript.configuration {
                $0.onDemandDomains = [domain("branch.example")]
                $0.minimalFlushInterval = .zero
            }, store: store)
        for _ in 1...3 { try provider.mail(for: "branch.example") }
        _ = provider.wants()
        return provider
    }

    @Test func `a message on hold is not counted and not delivered, and the others are`() throws {
        var provider = try Self.provider()
        try provider.queue.putOnHold(MessageID(2))
        #expect(try provider.etrn("branch.example").hasPrefix("253 2.5.0 OK, 2 pending"))
        provider.connected("branch.example")
        #expect(provider.deliverAll("branch.example") == [1, 3])
        provider.connectionEnds("branch.example")
        #expect(try provider.etrn("branch.example").hasPrefix("251"))
        #expect(provider.queue.messagesOnHold.map(\.id) == [MessageID(2)])
        #expect(provider.queue.count == 1 && provider.queue.octets > 0)
    }

    @Test func `a released message goes on in its place`() throws {
        var provider = try Self.provider()
        try provider.queue.putOnHold(MessageID(2))
        try provider.release(2)
        #expect(try provider.etrn("branch.example").hasPrefix("253 2.5.0 OK, 3 pending"))
        provider.connected("branch.example")
        #expect(provider.deliverAll("branch.example") == [1, 2, 3])
        #expect(provider.queue.octets == 0)
    }

    @Test func `a message that is released during a run goes in that run`() throws {
        var provider = try Self.provider()
        try provider.queue.putOnHold(MessageID(1))
        _ = try provider.etrn("branch.example")
        provider.connected("branch.example")
        #expect(provider.deliverAll("branch.example") == [2, 3])
        try provider.release(1)
        #expect(provider.wants().last == "message waits branch.example")
        #expect(provider.deliverAll("branch.example") == [1])
    }

    @Test func `a removed message is gone, and nobody hears of it`() throws {
        var provider = try Self.provider()
        try provider.queue.remove(MessageID(1))
        try provider.queue.putOnHold(MessageID(2))
        try provider.queue.remove(MessageID(2))
        #expect(provider.reports() == [])
        #expect(provider.queue.messages(for: domain("branch.example")).map(\.id) == [MessageID(3)])
        #expect(provider.queue.messagesOnHold == [])
        #expect(provider.queue.store.message(MessageID(1)) == nil)
    }

    @Test func `a message on hold does not expire, and does when it is released too late`() throws {
        var provider = try Self.provider()
        try provider.queue.putOnHold(MessageID(1))
        for _ in 1...9 { provider.sleep(until: .days(6)) }
        #expect(provider.wants().filter { $0.hasPrefix("expired") } == ["expired 2", "expired 3"])
        try provider.release(1)
        provider.sleep(until: .days(6))
        #expect(provider.wants().contains("expired 1"))
    }

    @Test func `what is on hold is on hold after a restart, too`() throws {
        var provider = try Self.provider()
        try provider.queue.putOnHold(MessageID(2))
        _ = provider.actions()
        var again = QueueTranscript(provider.queue.configuration, store: provider.queue.store)
        #expect(again.queue.messagesOnHold.map(\.id) == [MessageID(2)])
        #expect(again.queue.octets == provider.queue.octets)
        #expect(try again.etrn("branch.example").hasPrefix("253 2.5.0 OK, 2 pending"))
    }

    @Test func `what cannot be done is refused, and nothing has changed`() throws {
        var provider = try Self.provider()
        _ = try provider.etrn("branch.example")
        provider.connected("branch.example")
        #expect(provider.next("branch.example") == MessageID(1))
        #expect(throws: MailQueue.OperatorError.beingDelivered) { try provider.queue.putOnHold(MessageID(1)) }
        #expect(throws: MailQueue.OperatorError.beingDelivered) { try provider.queue.remove(MessageID(1)) }
        #expect(throws: MailQueue.OperatorError.noSuchMessage) { try provider.queue.remove(MessageID(9)) }
        #expect(throws: MailQueue.OperatorError.isNotOnHold) { try provider.release(2) }
        try provider.queue.putOnHold(MessageID(2))
        #expect(throws: MailQueue.OperatorError.isOnHold) { try provider.queue.putOnHold(MessageID(2)) }
        #expect(provider.deliverAll("branch.example") == [1, 3])
    }
}
