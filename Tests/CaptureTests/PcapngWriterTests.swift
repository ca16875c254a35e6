@testable import Capture
import Glibc
import TestSupport
import Testing
import Timebase

struct PcapngWriterTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func date(_ nanoseconds: Int64) -> CalendarDate {
        SampleCapture.begins.date(at: Instant(nanoseconds: nanoseconds))
    }

    @Test func `what was written is read back`() throws {
        try SampleCapture.write(to: folder.file("run.pcapng"))
        let blocks = try SampleCapture.blocks(of: folder.octets(of: "run.pcapng"))
        var expected: [PcapngBlock] = [
            .section(application: "Ringback test"), .names(SampleCapture.names),
            .journal(
                JournalEntry(
                    date: SampleCapture.begins,
                    fields: [
                        ("MESSAGE", "dials 5550100"), ("PRIORITY", "5"),
                        ("SYSLOG_IDENTIFIER", "modem"),
                    ])),
            .interface(SampleCapture.interface),
        ]
        var now: Int64 = 20_000_000_000
        for (frame, direction) in SampleCapture.dialogue {
            expected.append(
                .packet(
                    PcapngBlock.Packet(
                        date: date(now), interface: 0, direction: direction, hasCRCError: false,
                        originalLength: frame.count, octets: frame)))
            now += 150_000_000
        }
        let echo = SampleFrame.echoRequest()
        expected += [
            .journal(
                JournalEntry(
                    date: date(now),
                    fields: [
                        ("MESSAGE", "NO CARRIER"), ("PRIORITY", "4"),
                        ("_HOSTNAME", "branch"), ("RINGBACK_EVENT", "carrier.lost"),
                    ])),
            .packet(
                PcapngBlock.Packet(
                    date: date(now), interface: 0, direction: .inbound, hasCRCError: true,
                    originalLength: echo.count, octets: echo)),
            .statistics(interface: 0, date: date(now), packets: 7),
        ]
        #expect(blocks == expected)
    }

    @Test func `the same run gives the same octets`() throws {
        try SampleCapture.write(to: folder.file("one.pcapng"))
        try SampleCapture.write(to: folder.file("two.pcapng"))
        #expect(try folder.octets(of: "one.pcapng") == folder.octets(of: "two.pcapng"))
    }

    @Test func `an interface may come when others have frames already`() throws {
        var writer = try PcapngWriter(
            path: folder.file("run.pcapng"), begins: SampleCapture.begins, application: "test")
        let frame = SampleFrame.lcpRequest
        for index in 0..<3 {
            let interface = CapturedInterface(name: "call-\(index)", description: "", bitsPerSecond: 33_600)
            #expect(try writer.append(interface) == index)
            try writer.append(
                frame, as: CapturedPacket(at: .beginning, interface: index, direction: .inbound))
        }
        try writer.finish()
        let blocks = try SampleCapture.blocks(of: folder.octets(of: "run.pcapng"))
        let interfaces = blocks.compactMap { block -> Int? in
            if case .packet(let packet) = block { packet.interface } else { nil }
        }
        #expect(interfaces == [0, 1, 2])
        #expect(blocks.suffix(3).map(\.packetCount) == [1, 1, 1])
    }

    @Test func `address, control and protocol are written out where the link left them out`() throws {
        var writer = try PcapngWriter(
            path: folder.file("run.pcapng"), begins: SampleCapture.begins, application: "test")
        try writer.append(SampleCapture.interface)
        let whole = SampleFrame.echoRequest()
        for omitted in [0, 2, 3] {
            try writer.append(
                Array(whole.dropFirst(omitted)),
                as: CapturedPacket(at: .beginning, interface: 0, direction: .inbound))
        }
        try writer.finish()
        let frames = try SampleCapture.blocks(of: folder.octets(of: "run.pcapng")).compactMap { block -> [UInt8]? in
            if case .packet(let packet) = block { packet.octets } else { nil }
        }
        #expect(frames == [whole, whole, whole])
    }

    @Test func `an address has one name, and many names go into several blocks`() throws {
        let hosts = (0..<2_500).map { CapturedName(address: UInt32($0), name: "host-\($0).example") }
        var writer = try PcapngWriter(
            path: folder.file("run.pcapng"), begins: SampleCapture.begins, application: "test",
            names: hosts + [CapturedName(address: 0, name: "another.example")])
        try writer.finish()
        let blocks = try SampleCapture.blocks(of: folder.octets(of: "run.pcapng"))
        let names = blocks.compactMap { block -> [CapturedName]? in
            if case .names(let names) = block { names } else { nil }
        }
        #expect(names.map(\.count) == [1_000, 1_000, 500])
        #expect(Array(names.joined()) == hosts)
    }

    @Test func `a full disk is told and the good file stays`() throws {
        try folder.write([1, 2, 3], to: "run.pcapng")
        let path = folder.file("run.pcapng")
        let file = PartialFile(descriptor: open("/dev/full", O_WRONLY), name: PartialName(path: path))
        var writer = try PcapngWriter(file: file, begins: SampleCapture.begins, application: "test", names: [])
        try SampleCapture.write(to: &writer)
        #expect(throws: CaptureError(.write, path, code: ENOSPC)) { try writer.finish() }
        #expect(try folder.files == ["run.pcapng"])
        #expect(try folder.octets(of: "run.pcapng") == [1, 2, 3])
    }

    @Test func `an abandoned or dropped capture leaves nothing`() throws {
        var writer = try PcapngWriter(
            path: folder.file("run.pcapng"), begins: SampleCapture.begins, application: "test")
        try SampleCapture.write(to: &writer)
        writer.abandon()
        do {
            var dropped = try PcapngWriter(
                path: folder.file("run.pcapng"), begins: SampleCapture.begins, application: "test")
            try SampleCapture.write(to: &dropped)
        }
        #expect(try folder.files == [])
    }

    @Test func `a run that begins before 1970 is refused and leaves nothing`() throws {
        let error = #expect(throws: CaptureError.self) {
            _ = try PcapngWriter(
                path: folder.file("run.pcapng"), begins: CalendarDate(nanosecondsSince1970: -1_000),
                application: "test")
        }
        #expect(error?.reason == "a capture cannot say dates before 1970")
        #expect(try folder.files == [])
    }
}

extension PcapngBlock {
    fileprivate var packetCount: UInt64? {
        if case .statistics(_, _, let packets) = self { packets } else { nil }
    }
}
