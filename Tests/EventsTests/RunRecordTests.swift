import Events
import Testing
import Timebase

struct RunRecordTests {
    @Test func `a call and its flush become one line of figures each`() throws {
        var record = RunRecord()
        for (seconds, happening) in RunRecordTests.story {
            record.receive(Event(at: .beginning + .seconds(seconds), host: "branch", happening: happening))
        }
        let call = try #require(record.calls.first)
        #expect(call.number == 1)
        #expect(call.receiveRate == 31_200)
        #expect(call.linkUp == at(25))
        #expect(call.online(until: at(100)) == .seconds(40))
        #expect(call.failure == nil)
        let flush = try #require(record.flushes.first)
        #expect(flush.call == 0)
        #expect(flush.replyCode == 253)
        #expect(flush.reverseSYN == at(28))
        #expect(flush.greeting == at(30))
        #expect(flush.delivered == 1)
        #expect(flush.octets == 4_512)
        #expect(flush.ended == at(58))
        #expect(record.totals.delivered == 1)
    }

    @Test func `a call that meets a busy tone ends there`() {
        var record = RunRecord()
        record.receive(Event(at: at(1), host: "branch", happening: .modemDials(number: "555-0100")))
        record.receive(Event(at: at(4), host: "branch", happening: .modemBusy(number: "555-0100")))
        #expect(record.calls.map(\.number) == [nil])
        #expect(record.calls.map(\.failure) == ["busy"])
        #expect(record.calls.map(\.ended) == [at(4)])
    }

    @Test func `a call that is over stays as it was when the next one comes to nothing before it dials`() {
        var record = RunRecord()
        for (seconds, happening) in RunRecordTests.story {
            record.receive(Event(at: at(seconds), host: "branch", happening: happening))
        }
        record.receive(Event(at: at(90), host: "branch", happening: .modemOffHook))
        record.receive(Event(at: at(91), host: "branch", happening: .modemNoCarrier))
        #expect(record.calls.map(\.failure) == [nil])
        #expect(record.calls.map(\.ended) == [at(60)])
    }

    @Test func `a message begun twice is delivered once`() {
        var record = RunRecord()
        let domain = "branch.example"
        for happening in [
            Happening.etrnSent(domain: domain), .flushMessageStarted(domain: domain, message: 7, octets: 10),
            .flushMessageStarted(domain: domain, message: 7, octets: 10),
            .flushDelivered(domain: domain, message: 7, octets: 10),
        ] {
            record.receive(Event(at: at(1), host: "branch", happening: happening))
        }
        #expect(record.flushes.map(\.delivered) == [1])
        #expect(record.flushes.map(\.messages.count) == [2])
    }

    @Test func `both ends may write a domain in their own way`() {
        var record = RunRecord()
        for happening in [
            Happening.etrnSent(domain: "Branch.Example"),
            .flushConnecting(domain: "branch.example", address: "192.0.2.130", port: 25),
            .flushCompleted(FlushReport(domain: "branch.example")),
        ] {
            record.receive(Event(at: at(1), host: "branch", happening: happening))
        }
        #expect(record.flushes.map(\.domain) == ["Branch.Example"])
        #expect(record.flushes.map(\.etrnSent) == [at(1)])
        #expect(record.flushes.map(\.ended) == [at(1)])
    }

    @Test func `a flush that was given up has not ended, and an unasked run is one of its own`() {
        var record = RunRecord()
        let domain = "branch.example"
        let happenings: [Happening] = [
            .etrnSent(domain: domain), .flushConnecting(domain: domain, address: "192.0.2.130", port: 25),
            .flushGaveUp(FlushReport(domain: domain, left: 1), reason: "the link went down"),
            .etrnSent(domain: domain), .flushConnecting(domain: domain, address: "192.0.2.130", port: 25),
            .flushCompleted(FlushReport(domain: domain, left: 1)),
            .flushConnecting(domain: domain, address: "192.0.2.130", port: 25),
            .flushCompleted(FlushReport(domain: domain, delivered: 1, octets: 10)),
        ]
        for (second, happening) in happenings.enumerated() {
            record.receive(Event(at: at(Int64(second)), host: "branch", happening: happening))
        }
        #expect(record.flushes.map(\.ended) == [nil, at(5), at(7)])
        #expect(record.flushes.map(\.etrnSent) == [at(0), at(3), nil])
    }

    // RFC 2645: one request, one reply, and a flush for each domain.
    @Test func `what came over a reversed connection is a flush of each domain`() {
        var record = RunRecord()
        let domains = ["branch.example", "quay.example"]
        let happenings: [Happening] =
            [.reversalSent(.atrn, domains: "")] + domains.map { .flushReversed(domain: $0) }
            + [.reversalAnswered(.atrn, code: 250, text: "OK")]
            + [.flushGreeted(domain: domains[0], address: "192.0.2.200", code: 220)]
            + domains.map { .flushCompleted(FlushReport(domain: $0)) }
            + [.reversalSent(.atrn, domains: ""), .reversalAnswered(.atrn, code: 453, text: "no mail")]
        for (second, happening) in happenings.enumerated() {
            record.receive(Event(at: at(Int64(second)), host: "branch", happening: happening))
        }
        #expect(record.replies.map(\.code) == [250, 453])
        #expect(record.flushes.map(\.domain) == domains && record.flushes.allSatisfy { $0.command == .atrn })
        #expect(record.flushes.map(\.etrnSent) == [at(0), at(0)])
        #expect(record.flushes.map(\.etrnAnswered) == [at(3), at(3)])
        #expect(record.flushes.map(\.established) == [at(1), at(2)])
        #expect(record.flushes.map(\.greeting) == [at(4), at(4)])
        #expect(record.flushes.map(\.ended) == [at(5), at(6)])
    }

    private static let story: [(Int64, Happening)] = [
        (0, .modemDials(number: "555-0100")),
        (20, .carrierUp(call: 1, port: 1, receiveRate: 31_200, transmitRate: 31_200)),
        (25, .linkUp(address: "192.0.2.130", peer: "192.0.2.25")),
        (26, .etrnSent(domain: "branch.example")),
        (27, .etrnAnswered(domain: "branch.example", code: 253, text: "OK")),
        (28, .flushConnecting(domain: "branch.example", address: "192.0.2.130", port: 25)),
        (29, .flushConnected(domain: "branch.example")),
        (30, .flushGreeted(domain: "branch.example", address: "192.0.2.130", code: 220)),
        (31, .flushMessageStarted(domain: "branch.example", message: 1, octets: 4_512)),
        (35, .flushDelivered(domain: "branch.example", message: 1, octets: 4_512)),
        (58, .flushCompleted(FlushReport(domain: "branch.example", delivered: 1, octets: 4_512))),
        (60, .modemOnHook(call: 1, onlineMilliseconds: 40_000)),
    ]

    private func at(_ seconds: Int64) -> Instant { .beginning + .seconds(seconds) }
}
