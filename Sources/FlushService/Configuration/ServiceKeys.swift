import SMTP
import Source

/// The table of keys of the service's configuration: a key that is not here does not exist.
enum ServiceKeys {
    static let service = Section(
        "A mail host for sites that are not always connected.",
        [
            Key("host-name", .scalar(.domain), .required, "Its name in greetings, Received fields and reports."),
            Key("postmaster", .scalar(.mailbox), .required, "Who gets the mail for the host's own postmaster."),
            Key(
                "store", .scalar(.path), .standing("/var/lib/ringback"),
                "The folder with the queue and the accounts."),
            Key("listen", .list(.variants(listeners), atLeast: 1), .required, "Where it listens, and what for."),
            Key("tls", .section(tls), .optional, "The certificate: with it TLS is offered, and passwords are taken."),
            Key(
                "domains", .names(.init(kind: .domain, value: .section(domain), atLeast: 1)), .required,
                "Whose mail it holds. For nobody else mail is taken, unless `relay` says so."),
            Key("relay", .section(relay), .standing("{}"), "Who may send to other domains, and how that mail goes."),
            Key(
                "name-servers", .list(.scalar(.endpoint), atLeast: 1), .optional,
                "Whom it asks for MX records; otherwise whom /etc/resolv.conf names."),
            Key("queue", .section(queue), .standing("{}"), "How held mail is retried and when it expires."),
            Key("limits", .section(limits), .standing("{}"), "How much anybody may ask of it."),
            Key(
                "personality", .scalar(.word(ServerPersonality.all.map(\.name), later: [])), .standing("generic"),
                "Whose greeting, list of extensions, words and codes it has, and what it does wrong."),
            Key(
                "registry", .scalar(.path), .optional,
                "A .reg file with values of MSExchangeIMC\\Parameters, as DisableETRN."),
            Key(
                "user", .scalar(.text), .optional,
                "Who it becomes when its listeners are bound, if root has started it; the store must be that user's."),
            Key(
                "monitor", .scalar(.endpoint), .optional,
                "Where /metrics, /health and /ready are told by HTTP: an address that only your own can reach."),
            Key("log", .section(log), .standing("{}"), "What it writes to standard error."),
        ])

    private static let listeners = [
        Section("Mail, ETRN included: port 25.", [Key("smtp", .scalar(.endpoint), .required, "Address and port.")]),
        Section(
            "Submission with AUTH: port 587.", [Key("submission", .scalar(.endpoint), .required, "Address and port.")]),
        Section(
            "Submission with TLS from the beginning: port 465.",
            [Key("submissions", .scalar(.endpoint), .required, "Address and port.")]),
        Section(
            "On-Demand Mail Relay, which is ATRN: port 366.",
            [Key("odmr", .scalar(.endpoint), .required, "Address and port.")]),
    ]

    private static let tls = Section(
        "The server's certificate.",
        [
            Key("certificate", .scalar(.path), .required, "The chain in PEM, the server's own first."),
            Key("key", .scalar(.path), .required, "The private key in PEM."),
        ])

    private static let domain = Section(
        "A site's domain. It is asked for by ETRN from the address of its host or by its account, or by ATRN.",
        [
            Key("account", .scalar(.text), .optional, "Who may ask for its mail after AUTH; made by `ringback user`."),
            Key(
                "host", .scalar(.endpointOr(words: ["mx", "last-address"])), .optional,
                "Where its host is: an address, what its MX records name, or the address from which its account was "
                    + "last proved by AUTH; without it the mail goes by ATRN alone."),
            Key(
                "held", .scalar(.word(["until-asked", "retried"], later: [])), .standing("until-asked"),
                "Whether its mail waits until somebody asks, or is also tried as `queue.retry` says.", needs: "host"),
            Key(
                "tls", .scalar(.word(["never", "if-offered", "always"], later: [])), .standing("if-offered"),
                "Whether its mail goes by TLS; nobody's certificate is checked."),
            Key("queue", .section(domainQueue), .optional, "Times of its own, instead of those of the whole `queue`."),
            Key("limits", .section(domainLimits), .optional, "How much mail is taken for it."),
        ], atLeastOne: [["account", "host"]])

    private static let domainQueue = Section(
        "Times of the domain's own.",
        [
            Key(
                "retry", .list(.scalar(.quantity(.interval, atLeast: 1)), atLeast: 1), .optional,
                "The pauses between attempts that nobody asked for."),
            Key("lifetime", .scalar(.quantity(.interval, atLeast: 1)), .optional, "Then a message expires."),
            Key(
                "warning", .scalar(.quantityOrNever(.interval)), .optional,
                "Then its sender is told that it still waits."),
            Key(
                "flush-interval", .scalar(.quantity(.interval, atLeast: 0)), .optional,
                "The least time from one flush to the next."),
        ])

    private static let domainLimits = Section(
        "Bounds for the domain's mail.",
        [
            Key(
                "message", .scalar(.quantity(.size, atLeast: 1)), .optional,
                "The largest message, if that is less than the `message` of the whole `limits`."),
            Key(
                "held", .scalar(.quantity(.space, atLeast: 1)), .optional,
                "When so much waits, senders are told 452 until less does."),
        ])

    private static let relay = Section(
        "Mail for other domains. Who has proved its name by AUTH may always send it.",
        [
            Key(
                "networks", .list(.scalar(.network), atLeast: 1), .optional,
                "Whoever comes from there may send to anybody without AUTH.", needs: "smarthost"),
            Key(
                "smarthost", .scalar(.endpointOr(words: ["mx"])), .optional,
                "The host that passes it on, or what the MX records of each domain name; without it nobody may send "
                    + "to other domains."),
            Key(
                "tls", .scalar(.word(["never", "if-offered", "always"], later: [])), .standing("if-offered"),
                "Whether that mail goes by TLS; nobody's certificate is checked."),
        ])

    private static let queue = Section(
        "Times of the queue.",
        [
            Key(
                "retry", .list(.scalar(.quantity(.interval, atLeast: 1)), atLeast: 1),
                .standing("[15m, 30m, 1h, 4h]"), "The pauses between attempts that nobody asked for."),
            Key("lifetime", .scalar(.quantity(.interval, atLeast: 1)), .standing("5d"), "Then a message expires."),
            Key(
                "warning", .scalar(.quantityOrNever(.interval)), .standing("4h"),
                "Then its sender is told that it still waits."),
            Key(
                "flush-interval", .scalar(.quantity(.interval, atLeast: 0)), .standing("60s"),
                "The least time from one flush of a domain to the next."),
        ])

    private static let limits = Section(
        "Bounds for everybody.",
        [
            Key("message", .scalar(.quantity(.size, atLeast: 1)), .standing("50MiB"), "The largest message."),
            Key(
                "content", .scalar(.quantity(.space, atLeast: 1)), .standing("64MiB"),
                "The most that is kept in memory of messages that are still coming; not less than `message`."),
            Key("recipients", .scalar(.number(100...100_000)), .standing("1000"), "The most recipients of a message."),
            Key("errors", .scalar(.number(1...1_000)), .standing("20"), "So many refused commands end a session."),
            Key("connections", .scalar(.number(1...100_000)), .standing("1000"), "The most connections in all."),
            Key(
                "connections-per-address", .scalar(.number(1...100_000)), .standing("50"),
                "The most connections from one address."),
            Key("idle", .scalar(.quantity(.interval, atLeast: 1)), .standing("5m"), "Silence that ends a session."),
            Key(
                "free-disk", .scalar(.quantity(.space, atLeast: 0)), .standing("10MiB"),
                "Below this much free space no mail is taken."),
        ])

    private static let log = Section(
        "The log.",
        [
            Key("format", .scalar(.word(["text", "json"], later: [])), .standing("text"), "How lines are written."),
            Key(
                "level", .scalar(.word(["info", "notice", "warning", "error"], later: [])), .standing("info"),
                "The least important lines that are written."),
        ])
}
