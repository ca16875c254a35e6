@testable import Capture
import Glibc
import TestSupport
import Testing
import Timebase

struct PcapWriterTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `a file has nanoseconds, PPP and its frames`() throws {
        var writer = try PcapWriter(path: folder.file("run.pcap"), begins: SampleCapture.begins)
        let frame: [UInt8] = [0xFF, 0x03, 0xC0, 0x21, 0x05]
        try writer.append(frame, at: Instant(nanoseconds: 1_000_000_007))
        #expect(try folder.files == ["run.pcap.partial"])
        try writer.finish()
        #expect(try folder.files == ["run.pcap"])
        #expect(
            try folder.octets(of: "run.pcap")
                == octets(
                    """
                    4D3CB2A1 02000400 00000000 00000000 00000400 09000000
                    A1F4D936 07000000 05000000 05000000 FF03C02105
                    """))
    }

    @Test func `tshark reads the frames with their times`() throws {
        let path = folder.file("run.pcap")
        var writer = try PcapWriter(path: path, begins: SampleCapture.begins)
        for (index, sample) in SampleCapture.dialogue.enumerated() {
            try writer.append(sample.frame, at: .beginning + .milliseconds(Int64(index)))
        }
        // The link left address, control and half of the protocol number out.
        try writer.append(
            Array(SampleFrame.echoRequest().dropFirst(3)), at: Instant(nanoseconds: 60_000_000_001))
        try writer.finish()
        let check = try TsharkCheck(capture: path)
        #expect(check.problems == [])
        #expect(check.frames == SampleCapture.dialogue.count + 1)
        let times = try ExternalTool("tshark", package: "tshark").run(
            ["-n", "-r", path, "-Y", "icmp", "-T", "fields", "-e", "frame.time_epoch"])
        #expect(times == "920253660.000000001\n")
    }

    @Test func `an abandoned or dropped file leaves nothing`() throws {
        var writer = try PcapWriter(path: folder.file("run.pcap"), begins: SampleCapture.begins)
        try writer.append(SampleFrame.lcpRequest, at: .beginning)
        writer.abandon()
        writer.abandon()
        do {
            var dropped = try PcapWriter(path: folder.file("run.pcap"), begins: SampleCapture.begins)
            try dropped.append(SampleFrame.lcpRequest, at: .beginning)
        }
        #expect(try folder.files == [])
    }

    @Test func `a full disk is told and the good file stays`() throws {
        try folder.write([1, 2, 3], to: "run.pcap")
        let path = folder.file("run.pcap")
        let full = CaptureError(.write, path, code: ENOSPC)
        var early = try PcapWriter(
            descriptor: open("/dev/full", O_WRONLY), name: PartialName(path: path), begins: SampleCapture.begins)
        let frame = SampleFrame.lcpRequest + [UInt8](repeating: 0, count: 100_000)
        #expect(throws: full) {
            for _ in 0..<4 { try early.append(frame, at: .beginning) }
        }
        #expect(throws: full) { try early.append(frame, at: .beginning) }
        #expect(throws: full) { try early.finish() }
        var late = try PcapWriter(
            descriptor: open("/dev/full", O_WRONLY), name: PartialName(path: path), begins: SampleCapture.begins)
        try late.append(SampleFrame.lcpRequest, at: .beginning)
        #expect(throws: full) { try late.finish() }
        #expect(try folder.files == ["run.pcap"])
        #expect(try folder.octets(of: "run.pcap") == [1, 2, 3])
    }

    @Test func `a folder that cannot be written to is told at once`() {
        let path = folder.file("missing/run.pcap")
        #expect(throws: CaptureError(.create, path, code: ENOENT)) {
            _ = try PcapWriter(path: path, begins: SampleCapture.begins)
        }
    }

    @Test(arguments: [-1, 4_294_967_296_000_000_000])
    func `a date that the format cannot say is refused`(nanoseconds: Int64) throws {
        var writer = try PcapWriter(
            path: folder.file("run.pcap"), begins: CalendarDate(nanosecondsSince1970: nanoseconds))
        let error = #expect(throws: CaptureError.self) {
            try writer.append(SampleFrame.lcpRequest, at: .beginning)
        }
        #expect(error?.reason == "a pcap file cannot say dates outside of 1970 to 2106")
    }
}
