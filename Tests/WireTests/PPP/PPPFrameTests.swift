import TestSupport
import Testing
import Wire

struct PPPFrameTests {
    @Test(
        arguments: [
            ([0xFF, 0x03, 0xC0, 0x21, 0x01], 0xC021, 4), ([0xC0, 0x21], 0xC021, 2),
            ([0xFF, 0x03, 0x21, 0x45], 0x0021, 3),
            ([0x21], 0x0021, 1), ([0x00, 0x21], 0x0021, 2),
        ] as [([UInt8], UInt16, Int)])
    func `a header is read in its full and in its compressed forms`(octets: [UInt8], number: UInt16, length: Int) throws
    {
        let frame = try PPPFrame(parsing: octets.span.bytes)
        #expect(frame.carriedProtocol == PPPProtocol(rawValue: number))
        #expect(frame.headerLength == length)
    }

    @Test(arguments: [[], [0xFF], [0xFF, 0x03], [0xFF, 0x03, 0xC0], [0xC0]] as [[UInt8]])
    func `a header that ends too soon is no header`(octets: [UInt8]) {
        #expect(throws: PPPFrameError.truncated) { try PPPFrame(parsing: octets.span.bytes) }
    }

    @Test func `an address without the one control octet is no header`() {
        let octets: [UInt8] = [0xFF, 0x13, 0xC0, 0x21]
        #expect(throws: PPPFrameError.badControl) { try PPPFrame(parsing: octets.span.bytes) }
    }

    @Test func `what is accepted means the same when it is written in full`() throws {
        var mutations = Mutations(of: "frame")
        for _ in 0..<Mutations.count(100_000) {
            let octets = mutations.next(of: [[0xFF, 0x03, 0xC0, 0x21, 1, 2], [0x21, 0x45], [0x80, 0x21, 1]])
            guard let frame = try? PPPFrame(parsing: octets.span.bytes) else { continue }
            var written: [UInt8] = []
            PPPFrame.appendHeader(frame.carriedProtocol, to: &written)
            let again = try? PPPFrame(parsing: written.span.bytes)
            // An even octet last is no valid protocol, and an odd one first would be a compressed one.
            guard frame.carriedProtocol.isValid else { continue }
            #expect(again?.carriedProtocol == frame.carriedProtocol)
            #expect(again?.headerLength == PPPFrame.fullHeaderLength)
        }
    }
}
