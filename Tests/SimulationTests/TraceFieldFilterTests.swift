import Testing

@testable import Simulation

struct TraceFieldFilterTests {
    private func filtered(_ text: String, inPiecesOf size: Int = 1_000) -> String {
        var filter = TraceFieldFilter()
        var rest = Array(text.utf8)[...]
        var out: [UInt8] = []
        while !rest.isEmpty {
            out += filter.isOver ? Array(rest.prefix(size)) : filter.filter(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        return String(decoding: out + filter.undecided, as: UTF8.self)
    }

    @Test(arguments: [1, 2, 7, 1_000])
    func `Received fields on top are left out, however the octets come`(size: Int) {
        let rest = "From: anna@hq.example\r\nReceived: not on top\r\n\r\nReceived: nor is this\r\n"
        let trace = "Received: from a by b\r\n\tid 1;\r\n Mon, 1 Mar 1999\r\nRECEIVED: from c by d\r\n"
        #expect(filtered(trace + rest, inPiecesOf: size) == rest)
        #expect(filtered(rest, inPiecesOf: size) == rest)
    }

    @Test func `what only begins like one is not left out`() {
        for text in ["Receipt: no\r\n\r\n", " folded\r\n\r\n", "R", "Rec\r\n", "Received", ""] {
            #expect(filtered(text, inPiecesOf: 3) == text)
        }
    }

    @Test func `a line without an end is not kept in memory for ever`() {
        var filter = TraceFieldFilter()
        #expect(filter.filter(Array("Received: ".utf8)).isEmpty)
        #expect(filter.filter([UInt8](repeating: 0x78, count: 2_000)).count == 2_010)
        #expect(filter.isOver && filter.undecided.isEmpty)
    }
}
