import TestSupport
import Testing
import Wire

/// T242: what is no message is refused for its reason, and with bounded work.
struct DNSMessageErrorTests {
    private typealias Samples = DNSSamples

    /// A response with one answer of this name, type and data, as they stand on the wire, and what follows it.
    private func answer(_ name: String, type: Int = 12, length: Int? = nil, _ data: String, more: String = "")
        -> [UInt8]
    {
        let data = Samples.octets(data)
        let length = length ?? data.count
        let head = Samples.octets("0001 8000 0000 0001 0000 0000") + Samples.octets(name)
        return head + [0, UInt8(type), 0, 1, 0, 0, 0, 60, UInt8(length >> 8), UInt8(length & 0xFF)] + data
            + Samples.octets(more)
    }

    private func expect(_ octets: [UInt8], at offset: Int, found: Int, _ expected: DNSError.Expected) {
        #expect(throws: DNSError(at: offset, found: found, expected: expected)) { try Samples.read(octets) }
    }

    @Test func `DNS-1: fewer octets than a header are none`() {
        for count in 0..<12 { expect([UInt8](repeating: 0, count: count), at: 0, found: count, .octets(12)) }
    }

    @Test func `every shorter message is refused`() {
        for count in 0..<Samples.response.count {
            #expect(throws: DNSError.self) { try Samples.read(Array(Samples.response.prefix(count))) }
        }
    }

    @Test func `DNS-2: a pointer to itself, forwards or into its own name is refused`() {
        expect(answer("c00c", "00"), at: 12, found: 12, .pointerBackwards)
        expect(answer("c018", "00"), at: 12, found: 24, .pointerBackwards)
        expect(answer("01 61 c00c", "00"), at: 14, found: 12, .pointerBackwards)
        expect(answer("ffff", "00"), at: 12, found: 0x3FFF, .pointerBackwards)
        // The name in the data points to the owner, which ends before it: no loop is possible.
        #expect(throws: Never.self) { try Samples.read(answer("01 61 00", "c00c")) }
        #expect(throws: Never.self) { try Samples.read(answer("01 61 00", "01 62 c00c")) }
    }

    @Test func `DNS-2: what a pointer points to ends before the name that it stands in`() {
        // The header's octets are labels, too; the label of 63 octets would run into the name itself.
        var octets = answer("c000", "00")
        octets[0] = 13
        expect(octets, at: 0, found: 12, .octets(14))
    }

    @Test func `DNS-2: more than 64 pointers in one name are refused`() throws {
        var octets = Samples.octets("0001 8000 0000 0000 0000 0000")
        var target = 0
        for count in 0..<70 {
            // Owner names, each a pointer to the one before it: the first is the root.
            let place = octets.count
            octets += count == 0 ? [0] : [0xC0 | UInt8(target >> 8), UInt8(target & 0xFF)]
            octets += Samples.octets("000c 0001 00000000 0001 00")
            octets.set(bigEndian: UInt16(count + 1), at: 6)
            target = place
            if count <= 64 {
                #expect(try Samples.read(octets).answers.count == count + 1)
            } else {
                expect(octets, at: 24, found: 65, .fewerPointers)
            }
        }
    }

    @Test(arguments: [0x40, 0x7F, 0x80, 0xBF])
    func `DNS-2: other types of labels are refused`(octet: UInt8) {
        var octets = answer("01 61 00", "00")
        octets[12] = octet
        expect(octets, at: 12, found: Int(octet), .labelOrPointer)
    }

    @Test func `DNS-2: a name of 256 octets is refused, also when pointers put it together`() throws {
        let label = "3f" + String(repeating: "61", count: 63)
        let three = label + label + label
        let sixty = "3c" + String(repeating: "62", count: 60)
        #expect(
            try Samples.read(answer(three + "3d" + String(repeating: "62", count: 61) + "00", "00")).answers.count == 1)
        expect(
            answer(three + "3e" + String(repeating: "62", count: 62) + "00", "00"), at: 12 + 255, found: 256,
            .shorterName)
        #expect(try Samples.read(answer(three + sixty + "00", "c00c")).answers.count == 1)
        expect(answer(three + sixty + "00", "01 63 c00c"), at: 12 + 253, found: 256, .shorterName)
    }

    @Test func `DNS-3: data ends where its length says`() {
        expect(answer("00", type: 1, "c0000201", more: "00"), at: 27, found: 1, .end)
        expect(answer("00", type: 1, "c00002"), at: 23, found: 3, .dataOfLength(4))
        expect(answer("00", type: 28, "c0000201"), at: 23, found: 4, .dataOfLength(16))
        expect(answer("00", type: 1, length: 5, "c0000201"), at: 23, found: 4, .octets(5))
        expect(answer("00", type: 12, "01 61 00 00"), at: 26, found: 1, .end)
        expect(answer("00", type: 12, length: 2, "01 61 00"), at: 25, found: 0, .octets(1))
        expect(answer("00", type: 15, "00"), at: 23, found: 1, .octets(2))
        expect(answer("00", type: 15, "000a"), at: 25, found: 0, .octets(1))
        expect(answer("00", type: 6, "00 00 00000001"), at: 29, found: 0, .octets(4))
        expect(answer("00", type: 16, ""), at: 23, found: 0, .octets(1))
        expect(answer("00", type: 16, "02 61"), at: 24, found: 1, .octets(2))
    }

    @Test(arguments: [4, 6, 8, 10])
    func `a count that is too big is refused`(place: Int) {
        var octets = Samples.response
        octets.set(bigEndian: 0xFFFF, at: place)
        #expect(throws: DNSError.self) { try Samples.read(octets) }
        octets = Samples.response
        octets[place + 1] &-= 1
        #expect(throws: DNSError.self) { try Samples.read(octets) }
    }

    @Test func `DNS-7: of a truncated message as much is read as there is`() throws {
        var octets = Samples.response
        octets[2] |= 0x02
        for count in 27..<octets.count {
            let message = try Samples.read(Array(octets.prefix(count)))
            #expect(message.isTruncated && message.questions == Samples.query.questions && message.answers.count <= 3)
        }
        #expect(throws: DNSError.self) { try Samples.read(Array(octets.prefix(26))) }
    }

    @Test func `an error says where, what and why`() {
        #expect(
            DNSError(at: 12, found: 3, expected: .octets(4)).description == "at octet 12: 3 octets found, 4 expected")
        let kinds: [DNSError.Expected] = [
            .octets(1), .labelOrPointer, .pointerBackwards, .fewerPointers, .shorterName, .dataOfLength(4), .end,
        ]
        for kind in kinds {
            let text = DNSError(at: 9, found: 300, expected: kind).description
            #expect(text.hasPrefix("at octet 9: ") && text.contains("300") && text.hasSuffix("expected"))
        }
    }

    @Test func `T263: whatever is read is written and read as the same`() throws {
        var mutations = Mutations(of: "dns", telling: "\u{0}\u{1}\u{c}\u{f}\u{3f}")
        let samples = [
            Samples.response, Samples.query.octets(), Samples.everyType.octets(atMost: 65_535), answer("00", "c000"),
        ]
        var readable = 0
        for _ in 0..<Mutations.count(50_000) {
            var octets = mutations.next(of: samples)
            // Pointers, which no text can tell the mutations about.
            if mutations.number(below: 2) == 0, octets.count > 1 {
                octets.set(
                    bigEndian: 0xC000 | UInt16(mutations.number(below: octets.count)),
                    at: mutations.number(below: octets.count - 1))
            }
            guard let message = try? Samples.read(octets) else { continue }
            readable += 1
            if message.isTruncated { continue }
            let again = message.octets(atMost: 65_535)
            if try Samples.read(again) != message { Issue.record("\(octets) changed") }
            #expect(message.octets().count <= 512)
        }
        #expect(readable > 0)
    }
}
