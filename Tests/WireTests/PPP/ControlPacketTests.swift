import TestSupport
import Testing
import Wire

struct ControlPacketTests {
    private let echo: [UInt8] = [0x09, 0x07, 0x00, 0x08, 0x0B, 0xAD, 0xCA, 0xFE]

    @Test func `a packet is read and written`() throws {
        let packet = try ControlPacket(parsing: echo.span.bytes)
        #expect(packet == ControlPacket(.echoRequest, identifier: 7, data: [0x0B, 0xAD, 0xCA, 0xFE]))
        var octets: [UInt8] = []
        packet.append(to: &octets)
        #expect(octets == echo)
        #expect(packet.frame(.lcp) == [0xFF, 0x03, 0xC0, 0x21] + echo)
    }

    @Test func `octets beyond the length are padding`() throws {
        let padded = [0xFF, 0x03, 0xC0, 0x21] + echo + [0, 0, 0]
        #expect(try ControlPacket(parsing: padded.span.bytes, at: 4).data.count == 4)
    }

    @Test func `no shorter piece of a packet is a packet`() {
        for length in 0..<echo.count {
            #expect(throws: length < 4 ? ControlPacketError.truncated : .badLength) {
                try ControlPacket(parsing: echo.span.bytes.extracting(first: length))
            }
        }
    }

    @Test func `a length that does not count its own header is refused`() {
        let octets: [UInt8] = [1, 1, 0, 3]
        #expect(throws: ControlPacketError.badLength) { try ControlPacket(parsing: octets.span.bytes) }
    }

    @Test func `what is accepted can be written again`() {
        var mutations = Mutations(of: "control packet")
        for _ in 0..<Mutations.count(100_000) {
            let octets = mutations.next(of: [echo])
            guard let packet = try? ControlPacket(parsing: octets.span.bytes) else { continue }
            var written: [UInt8] = []
            packet.append(to: &written)
            #expect(octets.starts(with: written))
        }
    }
}
