import TestSupport
import Testing
import Wire

struct TCPHeaderTests {
    private let branch = IPv4Address(192, 0, 2, 25)
    private let provider = IPv4Address(192, 0, 2, 130)
    private let syn = TCPHeader(
        sourcePort: 1_025, destinationPort: 25, sequence: SequenceNumber(rawValue: 0x1234_5678),
        acknowledgment: SequenceNumber(rawValue: 0), flags: .syn, window: 8_760, maximumSegmentSize: 1_460)
    private let synOctets: [UInt8] = [
        0x04, 0x01, 0x00, 0x19, 0x12, 0x34, 0x56, 0x78, 0x00, 0x00, 0x00, 0x00, 0x60, 0x02, 0x22, 0x38, 0x84, 0x8C,
        0x00, 0x00, 0x02, 0x04, 0x05, 0xB4,
    ]

    @Test func `a SYN is written as it is known to be`() { #expect(segment(syn) == synOctets) }

    @Test func `what is written reads the same`() throws {
        var data = TCPHeader(
            sourcePort: 65_535, destinationPort: 1, sequence: SequenceNumber(rawValue: .max),
            acknowledgment: SequenceNumber(rawValue: 0x8000_0000), flags: [.ack, .psh, .fin, .urg], window: .max)
        data.urgentPointer = 0x0102
        for header in [syn, data] {
            for payload: [UInt8] in [[], [1], [UInt8](repeating: 0xFF, count: 1_460)] {
                #expect(try parse(segment(header, payload)) == header)
            }
        }
    }

    @Test func `every shorter segment is refused`() {
        let octets = segment(syn, [1, 2, 3])
        for length in 0..<octets.count {
            let error: TCPError = length < 20 ? .truncated : length < 24 ? .badDataOffset : .badChecksum
            #expect(throws: error) { try parse(Array(octets.prefix(length))) }
        }
    }

    @Test func `a data offset of fewer than five words or beyond the segment is refused`() {
        for words: UInt8 in [0, 4, 7, 15] {
            #expect(throws: TCPError.badDataOffset) { try parse(mended(synOctets) { $0[12] = words << 4 }) }
        }
    }

    @Test func `a wrong checksum or another pseudo-header is refused`() {
        var damaged = synOctets
        damaged[4] ^= 1
        #expect(throws: TCPError.badChecksum) { try parse(damaged) }
        #expect(throws: TCPError.badChecksum) {
            try TCPHeader(parsing: synOctets.span.bytes, from: branch, to: IPv4Address(192, 0, 2, 131))
        }
    }

    @Test func `options that are not known are skipped by their length`() throws {
        let header = try parse(withOptions([253, 6, 9, 9, 9, 9, 1, 2, 4, 0x02, 0x18, 0]))
        #expect(header.maximumSegmentSize == 536 && header.length == 32)
        #expect(try parse(withOptions([8, 10, 0, 0, 0, 0, 0, 0, 0, 0, 4, 2])).maximumSegmentSize == nil)
    }

    @Test func `nothing counts after the end of the options`() throws {
        #expect(try parse(withOptions([0, 2, 4, 5, 0xB4, 0, 2, 0])).maximumSegmentSize == nil)
    }

    @Test func `a segment size of another length is not taken`() throws {
        #expect(try parse(withOptions([2, 3, 5, 1])).maximumSegmentSize == nil)
        #expect(try parse(withOptions([2, 5, 5, 0xB4, 1, 1, 1, 1])).maximumSegmentSize == nil)
    }

    @Test(arguments: [[1, 1, 1, 2], [253, 0, 1, 1], [253, 1, 1, 1], [253, 5, 1, 1], [1, 2, 4, 5]] as [[UInt8]])
    func `an option that does not add up is refused`(options: [UInt8]) {
        #expect(throws: TCPError.badOption) { try parse(withOptions(options)) }
    }

    @Test func `reserved bits are not looked at`() throws {
        #expect(try parse(mended(synOctets) { $0[12] |= 0x0F }) == syn)
        #expect(try parse(mended(synOctets) { $0[13] |= 0xC0 }) == syn)
    }

    @Test func `what is accepted can be written again`() throws {
        var mutations = Mutations(of: "tcp")
        let samples = [
            synOctets + [1, 2, 3], withOptions([253, 6, 9, 9, 9, 9, 1, 2, 4, 0x02, 0x18, 0]), segment(syn),
        ]
        for _ in 0..<Mutations.count(100_000) {
            let octets = mended(mutations.next(of: samples)) { _ in }
            guard let parsed = try? parse(octets) else { continue }
            let again = try parse(segment(parsed))
            let isSame =
                parsed.length <= octets.count && again.flags == parsed.flags && again.window == parsed.window
                && again.sequence == parsed.sequence && again.maximumSegmentSize == parsed.maximumSegmentSize
            if !isSame { Issue.record("\(parsed) of \(octets)") }
        }
    }

    private func segment(_ header: TCPHeader, _ payload: [UInt8] = []) -> [UInt8] {
        var octets: [UInt8] = []
        header.append(to: &octets)
        octets += payload
        TCPHeader.finish(in: &octets, at: 0, from: branch, to: provider)
        return octets
    }

    private func withOptions(_ options: [UInt8]) -> [UInt8] {
        mended(Array(synOctets.prefix(20)) + options) { $0[12] = UInt8(5 + options.count / 4) << 4 }
    }

    // A damaged segment is looked at only when its checksum is right.
    private func mended(_ octets: [UInt8], _ change: (inout [UInt8]) -> Void) -> [UInt8] {
        var octets = octets
        change(&octets)
        guard octets.count >= 18 else { return octets }
        octets.set(bigEndian: 0, at: 16)
        TCPHeader.finish(in: &octets, at: 0, from: branch, to: provider)
        return octets
    }

    private func parse(_ octets: [UInt8]) throws -> TCPHeader {
        try TCPHeader(parsing: octets.span.bytes, from: branch, to: provider)
    }
}
