@testable import Capture
import TestSupport
import Testing
import Timebase

struct PcapngReaderTests {
    private let folder: TemporaryFolder
    private let sample: [UInt8]

    init() throws {
        folder = try TemporaryFolder()
        try SampleCapture.write(to: folder.file("sample.pcapng"))
        sample = try folder.octets(of: "sample.pcapng")
    }

    private func problem(in octets: [UInt8], limit: Int = PcapngReader.defaultLimit) -> PcapngError? {
        do throws(PcapngError) {
            _ = try SampleCapture.blocks(of: octets, limit: limit)
            return nil
        } catch {
            return error
        }
    }

    private static let header = octets("0A0D0D0A 1C000000 4D3C2B1A 01000000 FFFFFFFF FFFFFFFF 1C000000")
    private static let interface = octets("01000000 14000000 09000000 00000000 14000000")

    @Test func `a big-endian capture in microseconds with options unknown to us is read`() throws {
        let capture = octets(
            """
            0A0D0D0A 0000002C 1A2B3C4D 00010000 FFFFFFFF FFFFFFFF 0002 0003 41424300 0004 0001 58000000 0000002C
            00000001 00000020 0009 0000 00000000 0002 0004 70707030 0000 0000 00000020
            00000BAD 00000014 00007ED9 DEADBEEF 00000014
            00000006 0000002C 00000000 00000000 000F4241 00000004 00000006 FF030021 0002 0004 00000002 0000002C
            """)
        let expected: [PcapngBlock] = [
            .section(application: "X"),
            .interface(CapturedInterface(name: "ppp0", description: "")),
            .packet(
                PcapngBlock.Packet(
                    date: CalendarDate(nanosecondsSince1970: 1_000_001_000), interface: 0, direction: .outbound,
                    hasCRCError: false, originalLength: 6, octets: [0xFF, 0x03, 0x00, 0x21])),
        ]
        #expect(try SampleCapture.blocks(of: capture) == expected)
    }

    @Test func `a file is read like the octets in it`() throws {
        // More than one read of the file, and blocks across their borders.
        let long = (0..<200).reduce(into: sample) { octets, _ in octets += sample }
        try folder.write(long, to: "long.pcapng")
        var reader = try PcapngReader(path: folder.file("long.pcapng"))
        var blocks: [PcapngBlock] = []
        while let block = try reader.next() { blocks.append(block) }
        #expect(try blocks == SampleCapture.blocks(of: long))
    }

    @Test func `a missing file and a folder are told apart from bad octets`() throws {
        #expect(throws: CaptureError.self) { _ = try PcapngReader(path: folder.file("missing")) }
        var reader = try PcapngReader(path: folder.path)
        let error = #expect(throws: PcapngError.self) { try reader.next() }
        #expect(error?.description == "octet 0: cannot read \(folder.path): Is a directory")
    }

    @Test(arguments: [
        ("", 0, PcapngError.Problem.notPcapng), ("4D3CB2A1 02000400 00000000 00000000", 0, .notPcapng),
        ("0A0D0D0A 1C000000 01020304 01000000", 0, .unknownByteOrder(0x0403_0201)),
        ("0A0D0D0A 1D000000 4D3C2B1A", 0, .impossibleLength(29)),
        ("0A0D0D0A 08000000 4D3C2B1A", 0, .impossibleLength(8)),
        ("0A0D0D0A 1C000000 4D3C2B1A 02000000 FFFFFFFF FFFFFFFF 1C000000", 0, .unknownVersion(2)),
        ("0A0D0D0A 1C000000 4D3C2B1A 01000000 FFFFFFFF FFFFFFFF 20000000", 0, .lengthsDiffer(28, 32)),
        ("0A0D0D0A 1C000000 4D3C2B1A 01000000 FFFFFFFF FFFFFFFF 1C0000", 0, .cutShort),
    ])
    func `what is no section is refused`(capture: String, offset: Int, problem: PcapngError.Problem) {
        #expect(self.problem(in: octets(capture)) == PcapngError(offset: offset, problem: problem))
    }

    @Test(arguments: [
        ("01000000 0C000000 0C000000", 48, PcapngError.Problem.contentBeyondBlock),
        ("01000000 1C000000 09000000 00000000 0200 0500 41414141 1C000000", 48, .contentBeyondBlock),
        ("01000000 1C000000 09000000 00000000 0200 0400 4141FFFF 1C000000", 48, .unreadableText),
        (
            "01000000 24000000 09000000 00000000 0800 0800 FFFFFFFF FFFFFFFF 00000000 24000000", 48, .numberOutOfRange
        ),
        ("06000000 20000000 01000000 00000000 00000000 00000000 00000000 20000000", 48, .unknownInterface(1)),
        ("06000000 20000000 00000000 00000000 00000000 01000000 01000000 20000000", 48, .contentBeyondBlock),
        ("06000000 20000000 00000000 FFFFFFFF 00000000 00000000 00000000 20000000", 48, .numberOutOfRange),
        ("05000000 18000000 07000000 00000000 00000000 18000000", 48, .unknownInterface(7)),
        ("04000000 14000000 0100 0400 7F000001 14000000", 48, .contentBeyondBlock),
        ("09000000 10000000 4D3D310A 10000000", 48, .brokenJournalEntry),
    ])
    func `what a block cannot say is refused with its place`(
        block: String, at offset: Int, problem: PcapngError.Problem
    ) {
        let capture = PcapngReaderTests.header + PcapngReaderTests.interface + octets(block)
        #expect(self.problem(in: capture) == PcapngError(offset: offset, problem: problem))
    }

    @Test func `a block beyond the limit is refused before it is loaded`() {
        let capture = PcapngReaderTests.header + octets("FFFFFFFF F0FFFFFF 00000000")
        #expect(problem(in: capture) == PcapngError(offset: 28, problem: .tooLong(0xFFFF_FFF0)))
        #expect(problem(in: sample, limit: 64) == PcapngError(offset: 52, problem: .tooLong(68)))
    }

    @Test func `after an error the reader reports it again`() throws {
        var reader = PcapngReader(PcapngReaderTests.header + octets("0900"))
        _ = try reader.next()
        for _ in 0..<2 {
            #expect(throws: PcapngError(offset: 28, problem: .cutShort)) { try reader.next() }
        }
    }

    @Test func `a capture cut anywhere gives its whole blocks and then the place of the cut`() throws {
        let whole = try SampleCapture.blocks(of: sample)
        var boundaries = 0
        for length in 0..<sample.count {
            var reader = PcapngReader(Array(sample.prefix(length)))
            var blocks: [PcapngBlock] = []
            do throws(PcapngError) {
                while let block = try reader.next() { blocks.append(block) }
                boundaries += 1
            } catch {
                #expect(error.problem == (length < 4 ? .notPcapng : .cutShort))
            }
            #expect(blocks == Array(whole.prefix(blocks.count)))
        }
        // One cut after each block but the last.
        #expect(boundaries == whole.count - 1)
    }

    /// One small block of each kind.
    private static let small: [UInt8] = {
        let date = CalendarDate(nanosecondsSince1970: 1_000)
        let packet = PcapngBlock.Packet(
            date: date, interface: 0, direction: .inbound, hasCRCError: false, originalLength: 5,
            octets: [0xFF, 0x03, 0x00, 0x21, 0x45])
        let blocks: [PcapngBlock] = [
            .section(application: "A"), .names([CapturedName(address: 1, name: "b")]),
            .interface(CapturedInterface(name: "c", description: "d", bitsPerSecond: 1, filter: "ip")),
            .journal(JournalEntry(date: date, fields: [("E", "f"), ("G", "\n")])), .packet(packet),
            .secrets(Array("CLIENT_RANDOM 1 2\n".utf8)), .statistics(interface: 0, date: date, packets: 1),
        ]
        var encoder = PcapngEncoder()
        return blocks.reduce(into: []) { $0 += encoder.encode($1) }
    }()

    @Test(arguments: 1...4)
    func `damage is refused or read as something that can be written again`(part: UInt64) throws {
        let seed = PcapngReaderTests.small
        var encoder = PcapngEncoder()
        var stream = RandomStream(seed: part, thing: "test", purpose: "pcapng")
        var refused = 0
        let count = Mutations.count(40_000) / 4
        for _ in 0..<count {
            var damaged = seed
            for _ in 0..<stream.uniform(in: 1...3) {
                let index = Int(stream.uniform(in: 0...Int64(seed.count - 1)))
                damaged[index] = UInt8(truncatingIfNeeded: stream.next())
            }
            var reader = PcapngReader(damaged)
            var blocks: [PcapngBlock] = []
            do throws(PcapngError) {
                while let block = try reader.next() { blocks.append(block) }
            } catch {
                refused += 1
                if error.offset < 0 || error.offset >= seed.count { Issue.record("no such place: \(error)") }
            }
            let again = blocks.reduce(into: [UInt8]()) { $0 += encoder.encode($1) }
            let isSame =
                try blocks.isEmpty || SampleCapture.blocks(of: again).elementsEqual(blocks, by: { $0.isSame(as: $1) })
            if !isSame { Issue.record("cannot be written again: \(blocks)") }
        }
        // Most octets are content, which may be anything.
        #expect(refused > count / 5 && refused < count * 4 / 5)
    }
}

extension PcapngBlock {
    /// Equal but for what our writer always says in its own way: a count of packets.
    fileprivate func isSame(as other: PcapngBlock) -> Bool {
        switch (self, other) {
        case (.statistics(let one, let date, _), .statistics(let two, let other, _)): one == two && date == other
        default: self == other
        }
    }
}

extension PcapngEncoder {
    /// The octets of a block that was read.
    fileprivate mutating func encode(_ block: PcapngBlock) -> [UInt8] {
        switch block {
        case .section(let application): section(application: application)
        case .interface(let interface): self.interface(interface)
        case .secrets(let lines): secrets(lines)
        case .packet(let packet):
            self.packet(
                packet.octets.span.bytes, originalLength: packet.originalLength, interface: packet.interface,
                date: packet.date, direction: packet.direction, hasCRCError: packet.hasCRCError)
        case .names(let names): self.names(names[...])
        case .journal(let entry):
            var fields = JournalFields()
            for field in entry.fields { fields.append(field.name, field.value) }
            journal(entry.date, fields)
        case .statistics(let interface, let date, let packets):
            statistics(interface: interface, date: date, packets: packets ?? 0)
        }
        return octets
    }
}
