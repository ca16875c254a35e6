import Events
import Source

/// The lists of a scenario: mail, what happens, what is expected.
extension Schema {
    static let mail = Section(
        "Mail for one domain.",
        [
            Key("for", .scalar(.domains), .required, "The domain, or several as branch-*.example."),
            Key(
                "together-with", .list(.scalar(.domain), atLeast: 1), .optional,
                "Further domains: every message has a recipient in each of them, too."),
            Key(
                "from", .scalar(.hosts), .optional,
                "The host that writes it and sends it over its link; without it mail comes from the head office."),
            Key("messages", .scalar(.number(1...1_000_000)), .optional, "How many messages are written for each."),
            Key(
                "size", .distribution(.size), .standing("4KiB"), "The size of a written message, drawn for each.",
                needs: "messages"),
            Key(
                "files", .either(scalar: .path, mapping: nil, list: .list(.scalar(.path), atLeast: 1)), .optional,
                "Real messages; * in a file's name stands for anything, in the order of the names."),
            Key("at", .scalar(.moment), .standing("+0s"), "When the first message arrives, or all of them."),
            Key(
                "every", .scalar(.quantity(.interval, atLeast: 1)), .optional,
                "The time from one message to the next; all at once without it."),
            Key(
                "notify",
                .either(
                    scalar: .word(["never"] + conditions, later: []), mapping: nil,
                    list: .list(.scalar(.word(conditions, later: [])), atLeast: 1)), .optional,
                "When its sender wants a report; without it failure, and delay if the server warns."),
            Key(
                "ret", .scalar(.word(["full", "hdrs"], later: [])), .optional,
                "How much of a message is returned with a report of failure; without it the header."),
            Key(
                "envid", .scalar(.text), .optional, "What its sender calls it; reports repeat it."),
            Key(
                "via", .scalar(.word(["queue"], later: ["smtp"])), .standing("queue"),
                "How it comes in: straight into the queue."),
        ],
        exactlyOne: [["messages", "files"]])

    private static let conditions = ["success", "failure", "delay"]

    static let happening = Section(
        "One thing that is done when its time has come.",
        [
            Key("at", .scalar(.moment), .optional, "A time; a range is drawn from for each host."),
            Key(
                "every", .scalar(.quantity(.interval, atLeast: 1_000_000_000)), .optional,
                "After how long it is done again, and so on until the run ends.", needs: "at"),
            Key("when", .scalar(.event), .optional, "An event, told of a host or of any host of a group."),
            Key(
                "count", .scalar(.number(1...1_000_000)), .standing("1"), "How many such events it takes.",
                needs: "when"),
            Key(
                "where", .names(.init(kind: .field, value: .scalar(.text))), .standing("{}"),
                "Fields that the event must have.", needs: "when"),
            Key(
                "after", .scalar(.quantity(.interval, atLeast: 0)), .standing("0s"), "How long after the event.",
                needs: "when"),
            Key(
                "server",
                .section(
                    Section(
                        "What the administrator does.",
                        [
                            Key(
                                "set",
                                .names(
                                    .init(kind: .registryValue, value: .scalar(.registryValue), atLeast: 1)),
                                .required, "Sets values of the Exchange parameters in the registry.")
                        ])),
                .optional, "Something is done at the server host."),
            Key("do", .variants(deeds), .optional, "Something is done from outside."),
        ],
        hosts: .scalar(.word(["dial", "hang-up"], later: [])), exactlyOne: [["at", "when"]])

    static let deeds = [
        Section("Hosts dial.", [Key("dial", .scalar(.hosts), .required, "Which.")]),
        Section("Hosts hang up in good order.", [Key("hang-up", .scalar(.hosts), .required, "Which.")]),
        Section("The carrier of a call fails.", [Key("drop-carrier", .scalar(.hosts), .required, "Whose call.")]),
        Section(
            "Somebody connects from a host to the server's SMTP port and types.",
            [
                Key("dialogue", .scalar(.hosts), .required, "From which."),
                Key(
                    "says", .list(.scalar(.line), atLeast: 1), .required,
                    "The lines, each said after the reply to the one before; QUIT follows the last."),
            ]),
        Section(
            "The power fails.",
            [
                Key("cut-power", .scalar(.word(["server"], later: [])), .required, "Where."),
                Key("for", .scalar(.quantity(.interval, atLeast: 1_000_000_000)), .standing("1m"), "For how long."),
            ]),
        Section(
            "Mail goes another way from now on.",
            [
                Key(
                    "route", .names(.init(kind: .domain, value: .scalar(.address), atLeast: 1)), .required,
                    "The new address for each domain.")
            ]),
    ]

    static let expectations = [
        Section(
            "The flushes of a domain, or of each of several.",
            [
                Key("flush", .scalar(.domains), .required, "The domain, or several as branch-*.example."),
                Key(
                    "completes-within", .scalar(.quantity(.interval, atLeast: 1)), .optional,
                    "Every flush that ends does so this soon after its ETRN, and the last one does end."),
                Key("messages", .scalar(.number(0...1_000_000)), .optional, "So many are delivered in all."),
                Key("duplicates", .scalar(.number(0...1_000_000)), .optional, "So many are stored twice at the most."),
            ],
            atLeastOne: [["completes-within", "messages", "duplicates"]]),
        Section(
            "The first message of a domain, or of each of several.",
            [
                Key("first-message", .scalar(.domains), .required, "The domain, or several as branch-*.example."),
                Key(
                    "within", .scalar(.quantity(.interval, atLeast: 1)), .required,
                    "It is stored so soon after the event."),
                Key("of", .scalar(.event), .required, "The first such event; of a group, that of the domain's host."),
            ]),
        Section(
            "The calls of a host, or of each host of a group.",
            [
                Key("call", .scalar(.hosts), .required, "The host or the group."),
                Key(
                    "connects-within", .scalar(.quantity(.interval, atLeast: 1)), .optional,
                    "At least one call gets a link, and each that does gets it so soon after dialling."),
                Key(
                    "online-at-most", .scalar(.quantity(.interval, atLeast: 1)), .optional,
                    "No call's carrier stands longer."),
            ],
            atLeastOne: [["connects-within", "online-at-most"]]),
        Section(
            "The replies a host gets, or each host of a group.",
            [
                Key("reply", .scalar(.hosts), .required, "The host or the group."),
                Key("to", .scalar(.word(["ETRN", "ATRN", "TURN"], later: [])), .required, "The command."),
                Key(
                    "is",
                    .either(
                        scalar: .number(200...599), mapping: nil,
                        list: .list(.scalar(.number(200...599)), atLeast: 1)),
                    .required, "The code of every reply, or a list of the codes of all replies in their order."),
            ]),
        Section(
            "Packets of the whole run.",
            [Key("packets", .scalar(.text), .required, "A filter, as for tcpdump.")] + counts,
            atLeastOne: [["count", "at-least", "at-most"]]),
        Section(
            "Events of the whole run.",
            [
                Key("event", .scalar(.event), .required, "The event, told of a host or of any host of a group."),
                Key(
                    "where", .names(.init(kind: .field, value: .scalar(.text))), .standing("{}"),
                    "Fields that the event must have."),
            ] + counts, atLeastOne: [["count", "at-least", "at-most"]]),
        Section(
            "Messages that are nowhere: accepted, but neither held nor stored nor reported to their sender.",
            [Key("lost", .scalar(.number(0...1_000_000)), .required, "How many.")]),
    ]

    private static let counts = [
        Key("count", .scalar(.number(0...1_000_000_000)), .optional, "So many."),
        Key("at-least", .scalar(.number(0...1_000_000_000)), .optional, "So many or more."),
        Key("at-most", .scalar(.number(0...1_000_000_000)), .optional, "So many or fewer."),
    ]
}
