import SMTP
import Source

/// The sections that describe a part of another room: modems, the exchange, the queue.
extension Schema {
    /// A server's manner of speaking: a name, or a name and what is done wrong besides.
    static let personality = Shape.either(
        scalar: personalityName,
        mapping: .section(
            Section(
                "A manner of speaking, with more faults.",
                [
                    Key("like", .scalar(personalityName), .standing("generic"), "Whose manner it is."),
                    Key(
                        "faults",
                        .list(.scalar(.word(ETRNPolicy.Fault.allCases.map(\.rawValue), later: [])), atLeast: 0),
                        .standing("[]"), "What the server does wrong with ETRN besides."),
                ])),
        list: nil)

    private static let personalityName = Scalar.word(ServerPersonality.all.map(\.name), later: [])

    /// A registry: a file, or what is in it.
    static let registry = Shape.either(
        scalar: .path,
        mapping: .names(
            .init(
                kind: .registryKey,
                value: .names(.init(kind: .registryValue, value: .scalar(.registryValue))))),
        list: nil)

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
                "warns-after", .scalar(.quantityOrNever(.interval)), .standing("never"),
                "After how long a sender is told once that a message still waits."),
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
                "connections-per-link", .scalar(.number(1...10)), .standing("1"),
                "How many reverse connections there may be over one link; further domains wait for their turn."),
            Key(
                "named-queues",
                .names(.init(kind: .queue, value: .list(.scalar(.domain), atLeast: 1))), .standing("{}"),
                "Domains that ETRN may ask for together, as #NAME."),
            Key(
                "order", .scalar(.word(["arrival", "small-first"], later: [])), .standing("arrival"),
                "In which order messages go: as they arrived, or the smallest first."),
            Key(
                "patience", .scalar(.quantity(.interval, atLeast: 0)), .standing("1d"),
                "With small-first: what has waited for so long goes before all smaller ones."),
            Key(
                "budget", .section(budget), .standing("{}"),
                "How much one call may bring; the rest is for the next call."),
            Key("oversize", .section(oversize), .optional, "Large messages that wait for certain hours."),
            Key(
                "quick-retry", .section(quickRetry), .standing("{}"),
                "How the reverse connection is tried again after an ETRN was accepted."),
        ])

    private static let budget = Section(
        "How much one call may bring.",
        [
            Key(
                "octets", .scalar(.quantity(.size, atLeast: 1)), .optional,
                "How many octets of messages; the first message of a call goes whatever its size."),
            Key(
                "time", .scalar(.quantity(.interval, atLeast: 1)), .optional,
                "How long messages are offered from when the link came up; the last one is finished."),
        ])

    private static let oversize = Section(
        "Large messages that wait for certain hours.",
        [
            Key(
                "above", .scalar(.quantity(.size, atLeast: 1)), .required,
                "The largest message that goes at any hour."),
            Key("from", .scalar(.moment), .required, "The time of day when larger ones begin to go, as in \"22:00\"."),
            Key("to", .scalar(.moment), .required, "The time of day when they wait again, as in \"06:00\"."),
        ])

    private static let quickRetry = Section(
        "Doubling pauses up to a limit.",
        [
            Key(
                "first", .scalar(.quantity(.interval, atLeast: 10_000_000)), .standing("1s"),
                "The pause after the first failure."),
            Key("longest", .scalar(.quantity(.interval, atLeast: 10_000_000)), .standing("4s"), "The longest pause."),
            Key(
                "total", .scalar(.quantity(.interval, atLeast: 0)), .standing("2m"),
                "No attempt begins later than this after the first failure in a row."),
        ])
}
