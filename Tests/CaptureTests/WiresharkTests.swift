import Capture
import TestSupport
import Testing
import Timebase

/// What a user of Wireshark sees in our captures, through its command-line twin.
struct WiresharkTests {
    private let folder: TemporaryFolder
    private let capture: String

    init() throws {
        folder = try TemporaryFolder()
        capture = folder.file("run.pcapng")
        try SampleCapture.write(to: capture)
    }

    /// One line per frame that matches, columns separated by a bar.
    private func fields(_ names: [String], where filter: String, _ options: [String] = ["-n"]) throws -> [String] {
        let output = try ExternalTool("tshark", package: "tshark").run(
            options + ["-r", capture, "-Y", filter, "-T", "fields", "-E", "separator=|"]
                + names.flatMap { ["-e", $0] })
        return output.split(separator: "\n").map(String.init)
    }

    @Test func `nothing is wrong with a capture`() throws {
        let check = try TsharkCheck(capture: capture)
        #expect(check.problems == [])
        #expect(check.frames == SampleCapture.dialogue.count + 3)
        #expect(check.crcErrors == 1)
        #expect(check.losses == [])
    }

    @Test func `the dialogue can be followed`() throws {
        let check = try TsharkCheck(capture: capture)
        #expect(check.streams == [.init(index: 0, client: "192.0.2.130:1025", server: "192.0.2.1:25")])
        let (client, server) = try check.followed(stream: 0)
        #expect(client == Array("ETRN branch.example\r\n".utf8))
        #expect(server == Array("220 mail.isp.example\r\n".utf8))
    }

    @Test func `addresses have names`() throws {
        let names = try fields(["ip.src_host", "ip.dst_host"], where: "smtp.req", ["-N", "n"])
        #expect(names == ["branch.example|mail.isp.example"])
    }

    @Test func `frames have their interface and direction and no comment`() throws {
        let seen = try fields(
            ["frame.interface_name", "frame.interface_description", "frame.p2p_dir", "frame.comment"], where: "smtp")
        let place = "\(SampleCapture.interface.name)|\(SampleCapture.interface.description)"
        #expect(seen == ["\(place)|0|", "\(place)|1|"])
    }

    @Test func `a wrong FCS is flagged`() throws {
        #expect(try fields(["frame.protocols"], where: "frame.packet_flags_crc_error == 1") == ["ppp:ip:icmp:data"])
    }

    @Test func `events stand between the frames with their time`() throws {
        let events = try fields(
            ["frame.time_epoch", "systemd_journal.message", "systemd_journal.priority", "systemd_journal.hostname"],
            where: "systemd_journal")
        #expect(
            events == [
                "920253600.000000000|dials 5550100|5|", "920253620.900000000|NO CARRIER|4|branch",
            ])
        let ours = try fields(["frame.number"], where: "systemd_journal.field.value == \"carrier.lost\"")
        #expect(ours == ["8"])
    }

    @Test func `the file says what wrote it, the rate, and keeps strict time order`() throws {
        let report = try ExternalTool("capinfos", package: "tshark").run([capture])
        for line in [
            "Capture application: Ringback test", "Strict time order:   True",
            "Time precision = nanoseconds (9)", "Speed = 33600", "Encapsulation = PPP", "Capture length = 262144",
            "Number of stat entries = 1", "Number of resolved IPv4 addresses in file: 2",
        ] {
            #expect(report.contains(line), "\(line) is not in\n\(report)")
        }
    }
}

struct TsharkCheckTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func write(_ frames: [[UInt8]]) throws -> String {
        let path = folder.file("run.pcapng")
        var writer = try PcapngWriter(path: path, begins: SampleCapture.begins, application: "test")
        try writer.append(SampleCapture.interface)
        for (index, frame) in frames.enumerated() {
            try writer.append(
                frame,
                as: CapturedPacket(
                    at: .beginning + .milliseconds(Int64(index)), interface: 0, direction: .inbound))
        }
        try writer.finish()
        return path
    }

    @Test func `a wrong checksum is found`() throws {
        var frame = SampleFrame.tcp(flags: SampleFrame.syn, sequence: 1)
        frame[frame.count - 4] ^= 1
        let check = try TsharkCheck(capture: write([SampleFrame.tcp(flags: SampleFrame.syn, sequence: 1), frame]))
        #expect(check.badChecksums == 1)
        #expect(check.problems.count == 2)
    }

    @Test func `a frame that ends too early is found`() throws {
        let check = try TsharkCheck(capture: write([SampleFrame.lcpRequest.dropLast(3)]))
        #expect(check.malformed == 1)
        #expect(!check.problems.isEmpty)
    }

    @Test func `an unknown protocol is found`() throws {
        let check = try TsharkCheck(capture: write([[0xFF, 0x03, 0x42, 0x43, 1, 2, 3]]))
        #expect(check.problems == ["unknown protocol: 1 frames"])
    }

    @Test func `a segment sent again is counted and no problem`() throws {
        let greeting = SampleCapture.dialogue[4].frame
        let check = try TsharkCheck(capture: write(SampleCapture.dialogue.map(\.frame) + [greeting]))
        #expect(check.losses == ["retransmission: 1 frames"])
        #expect(check.problems == [])
    }

    @Test func `a segment that is missing is counted and no problem`() throws {
        var frames = SampleCapture.dialogue.map(\.frame)
        frames.remove(at: 4)
        let check = try TsharkCheck(capture: write(frames))
        #expect(check.lostSegments > 0)
        #expect(check.problems == [])
    }

    @Test func `frames out of time order are found`() throws {
        // Three frames of a file whose times say 1, 0 and 2 milliseconds.
        let path = try write([SampleFrame.lcpRequest, SampleFrame.lcpRequest, SampleFrame.lcpRequest])
        var octets = try folder.octets(of: "run.pcapng")
        let blocks = octets.indices.dropLast(4).filter { octets[$0..<$0 + 4] == [6, 0, 0, 0][...] }
        for index in 0..<4 { octets.swapAt(blocks[0] + 16 + index, blocks[1] + 16 + index) }
        try folder.write(octets, to: "run.pcapng")
        #expect(try TsharkCheck(capture: path).problems == ["out of time order: 1 frames"])
    }

    @Test func `a damaged file is an error`() throws {
        let path = try write([SampleFrame.lcpRequest])
        try folder.write(folder.octets(of: "run.pcapng").dropLast(20), to: "run.pcapng")
        #expect(throws: ExternalTool.Failure.self) { try TsharkCheck(capture: path) }
    }

    @Test func `a missing tool is an error that says what to install`() {
        let error = #expect(throws: ExternalTool.Failure.self) {
            try ExternalTool("no-such-tool-of-ringback", package: "tshark")
        }
        #expect(error?.description == "no-such-tool-of-ringback is missing: apt-get install tshark")
    }
}
