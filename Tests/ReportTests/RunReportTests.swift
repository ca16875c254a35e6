import Events
import Report
import Testing
import Timebase

@testable import Scenario

struct RunReportTests {
    private static let story: [(Int64, Happening)] = [
        (0, .modemDials(number: "555-0100")),
        (20, .carrierUp(call: 1, port: 1, receiveRate: 33_600, transmitRate: 31_200)),
        (25, .linkUp(address: "192.0.2.130", peer: "192.0.2.25")),
        (26, .etrnSent(domain: "branch.example")),
        (27, .etrnAnswered(domain: "branch.example", code: 253, text: "OK, 2 pending \"messages\"")),
        (28, .flushConnecting(domain: "branch.example", address: "192.0.2.130", port: 25)),
        (29, .flushConnected(domain: "branch.example")),
        (30, .flushGreeted(domain: "branch.example", address: "192.0.2.130", code: 220)),
        (31, .flushMessageStarted(domain: "branch.example", message: 1, octets: 4_512)),
        (35, .flushDelivered(domain: "branch.example", message: 1, octets: 4_512)),
        (36, .flushMessageStarted(domain: "branch.example", message: 2, octets: 900)),
        (40, .carrierLost(call: 1, reason: "line cut")),
    ]

    private func report(engine: EngineFigures?) throws -> RunReport {
        let begins = try #require(CalendarDate(parsing: "1999-03-01T08:00:00Z"))
        var record = RunRecord()
        for (seconds, happening) in RunReportTests.story {
            record.receive(Event(at: .beginning + .seconds(seconds), host: "branch", happening: happening))
        }
        return RunReport(
            version: "1.0", scenario: "branch-office.yaml", title: "A branch office", seed: .max, begins: begins,
            ended: .beginning + .seconds(60), isInterrupted: false,
            expectations: [
                ExpectationResult(
                    text: "nothing is lost", place: "branch-office.yaml:41:5", holds: true, got: "0 messages",
                    expected: "0 messages", tolerance: .exact, cause: nil)
            ], record: record, packets: 77, engine: engine)
    }

    @Test func `a run is kept with every call, flush and message`() throws {
        #expect(
            try report(engine: nil).text == """
                {
                  "v": 1,
                  "version": "1.0",
                  "scenario": "branch-office.yaml",
                  "title": "A branch office",
                  "seed": 18446744073709551615,
                  "begins": "1999-03-01T08:00:00Z",
                  "time-unit": "ns",
                  "ended": 60000000000,
                  "interrupted": false,
                  "passed": true,
                  "expectations": [
                    {"text": "nothing is lost", "at": "branch-office.yaml:41:5", "holds": true, "got": "0 messages", \
                "expected": "0 messages", "tolerance": "none", "cause": null}
                  ],
                  "flushes": [
                    {
                      "domain": "branch.example",
                      "client": "branch",
                      "call": 0,
                      "dialled": 0,
                      "carrier": 20000000000,
                      "ppp-up": 25000000000,
                      "asked-by": "ETRN",
                      "etrn-sent": 26000000000,
                      "etrn-reply": {"at": 27000000000, "code": 253, "text": "OK, 2 pending \\"messages\\""},
                      "reverse-syn": 28000000000,
                      "established": 29000000000,
                      "greeting": 30000000000,
                      "messages": [
                        {"number": 1, "octets": 4512, "started": 31000000000, "accepted": 35000000000},
                        {"number": 2, "octets": 900, "started": 36000000000, "accepted": null}
                      ],
                      "delivered": 1,
                      "octets": 4512,
                      "end": null,
                      "phases": {"reply": 1000000000, "reverse-syn": 1000000000, "connect": 1000000000, \
                "greeting": 1000000000, "dialogue": 1000000000, "transfer": 4000000000},
                      "report": null
                    }
                  ],
                  "calls": [
                    {"client": "branch", "number": 1, "dialled": 0, "training": null, "carrier": 20000000000, \
                "receive-rate": 33600, "transmit-rate": 31200, "ppp-up": 25000000000, "end": 40000000000, \
                "online": 20000000000, "failure": "line cut"}
                  ],
                  "totals": {"calls": 1, "flushes": 1, "queued": 0, "delivered": 1, "delivered-octets": 4512, \
                "stored": 0, "duplicates": 0, "refused": 0, "expired": 0, "packets": 77}
                }

                """)
    }

    @Test func `what the run cost comes last, and nothing else changes`() throws {
        let figures = EngineFigures(
            packets: 77, events: 12, steps: 500, wall: .milliseconds(30), processor: .milliseconds(20),
            peakResidentOctets: 1_048_576, memory: HostMemory(hosts: 2, before: 10, built: 6_010, samples: []))
        let without = try report(engine: nil).text
        #expect(
            try report(engine: figures).text == without.dropLast(3) + """
                ,
                  "engine": {"packets": 77, "events": 12, "steps": 500, "wall": 30000000, "processor": 20000000, \
                "packets-per-processor-second": 3850, "steps-per-processor-second": 25000, \
                "peak-resident-octets": 1048576, "hosts": 2, "resident-octets-per-host": 3000, \
                "most-hosts-online": 0, "more-resident-octets-per-host-online": null}
                }

                """)
    }

    @Test func `one expectation that does not hold fails the run`() throws {
        var report = try report(engine: nil)
        report.expectations[0].holds = false
        #expect(report.text.contains(#""passed": false"#))
    }
}
