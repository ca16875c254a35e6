import Testing

@testable import Simulation

struct ContentMarkTests {
    private func mark(_ octets: [UInt8], inPiecesOf size: Int = .max) -> UInt64 {
        var mark = ContentMark()
        var rest = octets[...]
        while !rest.isEmpty {
            mark.mix(Array(rest.prefix(size)).span.bytes)
            rest = rest.dropFirst(size)
        }
        return mark.value
    }

    private let octets = (0..<100).map { UInt8(truncatingIfNeeded: $0 &* 37) }

    @Test(arguments: 1...40) func `the mark does not show in which pieces the octets came`(size: Int) {
        for count in [0, 1, 15, 16, 17, 31, 32, 100] {
            let part = Array(octets.prefix(count))
            #expect(mark(part, inPiecesOf: size) == mark(part))
        }
    }

    @Test func `every octet and the number of octets count`() {
        var marks: Set = [mark(octets), mark(octets + [0])]
        for index in octets.indices {
            var changed = octets
            changed[index] ^= 1
            marks.insert(mark(changed))
            marks.insert(mark(Array(octets.prefix(index))))
        }
        #expect(marks.count == 2 + 2 * octets.count)
    }

    @Test func `what is set apart is not the same as what follows directly`() {
        var apart = ContentMark()
        apart.mix(Array(octets.prefix(50)).span.bytes)
        apart.end()
        apart.mix(Array(octets.dropFirst(50)).span.bytes)
        #expect(apart.value != mark(octets))
    }
}
