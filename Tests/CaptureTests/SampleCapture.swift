@testable import Capture
import TestSupport
import Timebase

/// A short call as the tests write it: a carrier, LCP, an SMTP greeting, an event, a frame with a wrong FCS.
enum SampleCapture {
    /// 1999-03-01T02:00:00Z.
    static let begins = CalendarDate(nanosecondsSince1970: 920_253_600_000_000_000)

    static let interface = CapturedInterface(
        name: "branch-call-1", description: "branch on port 1: 33600 bit/s to it, 31200 bit/s from it",
        bitsPerSecond: 33_600)

    static let names = [
        CapturedName(address: 0xC000_0282, name: "branch.example"),
        CapturedName(address: 0xC000_0201, name: "mail.isp.example"),
    ]

    /// Frames of one connection, the server speaking first.
    static let dialogue: [(frame: [UInt8], direction: CapturedPacket.Direction)] = [
        (SampleFrame.lcpRequest, .inbound),
        (SampleFrame.tcp(flags: SampleFrame.syn, sequence: 1_000), .inbound),
        (
            SampleFrame.tcp(
                fromServer: true, flags: SampleFrame.syn | SampleFrame.acknowledgement, sequence: 5_000,
                acknowledges: 1_001), .outbound
        ),
        (SampleFrame.tcp(flags: SampleFrame.acknowledgement, sequence: 1_001, acknowledges: 5_001), .inbound),
        (
            SampleFrame.tcp(
                fromServer: true, flags: SampleFrame.push | SampleFrame.acknowledgement, sequence: 5_001,
                acknowledges: 1_001, "220 mail.isp.example\r\n"), .outbound
        ),
        (
            SampleFrame.tcp(
                flags: SampleFrame.push | SampleFrame.acknowledgement, sequence: 1_001, acknowledges: 5_023,
                "ETRN branch.example\r\n"), .inbound
        ),
    ]

    /// Writes the call, up to the end of the file.
    static func write(to path: String) throws {
        var writer = try PcapngWriter(path: path, begins: begins, application: "Ringback test", names: names)
        try write(to: &writer)
        try writer.finish()
    }

    /// Writes the call.
    static func write(to writer: inout PcapngWriter) throws(CaptureError) {
        try writer.append(
            journal: ["MESSAGE": "dials 5550100", "PRIORITY": "5", "SYSLOG_IDENTIFIER": "modem"],
            at: .beginning)
        try writer.append(interface)
        var now = Instant.beginning + .seconds(20)
        for (frame, direction) in dialogue {
            try writer.append(
                frame, as: CapturedPacket(at: now, interface: 0, direction: direction))
            now += .milliseconds(150)
        }
        try writer.append(
            journal: [
                "MESSAGE": "NO CARRIER", "PRIORITY": "4", "_HOSTNAME": "branch", "RINGBACK_EVENT": "carrier.lost",
            ], at: now)
        try writer.append(
            SampleFrame.echoRequest(),
            as: CapturedPacket(at: now, interface: 0, direction: .inbound, hasCRCError: true))
    }

    /// All blocks of a capture in memory.
    static func blocks(of octets: [UInt8], limit: Int = PcapngReader.defaultLimit) throws(PcapngError) -> [PcapngBlock]
    {
        var reader = PcapngReader(octets, limit: limit)
        var blocks: [PcapngBlock] = []
        while let block = try reader.next() { blocks.append(block) }
        return blocks
    }
}

/// Octets from hexadecimal digits with blanks between them.
func octets(_ hexadecimal: String) -> [UInt8] {
    hexadecimal.split { $0 == " " || $0 == "\n" }.flatMap { word in
        stride(from: 0, to: word.count, by: 2).compactMap {
            UInt8(word.dropFirst($0).prefix(2), radix: 16)
        }
    }
}

extension PcapngWriter {
    /// Adds a frame of an array.
    mutating func append(_ frame: [UInt8], as packet: CapturedPacket) throws(CaptureError) {
        try append(frame.span.bytes, as: packet)
    }
}

extension PcapWriter {
    /// Adds a frame of an array.
    mutating func append(_ frame: [UInt8], at now: Instant) throws(CaptureError) {
        try append(frame.span.bytes, at: now)
    }
}
