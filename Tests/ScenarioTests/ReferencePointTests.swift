import Events
import Testing
import Timebase

@testable import Scenario

/// Situations in which other mail hosts were measured, and what becomes of them here.
///
/// Measured of Postfix 3.7.11 and Exim 4.96 on loopback: after one cut in a flush of forty messages, six messages came
/// twice from the one and two from the other; and after an ETRN that came before the listener, neither connected again
/// by itself in the time that was watched, the next attempt of Postfix being due after 300 s.
struct ReferencePointTests {
    /// Forty messages, one of them large; the line is cut when ten have been stored, before the tenth is acknowledged.
    private static func cut(offers: String) -> String {
        Office.plain + """
                offers: \(offers)
            mail:
              - {for: branch.example, messages: 20, size: 2KiB}
              - {for: branch.example, messages: 1, size: 200KiB}
              - {for: branch.example, messages: 19, size: 2KiB}
            happens:
              - {at: +1m, branch: dial}
              - {when: branch.mail.stored, count: 10, do: {drop-carrier: branch}}
              - {when: branch.link.down, count: 1, after: 15s, branch: dial}
            expects: [{lost: 0}]

            """
    }

    @Test func `a cut with a host that knows CHECKPOINT costs no duplicate`() throws {
        let run = try WorldRun(ReferencePointTests.cut(offers: "[checkpoint]"))
        #expect(run.stored == (40, 0) && run.held == 0 && run.holds)
    }

    /// RFC 1047: which of the two has the message cannot be known, so it is sent again; one connection has one at risk.
    @Test func `a cut with any other host costs one duplicate`() throws {
        let run = try WorldRun(ReferencePointTests.cut(offers: "[]"))
        #expect(run.stored == (41, 1) && run.held == 0 && run.holds)
    }

    @Test(arguments: Array(stride(from: 1, through: 85, by: 7)))
    func `a listener that comes late is found within five seconds`(lateness: Int) throws {
        let run = try WorldRun(
            Office.plain + """
                    listens-after: \(lateness)s
                mail: [{for: branch.example, messages: 1, size: 2KiB}]
                happens: [{at: +1m, branch: dial}]
                expects: [{lost: 0}]

                """)
        let listens = try #require(run.instants(of: .listenerUp).first)
        let connected = try #require(run.instants(of: .flushConnected).first)
        #expect(connected - listens < .seconds(5))
        #expect(run.stored == (1, 0) && run.holds)
    }
}
