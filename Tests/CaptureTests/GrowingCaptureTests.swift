@testable import Capture
import Foundation
import TestSupport
import Testing
import Timebase

/// A capture that goes on.
struct GrowingCaptureTests {
    private static let interface = CapturedInterface(
        name: "any", description: "all", filter: "tcp port 25", linkType: .linuxCooked)
    private static let date = CalendarDate(nanosecondsSince1970: 920_253_600_000_001_000)

    /// A cooked header of a type of packet, and an octet.
    private static func cooked(_ type: UInt8) -> [UInt8] {
        octets("0800 0000 00000001 0304") + [type] + octets("06 0000000000000000 45")
    }

    private let folder: TemporaryFolder
    private var capture: GrowingCapture

    init() throws {
        folder = try TemporaryFolder()
        capture = try GrowingCapture(
            path: folder.file("live.pcapng"), application: "Ringback test", interface: GrowingCaptureTests.interface)
    }

    private func blocks() throws -> [PcapngBlock] { try SampleCapture.blocks(of: folder.octets(of: "live.pcapng")) }

    @Test func `it can be read before anything is in it`() throws {
        #expect(try blocks() == [.section(application: "Ringback test"), .interface(GrowingCaptureTests.interface)])
    }

    @Test func `what was written stands there without an end`() throws {
        var capture = capture
        let frame = GrowingCaptureTests.cooked(4)
        capture.append(cooked: frame.span.bytes, originalLength: 21, at: GrowingCaptureTests.date)
        capture.append(journal: ["MESSAGE": "OK"], at: GrowingCaptureTests.date)
        try capture.write()
        #expect(
            try blocks().dropFirst(2) == [
                .packet(
                    PcapngBlock.Packet(
                        date: GrowingCaptureTests.date, interface: 0, direction: .outbound, hasCRCError: false,
                        originalLength: 21, octets: frame)),
                .journal(JournalEntry(date: GrowingCaptureTests.date, fields: [("MESSAGE", "OK")])),
            ])
    }

    @Test func `secrets stand before the frames that came with them`() throws {
        var capture = capture
        let frame = GrowingCaptureTests.cooked(0)
        capture.append(cooked: frame.span.bytes, originalLength: 21, at: GrowingCaptureTests.date)
        capture.append(secrets: [0x41, 0x0A])
        try capture.write()
        #expect(try blocks().dropFirst(2).first == .secrets([0x41, 0x0A]))
    }

    @Test(arguments: zip([0, 4, 1, 3] as [UInt8], [CapturedPacket.Direction.inbound, .outbound, nil, nil]))
    func `the kernel says which way a packet went`(type: UInt8, direction: CapturedPacket.Direction?) throws {
        var capture = capture
        capture.append(
            cooked: GrowingCaptureTests.cooked(type).span.bytes, originalLength: 21, at: GrowingCaptureTests.date)
        try capture.finish(at: GrowingCaptureTests.date, dropped: 0)
        guard case .packet(let packet) = try blocks()[2] else {
            Issue.record("a packet stands there")
            return
        }
        #expect(packet.direction == direction)
    }

    @Test func `nobody else may read it, and no file is written over`() throws {
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.file("live.pcapng"))
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(throws: CaptureError.self) {
            _ = try GrowingCapture(
                path: folder.file("live.pcapng"), application: "", interface: GrowingCaptureTests.interface)
        }
    }
}
