import Testing
import Wire

struct SequenceNumberTests {
    private let last = SequenceNumber(rawValue: .max)

    @Test func `numbers go on from the last one with zero`() {
        #expect(last + 1 == SequenceNumber(rawValue: 0))
        #expect(last + 100 == SequenceNumber(rawValue: 99))
        #expect(SequenceNumber(rawValue: 3) + -4 == last)
        var number = last
        number += 2
        #expect(number == SequenceNumber(rawValue: 1))
    }

    @Test func `distances cross zero in both directions`() {
        #expect(SequenceNumber(rawValue: 4) - last == 5)
        #expect(last - SequenceNumber(rawValue: 4) == -5)
        #expect(last - last == 0)
    }

    @Test func `before and after hold for less than half the circle`() {
        for start: UInt32 in [0, 1, 0x7FFF_FFFF, 0x8000_0000, .max] {
            let number = SequenceNumber(rawValue: start)
            #expect(!number.isBefore(number) && !number.isAfter(number))
            for distance in [1, 65_535, 0x7FFF_FFFF] {
                #expect(number.isBefore(number + distance) && (number + distance).isAfter(number))
                #expect(!(number + distance).isBefore(number) && !number.isAfter(number + distance))
            }
        }
    }
}
