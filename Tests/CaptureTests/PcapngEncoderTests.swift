@testable import Capture
import Testing
import Timebase

struct PcapngEncoderTests {
    private let date = CalendarDate(nanosecondsSince1970: 0x0102_0304_0506_0708)

    @Test func `a section header has the application and no host`() {
        var encoder = PcapngEncoder()
        encoder.section(application: "Ringback")
        #expect(
            encoder.octets
                == octets(
                    """
                    0A0D0D0A 2C000000 4D3C2B1A 01000000 FFFFFFFF FFFFFFFF
                    0400 0800 52696E67 6261636B 00000000 2C000000
                    """))
    }

    @Test func `an interface has its name, description, rate and nanoseconds`() {
        var encoder = PcapngEncoder()
        encoder.interface(CapturedInterface(name: "b-1", description: "33k6", bitsPerSecond: 33_600))
        #expect(
            encoder.octets
                == octets(
                    """
                    01000000 3C000000 0900 0000 00000400
                    0200 0300 622D3100  0300 0400 33336B36  0800 0800 40830000 00000000  0900 0100 09000000
                    00000000 3C000000
                    """))
    }

    @Test func `a frame has time, lengths, padding and direction`() {
        var encoder = PcapngEncoder()
        let frame: [UInt8] = [0xFF, 0x03, 0xC0, 0x21, 0x05]
        encoder.packet(
            frame.span.bytes, originalLength: 5, interface: 2, date: date, direction: .outbound, hasCRCError: false)
        #expect(
            encoder.octets
                == octets(
                    """
                    06000000 34000000 02000000 04030201 08070605 05000000 05000000 FF03C021 05000000
                    0200 0400 02000000 00000000 34000000
                    """))
    }

    @Test func `a wrong FCS is bit 24 of the flags`() {
        var encoder = PcapngEncoder()
        let frame: [UInt8] = [0xFF, 0x03, 0xC0, 0x21]
        encoder.packet(
            frame.span.bytes, originalLength: 4, interface: 0, date: date, direction: .inbound, hasCRCError: true)
        #expect(Array(encoder.octets.suffix(16)) == octets("0200 0400 01000001 00000000 30000000"))
    }

    @Test func `each address has its name, and zeros end the list`() {
        var encoder = PcapngEncoder()
        encoder.names([
            CapturedName(address: 0xC000_0282, name: "branch"), CapturedName(address: 0x0A00_0001, name: "isp"),
        ])
        #expect(
            encoder.octets
                == octets(
                    """
                    04000000 2C000000 0100 0B00 C0000282 6272616E 63680000 0100 0800 0A000001 69737000 00000000 2C000000
                    """))
    }

    @Test func `an event is journal lines padded with zeros`() {
        var encoder = PcapngEncoder()
        encoder.journal(CalendarDate(nanosecondsSince1970: 920_253_600_000_001_000), ["MESSAGE": "OK"])
        let lines = Array("__REALTIME_TIMESTAMP=920253600000001\nMESSAGE=OK\n".utf8)
        #expect(encoder.octets == octets("09000000 3C000000") + lines + octets("3C000000"))
    }

    @Test func `statistics say how many frames an interface has seen`() {
        var encoder = PcapngEncoder()
        encoder.statistics(interface: 1, date: date, packets: 7)
        #expect(
            encoder.octets
                == octets(
                    """
                    05000000 28000000 01000000 04030201 08070605 0400 0800 07000000 00000000 00000000 28000000
                    """))
    }

    @Test func `statistics say how many frames are missing, where that is known`() {
        var encoder = PcapngEncoder()
        encoder.statistics(interface: 0, date: date, packets: 7, dropped: 2)
        #expect(
            encoder.octets
                == octets(
                    """
                    05000000 34000000 00000000 04030201 08070605 0400 0800 07000000 00000000 0500 0800 02000000 00000000
                    00000000 34000000
                    """))
    }

    @Test func `an interface without a rate says its link type and its filter`() {
        var encoder = PcapngEncoder()
        encoder.interface(CapturedInterface(name: "any", description: "all", filter: "ip", linkType: .linuxCooked))
        #expect(
            encoder.octets
                == octets(
                    """
                    01000000 38000000 1401 0000 00000400 0200 0300 616E7900 0300 0300 616C6C00 0900 0100 09000000
                    0B00 0300 00697000 00000000 38000000
                    """))
    }

    @Test func `secrets of TLS are the lines of a key log`() {
        var encoder = PcapngEncoder()
        encoder.secrets(Array("A B C\n".utf8))
        #expect(encoder.octets == octets("0A000000 1C000000 4B534C54 06000000 41204220 430A0000 1C000000"))
    }

    @Test func `a frame beyond the snap length is cut and keeps its length`() throws {
        var encoder = PcapngEncoder()
        let frame = [UInt8](repeating: 1, count: PcapngEncoder.snapLength + 1)
        encoder.packet(
            frame.span.bytes, originalLength: frame.count, interface: 0, date: date, direction: nil, hasCRCError: false)
        #expect(Array(encoder.octets[20..<28]) == octets("00000400 01000400"))
        #expect(encoder.octets.count == PcapngEncoder.snapLength + 44)
    }
}
