import Simulation
import Source

/// The one table of keys: what a scenario may say.
///
/// The loader checks every file against it and fills defaults in from it, the JSON Schema is printed from it, and so is
/// the explained scenario. A key that is not here does not exist.
enum Schema {
    /// A scenario file.
    static let scenario = Section(
        "One run: who is there, what mail waits, what happens, what must be true in the end.",
        [
            Key(
                "include", .either(scalar: .path, mapping: nil, list: .list(.scalar(.path), atLeast: 1)), .optional,
                "Files of shared parts. What this file says itself stands; mappings are merged key by key."),
            Key("title", .scalar(.text), .standing("Untitled"), "What the run shows, in one line."),
            Key("seed", .scalar(.number(0...Int64.max)), .standing("1"), "Where all luck comes from."),
            Key(
                "begins", .scalar(.date), .standing("2000-01-01T00:00:00Z"),
                "What the virtual calendar says at the beginning."),
            Key(
                "lasts", .scalar(.quantity(.interval, atLeast: 1)), .standing("1h"),
                "The run ends here, or earlier when nothing is left to happen."),
            Key("exchange", .section(exchange), .standing("{}"), "The telephone network."),
            Key("server", .section(server), .required, "The provider's server host."),
            Key(
                "clients", .names(.init(kind: .host, value: .section(client))), .standing("{}"),
                "The branch offices' hosts, by name."),
            Key("mail", .list(.section(mail), atLeast: 0), .standing("[]"), "The mail that comes to the server host."),
            Key("happens", .list(.section(happening), atLeast: 0), .standing("[]"), "What is done, and when."),
            Key(
                "expects", .list(.variants(expectations), atLeast: 0), .standing("[]"),
                "What must be true in the end."),
        ])

    static let server = Section(
        "A host with RAS ports on the telephone side and the mail queue behind them.",
        [
            Key("name", .scalar(.domain), .required, "Its name in SMTP greetings and in the capture."),
            Key("address", .scalar(.address), .required, "Its address on every link."),
            Key(
                "personality", personality, .standing("generic"),
                "Whose greeting, list of extensions, words and codes its SMTP server has, and what it does wrong."),
            Key("ras", .section(ras), .required, "The dial-in side."),
            Key("queue", .section(queue), .standing("{}"), "How held mail is retried and when it expires."),
            Key("registry", registry, .standing("{}"), "The registry: a .reg file, or keys with their values."),
            Key(
                "routes", .names(.init(kind: .domain, value: .scalar(.address))), .standing("{}"),
                "Where mail for a domain goes when that is not the address of the domain's user."),
            Key(
                "checks-identity", .scalar(.word(["true", "false"], later: [])), .standing("true"),
                "Whether a host gets a domain's mail only when it calls itself by a name of the domain's user."),
            Key(
                "accounts", .names(.init(kind: .user, value: .section(serverAccount))), .standing("{}"),
                "Who may prove a name with AUTH and ask by ATRN or TURN; with one the server listens on port 366."),
            Key(
                "mechanisms", .list(mechanism, atLeast: 1), .standing("[cram-md5]"),
                "The mechanisms of AUTH that it offers, best first."),
            Key(
                "answers-finger", .scalar(.word(["true", "false"], later: [])), .standing("false"),
                "Whether a user can have the mail for a domain released by Finger; the server then listens on port "
                    + "79."),
            Key(
                "disk-space", .scalar(.quantity(.size, atLeast: 1)), .optional,
                "How much of its disk is free when no mail is held; enough for everything without it."),
            Key(
                "disk-latency", .scalar(.quantity(.interval, atLeast: 0)), .standing("0s"),
                "How long its disk needs until what was written is durable, besides 4 MB a second; 0s for no time at "
                    + "all. Mail is answered for when it is durable."),
        ])

    static let ras = Section(
        "A hunt group of modems and the users that may dial in.",
        [
            Key("number", .scalar(.telephone), .required, "The number of the hunt group."),
            Key("ports", .scalar(.number(1...10_000)), .standing("1"), "How many modems answer it."),
            Key("modem", modem, .standing("v34"), "What kind they are."),
            Key(
                "authentication",
                .list(.scalar(.word(["chap", "pap"], later: ["ms-chap", "ms-chap-v2", "eap"])), atLeast: 1),
                .standing("[chap, pap]"), "The protocols the server accepts, best first."),
            Key(
                "users", .names(.init(kind: .user, value: .section(user))), .standing("{}"),
                "Who may dial in, by user name."),
            Key("pool", .section(pool), .optional, "Addresses for users without one of their own."),
            Key(
                "idle-disconnect", .scalar(.quantityOrNever(.interval)), .standing("never"),
                "Hang up when no datagram has passed for so long."),
            Key(
                "auto-answer", .scalar(.word(["true", "false"], later: [])), .standing("true"),
                "Whether the modems answer, register S0; false lets every call ring until the caller gives up."),
        ])

    static let user = Section(
        "Somebody who may dial in.",
        [
            Key("count", .scalar(.number(1...100_000)), .optional, "Makes a group: NAME-1, NAME-2 and so on."),
            Key("password", .scalar(.secret), .required, "The shared secret of PAP and CHAP."),
            Key(
                "address", .scalar(.address), .optional,
                "The address given by IPCP; a group takes those that follow. Another one of the pool at each call "
                    + "without it."),
            Key(
                "domains", .list(.scalar(.domain), atLeast: 0), .standing("[]"),
                "The domains whose mail is held for this user; in a group {n} is the number of the user."),
        ])

    static let pool = Section(
        "Addresses that are lent for a call, the next one to the next call.",
        [
            Key("address", .scalar(.address), .required, "The first of them."),
            Key("count", .scalar(.number(1...100_000)), .required, "How many; as many as there are ports, at least."),
        ])

    static let serverAccount = Section(
        "Somebody whose mail is held, as the mail server knows him.",
        [
            Key("count", .scalar(.number(1...100_000)), .optional, "Makes a group: NAME-1, NAME-2 and so on."),
            Key("password", .scalar(.secret), .required, "The password of AUTH."),
            Key(
                "domains", .list(.scalar(.domain), atLeast: 1), .required,
                "The domains whose mail he gets; in a group {n} is the number of the account."),
        ])

    /// A mechanism of AUTH.
    static let mechanism = Shape.scalar(.word(["cram-md5", "plain", "login"], later: ["scram-sha-256"]))

    static let client = Section(
        "A host that is online only while it has dialled in.",
        [
            Key("count", .scalar(.number(1...100_000)), .optional, "Makes a group: NAME-1, NAME-2 and so on."),
            Key(
                "domains", .list(.scalar(.domain), atLeast: 0), .standing("[]"),
                "The domains whose mail it takes; in a group {n} is the number of the host."),
            Key("modem", modem, .standing("v34"), "Its modem."),
            Key("dials", .section(dials), .required, "The entry of its phone book."),
            Key(
                "retrieves",
                .scalar(
                    .word(
                        ["etrn", "etrn-until-empty", "atrn", "turn", "finger", "nothing"], later: [],
                        apart: ["ping", "rsh"])),
                .standing("etrn"),
                "How it asks for its mail; until-empty asks again after each flush until nothing waits, atrn and turn "
                    + "have it sent over their own connection. finger reads no answer: a host that hangs up when "
                    + "flushed waits 150 s for mail that does not come."),
            Key(
                "account", .section(account), .optional,
                "Who it proves to be with AUTH, for ATRN and TURN."),
            Key(
                "asks-for", .list(.scalar(.etrnArgument), atLeast: 0), .standing("[]"),
                "What it names with ETRN; nothing here stands for its domains, one after the other. With ATRN nothing "
                    + "stands for all of its account. Finger asks after the same names."),
            Key(
                "asks-like", .scalar(.word(ClientPlan.Manner.allCases.map(\.rawValue), later: [])),
                .standing("rfc-1985"),
                "Whose way of sending and asking it has: fetchmail ends at 251, etrn.pl waits until its own server "
                    + "listens, Exchange sends what was written before it dialled."),
            Key(
                "registry", registry, .standing("{}"),
                "Its registry: AlwaysUseETRN and AlwaysUseTURN ask where `retrieves` does not, SiteDomain is what it "
                    + "asks for."),
            Key(
                "offers",
                .list(
                    .scalar(.word(ClientPlan.Extension.allCases.map(\.rawValue), later: ["starttls", "auth"])),
                    atLeast: 0),
                .standing("[]"), "What its SMTP server offers besides PIPELINING, SIZE, 8BITMIME and status codes."),
            Key(
                "listens-after", .scalar(.quantity(.interval, atLeast: 0)), .standing("0s"),
                "How long after the link came up its SMTP server begins to listen."),
            Key(
                "hangs-up",
                .either(
                    scalar: .word(["when-flushed", "never"], later: []),
                    mapping: .variants([
                        Section(
                            "After a silence.",
                            [
                                Key(
                                    "after-idle", .scalar(.quantity(.interval, atLeast: 1)), .required,
                                    "When no datagram has passed for so long.")
                            ]),
                        Section(
                            "After a time.",
                            [
                                Key(
                                    "after", .scalar(.quantity(.interval, atLeast: 1)), .required,
                                    "So long after the link came up.")
                            ]),
                    ]),
                    list: nil),
                .standing("when-flushed"), "When it hangs up."),
            Key("personality", .scalar(.text), .later, "Whose PPP and TCP it speaks."),
        ])

    static let account = Section(
        "A name at the mail server.",
        [
            Key(
                "user", .scalar(.text), .required,
                "The name of the account; in a group {n} is the number of the host."),
            Key("password", .scalar(.secret), .required, "The password."),
            Key("mechanism", mechanism, .standing("cram-md5"), "How it proves that it knows the password."),
        ])

    static let dials = Section(
        "An entry of a phone book.",
        [
            Key("number", .scalar(.telephone), .required, "The number of the RAS."),
            Key(
                "user", .scalar(.text), .required,
                "The user name for PAP and CHAP; in a group {n} is the number of the host."),
            Key("password", .scalar(.secret), .required, "The password."),
            Key("redial", .section(redial), .standing("{}"), "What it does when a call comes to nothing."),
        ])

    static let redial = Section(
        "Dialling again.",
        [
            Key(
                "attempts", .scalar(.number(1...1_000)), .standing("1"),
                "How often it dials in all, the first time counted."),
            Key(
                "pause", .scalar(.quantity(.interval, atLeast: 0)), .standing("60s"),
                "How long it waits before it dials again."),
        ])
}
