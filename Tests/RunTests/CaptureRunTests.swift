import Foundation
import TestSupport
import Testing

/// What Wireshark makes of the captures of whole runs.
struct CaptureRunTests {
    /// Every scenario but the one whose capture takes tshark a minute to read.
    static let scenarios = Ringback.scenarios.filter { $0 != "thousand-branches" }
    /// In these a line fails while it carries segments.
    static let lossy = ["carrier-drop-mid-message", "resume-after-drop", "lost-final-ack"]

    /// In these somebody says what is no command, and tshark remarks on it.
    static let strange = ["hostile-etrn-argument"]

    @Test(arguments: scenarios)
    func `nothing is wrong with a capture`(scenario: String) throws {
        let run = try Run(scenario, "--quiet")
        let check = try run.check()
        let isStrange = CaptureRunTests.strange.contains(scenario)
        #expect(check.problems.filter { !isStrange || !$0.hasSuffix("Trailing stray characters") } == [])
        #expect(check.crcErrors == 0)
        if !CaptureRunTests.lossy.contains(scenario) { #expect(check.losses == []) }
        let totals = try run.report().totals
        #expect(check.frames == (try totals.packets + run.events().count))
        let properties = try ExternalTool("capinfos", package: "tshark").run([run.capture])
        #expect(properties.contains("Strict time order:   True"))
    }

    @Test func `a line that fails in the middle of a message shows as what it is`() throws {
        let run = try Run("carrier-drop-mid-message", "--quiet")
        let warnings = try run.frames(
            where: "systemd_journal.priority <= 4", ["frame.number", "systemd_journal.message"])
        #expect(warnings.contains { $0.hasSuffix("|carrier dropped by the scenario") })
        let end = try #require(
            warnings.first { $0.hasSuffix("|NO CARRIER: the line failed") }?.split(separator: "|").first.flatMap {
                Int($0)
            })
        func frames(on interface: String) throws -> [Int] {
            try run.frames(where: "frame.interface_name == \"\(interface)\"", ["frame.number"]).compactMap { Int($0) }
        }
        let (before, after) = try (frames(on: "branch-call-1"), frames(on: "branch-call-2"))
        #expect(before.allSatisfy { $0 < end } && after.allSatisfy { $0 > end })
        #expect(before.count > 100 && after.count > 100)
    }

    @Test(arguments: ["branch-office", "carrier-drop-mid-message", "all-ports-busy"])
    func `every call is an interface with its rates`(scenario: String) throws {
        let run = try Run(scenario, "--quiet")
        let expected = try run.report().calls
            .compactMap { call in call.number.map { (number: $0, call: call) } }.sorted { $0.number < $1.number }
            .map { number, call in
                "\(call.client)-call-\(number), RAS port 1, call \(number) from \(call.client): "
                    + "transmits \(call.receiveRate) bit/s, receives \(call.transmitRate) bit/s, "
                    + "\(max(call.receiveRate, call.transmitRate))"
            }
        let properties = try ExternalTool("capinfos", package: "tshark").run([run.capture])
        func all(_ name: String) -> [String] {
            properties.split(separator: "\n")
                .compactMap { $0.split(separator: " \(name) = ").dropFirst().first.map(String.init) }
        }
        let interfaces = zip(zip(all("Name"), all("Description")), all("Speed")).map { "\($0.0), \($0.1), \($1)" }
        #expect(interfaces == expected)
        let seen = try run.frames(where: "ppp", ["frame.interface_name"])
        #expect(Set(seen) == Set(all("Name")))
    }

    @Test func `every frame has a direction that fits its addresses`() throws {
        let run = try Run("branch-office", "--quiet")
        let directions = try run.frames(where: "ppp", ["frame.p2p_dir", "ip.src"])
        #expect(Set(directions) == ["0|", "1|", "0|192.0.2.25", "1|192.0.2.130"])
        let hosts = try run.frames(where: "smtp.req", ["ip.src_host", "ip.dst_host"], ["-N", "n"])
        #expect(Set(hosts) == ["branch.example|mail.isp.example", "mail.isp.example|branch.example"])
    }

    @Test func `no frame goes out before the line has taken the one before it`() throws {
        let run = try Run("branch-office", "--quiet")
        let rate = try #require(run.report().calls.first?.receiveRate)
        let sent = try run.frames(
            where: "frame.p2p_dir == 0 && frame.interface_name == \"branch-call-1\"",
            ["frame.time_relative", "frame.len"]
        ).map { line in
            let fields = line.split(separator: "|")
            return try (at: #require(Double(fields[0])), octets: #require(Int(fields[1])))
        }
        #expect(sent.count > 100)
        for (frame, next) in zip(sent, sent.dropFirst()) {
            let airtime = Double(frame.octets * 8) / Double(rate)
            #expect(next.at - frame.at > airtime - 1e-6, "\(frame.octets) octets at \(frame.at) s")
        }
    }

    // RFC 2645 §4 has a port of its own, which Wireshark takes for nobody's unless it is told.
    @Test func `after ATRN the office greets and the server says EHLO, on one connection`() throws {
        let run = try Run("atrn-dynamic-address", "--quiet")
        let lines = try run.frames(
            where: "tcp.port == 366 && tcp.len > 0", ["tcp.stream", "tcp.srcport", "tcp.payload"])
        let first = try #require(lines.first?.split(separator: "|").first)
        let said = lines.map { $0.split(separator: "|") }.filter { $0[0] == first }
            .map { ($0[1] == "366" ? "S " : "C ") + text(ofHexadecimal: $0[2]) }
        let place = try #require(said.firstIndex { $0.hasPrefix("C ATRN\r\n") })
        #expect(said[place + 1].hasPrefix("S 250 2.0.0 "))
        #expect(said[place + 2].hasPrefix("C 220 mail.branch.example "))
        #expect(said[place + 3].hasPrefix("S EHLO mail.isp.example\r\n"))
        let asSMTP = ["-d", "tcp.port==366,smtp"]
        let problems = try run.frames(where: "_ws.malformed || _ws.expert.severity == error", ["frame.number"], asSMTP)
        #expect(problems.isEmpty)
        #expect(try run.frames(where: "smtp.req.command == \"ATRN\"", ["frame.number"], asSMTP).count == 3)
    }

    private func text(ofHexadecimal digits: some StringProtocol) -> String {
        let octets = stride(from: 0, to: digits.count - 1, by: 2).compactMap { place in
            let start = digits.index(digits.startIndex, offsetBy: place)
            return UInt8(digits[start..<digits.index(start, offsetBy: 2)], radix: 16)
        }
        return String(decoding: octets, as: UTF8.self)
    }

    @Test func `events stand between the frames in the order of the run`() throws {
        let run = try Run("branch-office", "--quiet")
        let names = try run.events().map { line in try #require(line.firstMatch(of: /"event":"(.+?)"/)).1 }
        let journal = try run.frames(where: "systemd_journal", ["systemd_journal.field.value"])
        #expect(journal.count == names.count)
        for (entry, name) in zip(journal, names) { #expect(entry.split(separator: ",").contains(name)) }
        let story = try run.frames(where: "systemd_journal", ["systemd_journal.message", "systemd_journal.hostname"])
        #expect(story.contains("ETRN branch.example|branch"))
    }
}
