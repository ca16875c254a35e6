import Source
import Telephony

/// The telephone network and the modems on it.
extension Schema {
    static let exchange = Section(
        "The telephone network.",
        [
            Key(
                "setup", .distribution(.interval), .standing("1s..3s"),
                "From the last digit to the first ring, drawn for each call."),
            Key(
                "answer", .distribution(.interval), .standing("500ms..2.5s"),
                "From the first ring to the answer, drawn for each call."),
            Key(
                "no-answer-after", .scalar(.quantity(.interval, atLeast: 1)), .standing("30s"),
                "How long a number rings before the caller gives up; 60s after the last digit it does so anyway."),
            Key(
                "propagation", .scalar(.quantity(.interval, atLeast: 0)), .standing("5ms"),
                "What one way over the circuit takes."),
        ])

    /// A modem: the name of a profile, or a profile with refinements.
    static let modem = Shape.either(
        scalar: profile,
        mapping: .section(
            Section(
                "A profile, refined.",
                [
                    Key("profile", .scalar(profile), .standing("v34"), "The profile."),
                    Key(
                        "rate", .distribution(.rate), .optional,
                        "The rate towards the caller in bit/s, drawn for each call, instead of the profile's."),
                    Key("compression", .scalar(.text), .later, "What the modems compress with."),
                ])),
        list: nil)

    private static let profile = Scalar.word(ModemProfile.all.map(\.name), later: [])
}
