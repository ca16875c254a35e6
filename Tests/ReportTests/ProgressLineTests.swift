import Report
import Testing
import Timebase

struct ProgressLineTests {
    private func text(at seconds: Int64, elapsed: Interval) throws -> String {
        let begins = try #require(CalendarDate(parsing: "1999-03-01T08:00:00Z"))
        return ProgressLine(begins: begins, end: .beginning + .seconds(3_600)).text(
            at: .beginning + .seconds(seconds), packets: 12_345, calls: 87, elapsed: elapsed)
    }

    @Test func `progress replaces the line before it and guesses the rest`() throws {
        #expect(
            try text(at: 900, elapsed: .seconds(2))
                == "\r\u{1b}[K08:15:00.000  12,345 packets  87 calls under way  about 6s left")
    }

    @Test(arguments: [0, 35, 3_700])
    func `nothing is guessed at the beginning, nor past the end`(seconds: Int64) throws {
        #expect(try !text(at: seconds, elapsed: .seconds(1)).contains("left"))
    }
}
