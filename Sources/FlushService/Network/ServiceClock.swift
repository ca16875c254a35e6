import Glibc
import Timebase

/// The time of the service: nanoseconds since 1970, read off the wall clock once and from then on by a clock that never
/// goes back, so that no time-out is late or early because somebody has set the clock.
struct ServiceClock: Sendable {
    private let offset: Int64

    init() { offset = ServiceClock.read(CLOCK_REALTIME) - ServiceClock.read(CLOCK_MONOTONIC) }

    var now: Instant { Instant(nanoseconds: ServiceClock.read(CLOCK_MONOTONIC) + offset) }

    /// What the calendar says now, at the next whole microsecond: not before a packet that has just come.
    static var wholeMicrosecond: CalendarDate {
        CalendarDate(nanosecondsSince1970: (read(CLOCK_REALTIME) + 999) / 1_000 * 1_000)
    }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        guard clock_gettime(clock, &time) == 0 else { preconditionFailure("Linux has these clocks") }
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
