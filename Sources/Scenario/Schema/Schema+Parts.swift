/// The sections that describe a part of another room: modems, the exchange, the queue.
extension Schema {
    static let queue = Section(
        "How held mail is retried and when it expires.",
        [
            Key(
                "retry", .list(.scalar(.quantity(.interval, atLeast: 1)), atLeast: 1), .standing("[15m, 30m, 1h, 4h]"),
                "How long to wait after each failed attempt that nobody asked for; the last pause repeats."),
            Key(
                "lifetime", .scalar(.quantity(.interval, atLeast: 60_000_000_000)), .standing("2d"),
                "How long a message is held before it expires."),
            Key(
                "tries-unasked", .scalar(.word(["true", "false"], later: [])), .standing("false"),
                "Whether mail that waits for ETRN is also tried by the retry schedule."),
            Key(
                "minimal-flush-interval", .scalar(.quantity(.interval, atLeast: 0)), .standing("60s"),
                "The least time from one flush of a domain to the next in the same call."),
            Key(
                "concurrent-flushes", .scalar(.number(1...100_000)), .standing("1000"),
                "How many domains may be flushed at once before a further ETRN is told 458."),
            Key(
                "quick-retry", .section(quickRetry), .standing("{}"),
                "How the reverse connection is tried again after an ETRN was accepted."),
        ])

    private static let quickRetry = Section(
        "Doubling pauses up to a limit.",
        [
            Key(
                "first", .scalar(.quantity(.interval, atLeast: 10_000_000)), .standing("1s"),
                "The pause after the first failure."),
            Key("longest", .scalar(.quantity(.interval, atLeast: 10_000_000)), .standing("15s"), "The longest pause."),
            Key(
                "total", .scalar(.quantity(.interval, atLeast: 0)), .standing("60s"),
                "No attempt begins later than this after the first failure in a row."),
        ])
}
