import Events
import Report
import Testing
import Timebase

struct SumsTests {
    private func record(of happenings: [Happening]) -> RunRecord {
        happenings.reduce(into: RunRecord()) {
            $0.receive(Event(at: .beginning, host: "branch", happening: $1))
        }
    }

    @Test func `a run is summed up in one line`() {
        let domain = "branch.example"
        let connecting = Happening.flushConnecting(domain: domain, address: "192.0.2.130", port: 25)
        let deliveries = (1...15).map { Happening.flushDelivered(domain: domain, message: $0, octets: 28_160) }
        let record = record(of: [.modemDials(number: "555-0100"), .etrnSent(domain: domain), connecting] + deliveries)
        let sums = Sums(
            record: record, packets: 2_318, virtual: .milliseconds(250_999), wall: .milliseconds(39))
        #expect(sums.text == "1 call, 1 flush, 15 messages delivered, 412 KiB, 2,318 packets, 4m10s virtual in 0.03 s")
    }

    @Test func `a flush over the office's own connection counts as well`() {
        let record = record(of: [.reversalSent(.atrn, domains: ""), .flushReversed(domain: "branch.example")])
        let sums = Sums(record: record, packets: 0, virtual: .zero, wall: .zero)
        #expect(sums.text.hasPrefix("0 calls, 1 flush, "))
    }

    @Test func `an ETRN that starts nothing is no flush`() {
        let record = record(of: [
            .etrnSent(domain: "branch.example"), .etrnAnswered(domain: "branch.example", code: 251, text: "nothing"),
        ])
        let sums = Sums(record: record, packets: 0, virtual: .zero, wall: .zero)
        #expect(sums.text.hasPrefix("0 calls, 0 flushes, "))
    }

    @Test func `a run in which nothing happened has its sums too`() {
        let sums = Sums(record: RunRecord(), packets: 1, virtual: .milliseconds(1_250), wall: .seconds(1_234))
        #expect(
            sums.text == "0 calls, 0 flushes, 0 messages delivered, 0 octets, 1 packet, 1.25s virtual in 1,234.00 s")
    }

    @Test(arguments: [
        (1, "1 octet"), (1_023, "1,023 octets"), (1_024, "1 KiB"), (1_572_864, "1.5 MiB"), (5 << 30, "5.0 GiB"),
    ])
    func `octets are summed in the greatest unit that leaves a whole part`(octets: Int, text: String) {
        let record = record(of: [.flushDelivered(domain: "a.example", message: 1, octets: octets)])
        let sums = Sums(record: record, packets: 0, virtual: .zero, wall: .zero)
        #expect(sums.text == "0 calls, 0 flushes, 1 message delivered, \(text), 0 packets, 0s virtual in 0.00 s")
    }
}
