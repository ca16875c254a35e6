import MailQueue
import Testing
import Timebase

/// Which messages a call brings, and in which order.
struct DeliveryOrderTests {
    private let name = "branch.example"

    private func provider(_ change: (inout QueueConfiguration) -> Void) -> QueueTranscript {
        QueueTranscript(
            QueueTranscript.configuration {
                $0.onDemandDomains = [domain(name)]
                change(&$0)
            })
    }

    /// Asks, connects and delivers all that is handed out.
    private func call(_ provider: inout QueueTranscript) throws -> [Int] {
        provider.linkUp(name)
        #expect(try provider.etrn(name).hasPrefix("253 "))
        provider.connected(name)
        return provider.deliverAll(name)
    }

    @Test func `by itself mail goes as it arrived`() throws {
        var provider = provider { _ in }
        for size in [900, 100, 500] { try provider.mail(for: name, size: size) }
        #expect(try call(&provider) == [1, 2, 3])
    }

    @Test func `small mail first, equal sizes as they arrived`() throws {
        var provider = provider { $0.order = .smallFirst(patience: .hours(24)) }
        for size in [900, 100, 500, 100] { try provider.mail(for: name, size: size) }
        #expect(try call(&provider) == [2, 4, 3, 1])
    }

    @Test func `a large message that has waited long enough goes before all small ones`() throws {
        var provider = provider { $0.order = .smallFirst(patience: .hours(6)) }
        for size in [900, 800] { try provider.mail(for: name, size: size) }
        provider.at(.hours(6))
        for size in [200, 100] { try provider.mail(for: name, size: size) }
        #expect(try call(&provider) == [1, 2, 4, 3])
    }

    // PRI-3
    @Test(arguments: [DeliveryOrder.arrival, .smallFirst(patience: .hours(24))])
    func `a higher priority goes first whatever the order`(order: DeliveryOrder) throws {
        var provider = provider { $0.order = order }
        for (size, priority) in [(100, 0), (200, -4), (900, 4), (300, 9)] {
            try provider.mail(for: name, size: size, priority: priority)
        }
        #expect(try call(&provider) == [4, 3, 1, 2])
    }

    @Test func `what arrives during the call takes its place among what has not gone`() throws {
        var provider = provider { $0.order = .smallFirst(patience: .hours(24)) }
        for size in [900, 500, 100] { try provider.mail(for: name, size: size) }
        provider.linkUp(name)
        _ = try provider.etrn(name)
        provider.connected(name)
        let first = provider.next(name)
        for size in [50, 700] { try provider.mail(for: name, size: size) }
        provider.delivered(first, name)
        #expect(first?.number == 3)
        #expect(provider.deliverAll(name) == [4, 2, 5, 1])
    }

    @Test func `urgent mail during a call comes next`() throws {
        var provider = provider { _ in }
        for _ in 0..<3 { try provider.mail(for: name, size: 100) }
        provider.linkUp(name)
        _ = try provider.etrn(name)
        provider.connected(name)
        provider.delivered(provider.next(name), name)
        try provider.mail(for: name, size: 100, priority: 5)
        #expect(provider.deliverAll(name) == [4, 2, 3])
    }

    @Test func `a call brings no more than its budget, and the next call the rest`() throws {
        var provider = provider {
            $0.budget.octets = 1_000
            $0.minimalFlushInterval = .zero
        }
        for size in [600, 500, 300, 200] { try provider.mail(for: name, size: size) }
        // The second does not fit any more, the third does.
        #expect(try call(&provider) == [1, 3])
        provider.connectionEnds(name)
        #expect(
            provider.wants().last == "finished branch.example completed: 2 delivered, 2 left, 2 held back")
        let again = try provider.etrn(name)
        #expect(again.hasPrefix("458 4.5.0 ") && again.hasSuffix("this call has brought what it may, call again"))
        provider.linkDown(name)
        #expect(try call(&provider) == [2, 4])
    }

    @Test func `the first message of a call goes whatever its size`() throws {
        var provider = provider { $0.budget.octets = 1_000 }
        for size in [5_000, 100] { try provider.mail(for: name, size: size) }
        #expect(try call(&provider) == [1])
    }

    @Test func `after the time of a call nothing new begins`() throws {
        var provider = provider { $0.budget.time = .minutes(2) }
        for _ in 0..<3 { try provider.mail(for: name, size: 100) }
        provider.linkUp(name)
        _ = try provider.etrn(name)
        provider.connected(name)
        let first = provider.next(name)
        provider.at(.minutes(2))
        provider.delivered(first, name)
        #expect(provider.next(name) == nil)
        provider.connectionEnds(name)
        #expect(provider.wants().last == "finished branch.example completed: 1 delivered, 2 left, 2 held back")
    }

    @Test func `what is too large waits for the cheap hours`() throws {
        var provider = provider {
            // Virtual time begins at eight in the morning.
            $0.oversize = OversizeRule(
                limit: 500, hours: DailyHours(from: .hours(22), to: .hours(6), atBeginning: .hours(8)))
        }
        for size in [501, 500] { try provider.mail(for: name, size: size) }
        #expect(try call(&provider) == [2])
        provider.connectionEnds(name)
        provider.linkDown(name)
        provider.at(.hours(13))
        provider.linkUp(name)
        #expect(try provider.etrn(name).hasSuffix("what waits is too large for this hour"))
        provider.at(.hours(14))
        #expect(try call(&provider) == [1])
    }

    @Test(arguments: [
        (22, 6, 21, false), (22, 6, 22, true), (22, 6, 0, true), (22, 6, 5, true), (22, 6, 6, false), (1, 5, 1, true),
        (1, 5, 5, false), (1, 5, 0, false),
    ])
    func `hours may last past midnight`(from: Int64, to: Int64, hour: Int64, isIn: Bool) {
        let hours = DailyHours(from: .hours(from), to: .hours(to), atBeginning: .hours(8))
        #expect(hours.contains(.beginning + .hours((hour + 16) % 24 + 48)) == isIn)
    }

    @Test func `what is held back is not tried again at once, though it is tried unasked`() throws {
        var provider = provider {
            $0.triesUnasked = true
            $0.budget.octets = 1_000
            $0.oversize = OversizeRule(
                limit: 5_000, hours: DailyHours(from: .hours(22), to: .hours(6), atBeginning: .hours(8)))
        }
        provider.linkUp(name)
        for size in [600, 500, 9_000] { try provider.mail(for: name, size: size) }
        provider.connected(name)
        #expect(provider.deliverAll(name) == [1])
        provider.connectionEnds(name)
        #expect(provider.wants().last?.hasSuffix("1 delivered, 2 left, 2 held back") == true)
        // The call's budget is spent for a while, and the hour is not that of the large one.
        provider.sleep(until: .hours(1))
        #expect(provider.now == .beginning + .minutes(15) && provider.wants().isEmpty)
        provider.linkDown(name)
        provider.linkUp(name)
        provider.sleep(until: .hours(1))
        #expect(provider.wants() == ["connect branch.example"])
        provider.connected(name)
        #expect(provider.deliverAll(name) == [2])
        provider.connectionEnds(name)
        _ = provider.wants()
        provider.linkDown(name)
        provider.sleep(until: .hours(30))
        #expect(provider.now == .beginning + .hours(14) && provider.wants() == ["connect branch.example"])
    }
}
