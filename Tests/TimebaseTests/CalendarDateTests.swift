import Testing
import Timebase

struct CalendarDateTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("1999-03-01T08:00:00Z", 920_275_200), ("2000-02-29T23:59:59Z", 951_868_799),
        ("1969-12-31T23:59:59Z", -1), ("2038-01-19T03:14:08Z", 2_147_483_648),
    ])
    func `a date is its seconds since 1970`(text: String, seconds: Int64) throws {
        let date = try #require(CalendarDate(parsing: text))
        #expect(date.nanosecondsSince1970 == seconds * 1_000_000_000)
        #expect(date.description == text)
    }

    @Test(arguments: [
        "1999-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "1999-13-01T00:00:00Z", "1999-01-01T24:00:00Z",
        "1999-01-01 00:00:00Z", "1999-01-01T00:00:00+01:00", "yesterday", "1999-04-31T00:00:00Z",
    ])
    func `a day that does not exist is no date`(text: String) {
        #expect(CalendarDate(parsing: text) == nil)
    }

    @Test func `a mail header names the day of the week`() {
        #expect(CalendarDate(parsing: "1999-03-01T08:05:09Z")?.mailHeaderDate == "Mon, 1 Mar 1999 08:05:09 +0000")
    }

    @Test func `the calendar goes on with the run`() {
        let begins = CalendarDate(parsing: "1999-12-31T23:59:00Z")
        #expect(begins?.date(at: .beginning + .minutes(1)).description == "2000-01-01T00:00:00Z")
    }

    @Test func `a time of day is rounded down to the millisecond`() throws {
        let noon = try #require(CalendarDate(parsing: "1999-03-01T12:00:00Z"))
        #expect(noon.timeOfDay == "12:00:00.000")
        #expect(noon.date(at: Instant(nanoseconds: 61_007_999_999)).timeOfDay == "12:01:01.007")
    }
}
