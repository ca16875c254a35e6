import Foundation
import TestSupport
import Testing

/// What `run.json` says about a run.
struct RunReportFileTests {
    @Test func `a flush is told from the call to the last message`() throws {
        let run = try Run("branch-office", "--quiet")
        let report = try run.report()
        #expect(report.scenario == "Scenarios/branch-office.yaml")
        #expect(report.seed == 1_985)
        #expect(report.version == (try Ringback.run(["--version"]).output.trimmingCharacters(in: .newlines)))
        #expect(report.timeUnit == "ns")
        let flush = try #require(report.flushes.first)
        #expect(report.flushes.count == 1)
        #expect(flush.domain == "branch.example" && flush.client == "branch" && flush.call == 0)
        #expect(flush.etrnReply?.code == 253)
        #expect(flush.etrnReply?.text == "OK, 16 pending messages for node branch.example started")
        // ETRN opens the reverse connection even before its answer is through, so the answer stands aside.
        let course =
            [
                flush.dialled, flush.carrier, flush.pppUp, flush.etrnSent, flush.reverseSyn, flush.established,
                flush.greeting,
            ] + flush.messages.flatMap { [$0.started, $0.accepted] } + [flush.end]
        let instants = try course.map { try #require($0) }
        #expect(instants == instants.sorted())
        #expect(Set(instants).count > 16 + 7)
        #expect(flush.messages.count == 16 && flush.delivered == 16)
        #expect(flush.messages.map(\.octets).reduce(0, +) == flush.octets)
        #expect(flush.octets == report.totals.deliveredOctets)
    }

    @Test func `every call has its rate and its time online`() throws {
        let calls = try Run("carrier-drop-mid-message", "--quiet").report().calls
        #expect(calls.count == 3)
        for call in calls {
            let carrier = try #require(call.carrier)
            let end = try #require(call.end)
            #expect(call.online == end - carrier)
            #expect((2_400...33_600).contains(call.receiveRate) && (2_400...33_600).contains(call.transmitRate))
        }
        #expect(calls.map(\.failure) == ["the line failed", "the line failed", nil])
    }

    @Test func `every expectation has its figure`() throws {
        let expectations = try Run("branch-office", "--quiet").report().expectations
        #expect(expectations.count == 10)
        for expectation in expectations {
            #expect(expectation.holds && expectation.cause == nil)
            #expect(expectation.got.contains(/\d/), "\(expectation.got) is no figure")
            #expect(expectation.at.hasPrefix("Scenarios/branch-office.yaml:"))
        }
    }

    @Test func `what the run cost agrees with what it wrote`() throws {
        let run = try Run("morning-rush", "--quiet")
        let report = try run.report()
        let engine = report.engine
        #expect(engine.packets == report.totals.packets)
        #expect(engine.events == (try run.events().count))
        #expect(engine.steps > engine.events)
        #expect(engine.wall > 0 && engine.processor > 0)
        #expect(engine.peakResidentOctets > 1 << 20)
        #expect(engine.hosts == 50 && engine.residentOctetsPerHost > 0)
        #expect((1...8).contains(engine.mostHostsOnline))
        #expect(report.totals.calls == report.calls.count && report.totals.flushes == report.flushes.count)
        #expect(report.totals.delivered == 150 && report.totals.stored == 150 && report.totals.duplicates == 0)
    }

    @Test func `what did not happen is null`() throws {
        let report = try Run("wrong-password", "--quiet").report()
        #expect(report.flushes.isEmpty)
        let call = try #require(report.calls.first)
        #expect(call.carrier != nil && call.pppUp == nil)
        #expect(call.failure == "Access denied")
    }
}
