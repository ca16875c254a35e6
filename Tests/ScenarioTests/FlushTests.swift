import Events
import Foundation
import Testing
import Timebase

@testable import Scenario

/// Flushes in a world, from ETRN to the last message.
struct FlushTests {
    @Test func `how long the rest will take is said after the first message, and comes true`() throws {
        let run = try WorldRun(
            Office.plain + """
                mail: [{for: branch.example, messages: 20, size: 2KiB..30KiB}]
                happens: [{at: +1m, branch: dial}]
                expects: [{lost: 0}]

                """)
        let predicted = try #require(run.events.first { $0.happening.name == .flushPredicted })
        guard case .flushPredicted(_, let messages, _, let milliseconds) = predicted.happening else { return }
        #expect(messages == 19)
        let end = try #require(run.instants(of: .flushDelivered).last)
        let took = (end - predicted.at).nanoseconds / 1_000_000
        #expect(abs(took - Int64(milliseconds)) < took / 5, "\(milliseconds) ms predicted, \(took) ms taken")
    }

    // Safe to hang up: an event of its own, whatever the host does then.
    @Test(arguments: ["when-flushed", "never"]) func `that all has come is said once`(hangsUp: String) throws {
        let run = try WorldRun(
            Office.plain + """
                    hangs-up: \(hangsUp)
                mail: [{for: branch.example, messages: 2, size: 2KiB}]
                happens: [{at: +1m, branch: dial}]
                expects: [{lost: 0}]

                """)
        let complete = run.instants(of: .retrievalComplete)
        #expect(complete.count == 1)
        #expect(try #require(complete.first) > #require(run.instants(of: .mailStored).last))
        #expect(run.instants(of: .linkDown).isEmpty == (hangsUp == "never"))
    }

    @Test(arguments: 0..<80)
    func `mail that arrives during a flush goes with it, and what comes later is held`(step: Int) throws {
        let run = try WorldRun(
            Office.plain + """
                    hangs-up: {after: 60s}
                mail:
                  - {for: branch.example, messages: 1, size: 2KiB}
                  - {for: branch.example, messages: 1, size: 2KiB, at: +\(74_000 + 50 * step)ms}
                happens: [{at: +1m, branch: dial}]

                """)
        let arrival = try #require(run.instants(of: .mailQueued).last)
        let completed = run.instants(of: .flushCompleted)
        let isLate = arrival > completed.last ?? .distantFuture
        #expect(completed.count == 1)
        #expect(run.held == (isLate ? 1 : 0))
        #expect(run.stored == (isLate ? 1 : 2, 0))
    }

    /// TIME-WAIT lasts four minutes on either side, and nothing comes of it.
    @Test func `a run ends with what happens in it, not with old connections`() throws {
        let run = try WorldRun(
            Office.plain
                + "mail: [{for: branch.example, messages: 1, size: 4KiB}]\nhappens: [{at: +1m, branch: dial}]\n")
        let onHook = try #require(run.instants(of: .modemOnHook).first)
        #expect(run.ended - onHook < .seconds(2))
    }

    @Test func `each domain of a host is asked for and told the truth about`() throws {
        let run = try WorldRun(
            """
            server:
              name: mail.isp.example
              address: 192.0.2.25
              ras:
                number: 555-0100
                users:
                  branch: {password: a, address: 192.0.2.130, domains: [branch.example, depot.example, idle.example]}
                  other: {password: b, address: 192.0.2.131, domains: [other.example]}
            clients:
              branch:
                domains: [Branch.Example, depot.example, idle.example, other.example, nobody.example]
                dials: {number: 555-0100, user: branch, password: a}
            mail:
              - {for: branch.example, messages: 2, size: 2KiB}
              - {for: depot.example, messages: 1, size: 2KiB}
              - {for: other.example, messages: 1, size: 2KiB}
            happens: [{at: +1m, branch: dial}]
            expects: [{flush: branch.example, messages: 2, completes-within: 1m}, {flush: depot.example, messages: 1}]

            """)
        #expect(
            run.texts(of: .etrnAnswered) == [
                "253 OK, 2 pending messages for node Branch.Example started",
                "253 OK, 1 pending messages for node depot.example started",
                "251 OK, no messages waiting for node idle.example",
                "459 Node other.example not allowed: not one of your domains",
                "459 Node nobody.example not allowed: no mail is held for it here",
            ])
        #expect(run.instants(of: .flushConnecting).count == 2)
        #expect(run.holds)
        #expect(run.held == 1)
    }

    @Test func `who calls again within the minimal interval is served at once`() throws {
        let run = try WorldRun(
            Office.plain + """
                mail:
                  - {for: branch.example, messages: 1, size: 2KiB}
                  - {for: branch.example, messages: 1, size: 2KiB, at: +90s}
                happens: [{at: +1m, branch: dial}, {when: server.mail.queued, count: 2, branch: dial}]

                """)
        #expect(run.record.flushes.map(\.replyCode) == [253, 253])
        #expect(run.stored == (2, 0))
    }

    @Test func `what is done every hour is done until the run ends, each time so long after the last`() throws {
        let run = try WorldRun(
            Office.plain + "lasts: 4h\nhappens: [{at: +10m..+20m, every: 1h, branch: dial}]\n")
        let calls = run.instants(of: .modemOffHook)
        #expect(zip(calls.dropFirst(), calls).map { $0 - $1 } == [.hours(1), .hours(1), .hours(1)])
    }

    @Test func `while the link is up the connection is tried again quickly, afterwards not at all`() throws {
        let run = try WorldRun(
            Office.plain.replacingOccurrences(of: "clients:", with: "  routes: {branch.example: 192.0.2.99}\nclients:")
                + """
                    hangs-up: {after: 20s}
                mail: [{for: branch.example, messages: 1, size: 2KiB}]
                happens: [{at: +1m, branch: dial}]

                """)
        let attempts = run.instants(of: .flushConnecting)
        #expect(zip(attempts.dropFirst(), attempts).map { $0 - $1 } == [1, 2, 4, 4, 4, 4].map { .seconds($0) })
        #expect(
            run.texts(of: .flushGaveUp) == [
                "server gives up the flush of branch.example, the link went down: "
                    + "0 delivered, 0 octets, 0 refused, 1 left"
            ])
        #expect(run.texts(of: .flushCompleted).isEmpty)
        #expect(run.held == 1)
    }

    @Test func `one flush too many is 458 with the reason, and its mail stays`() throws {
        let run = try WorldRun(
            Office.shops.replacingOccurrences(of: "clients:", with: "  queue: {concurrent-flushes: 1}\nclients:") + """
                mail: [{for: shop-*.example, messages: 2, size: 64KiB}]
                happens: [{at: +1m, shop-1: dial}, {when: shop-1.flush.connected, shop-2: dial}]
                lasts: 100s

                """)
        #expect(
            run.texts(of: .etrnAnswered) == [
                "253 OK, 2 pending messages for node shop-1.example started",
                "458 Unable to queue messages for node shop-2.example: too many flushes running",
            ])
        #expect(run.record.flushes.map(\.reverseSYN).map { $0 != nil } == [true, false])
    }

    @Test func `mail that may be tried unasked is tried by the schedule, and goes when it is asked for`() throws {
        let run = try WorldRun(
            Office.plain.replacingOccurrences(
                of: "clients:", with: "  queue: {tries-unasked: true, retry: [2m, 5m]}\nclients:") + """
                    mail: [{for: branch.example, messages: 1, size: 2KiB}]
                    happens: [{at: +8m, branch: dial}]

                    """)
        #expect(
            run.instants(of: .flushConnecting).dropLast().map { $0 - .beginning } == [0, 2, 7].map { .minutes($0) })
        #expect(
            run.texts(of: .flushGaveUp).allSatisfy {
                $0
                    == "server gives up the flush of branch.example, no route to host: "
                    + "0 delivered, 0 octets, 0 refused, 1 left"
            })
        #expect(run.record.flushes.last?.replyCode == 253)
        #expect(run.stored == (1, 0))
    }

    @Test func `mail that grew too old is gone before the branch asks`() throws {
        let run = try WorldRun(
            Office.plain.replacingOccurrences(of: "clients:", with: "  queue: {lifetime: 5m}\nclients:") + """
                mail: [{for: branch.example, messages: 2, size: 2KiB}]
                happens: [{at: +6m, branch: dial}]
                expects: [{lost: 0}]

                """)
        #expect(run.record.totals.expired == 2)
        #expect(run.record.flushes.map(\.replyCode) == [251])
        #expect(run.holds)
    }

    @Test func `a flush under way goes on when ETRN is switched off`() throws {
        let run = try WorldRun(
            Office.plain + """
                mail: [{for: branch.example, messages: 3, size: 2KiB}]
                happens: [{at: +1m, branch: dial}, {when: branch.flush.message, server: {set: {DisableETRN: 1}}}]

                """)
        #expect(run.record.flushes.map(\.replyCode) == [253])
        #expect(run.stored == (3, 0))
    }

    @Test func `ETRN that is switched off between EHLO and its use is 502`() throws {
        let run = try WorldRun(
            Office.plain + """
                mail: [{for: branch.example, messages: 1, size: 2KiB}]
                happens: [{at: +1m, branch: dial}, {when: branch.etrn.sent, server: {set: {DisableETRN: 1}}}]

                """)
        #expect(run.record.flushes.map(\.replyCode) == [502])
        #expect(run.held == 1)
    }
}
