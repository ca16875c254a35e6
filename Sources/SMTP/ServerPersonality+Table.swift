// Where the words are from: source code and captured dialogues of the programs; for Exchange the dialogues printed in
// articles Q262945 and Q254560 of its knowledge base. Addresses of clients, which some programs repeat in their replies
// to EHLO, are left out: a session does not know them.
extension ServerPersonality {
    /// All that are known, by the order of their names in the documentation.
    public static let all: [ServerPersonality] = [
        generic, exchange5, exchange2000, sendmail8, postfix, exim, indimail, hMailServer,
    ]

    /// The server as the RFCs have it.
    public static let generic = ServerPersonality(name: "generic")

    /// The Internet Mail Service of Exchange Server 5.5. No pipelining, no status codes. Its replies to ETRN were never
    /// written down, so they are those of RFC 1985.
    public static let exchange5 = ServerPersonality(
        name: "exchange-5.5",
        keywords: ["XEXCH50", "HELP", "ETRN", "DSN", "SIZE", "AUTH"],
        replies: [
            .greeting: "220 {host} ESMTP Server (Microsoft Exchange Internet Mail Service 5.5.2653.13) ready",
            .hello: "250 OK",
            .extendedHello: "250 {host} Hello [{client}]",
            .senderOk: "250 OK - mail from {path}",
            .recipientOk: "250 OK - Recipient {path}",
            .relayingDenied: "550 Relaying is prohibited",
            .startContent: "354 Send data.  End with CRLF.CRLF",
            .stored: "250 OK",
            .reset: "250 OK",
            .noop: "250 OK",
            .goodbye: "221 closing connection",
        ])

    /// Exchange 2000, whose SMTP is that of Windows 2000. A keyword in small letters, and a last one that is none. Its
    /// replies to ETRN are taken to be those of RFC 1985, too.
    public static let exchange2000 = ServerPersonality(
        name: "exchange-2000",
        keywords: [
            "TURN", "ATRN", "SIZE", "ETRN", "PIPELINING", "DSN", "ENHANCEDSTATUSCODES", "8bitmime", "BINARYMIME",
            "CHUNKING", "VRFY", "AUTH", "X-LINK2STATE", "XEXCH50", "OK",
        ],
        replies: [
            .greeting: "220 {host} Microsoft ESMTP MAIL Service, Version: 5.0.2172.1 ready at  {date}",
            .hello: "250 {host} Hello [{client}]",
            .extendedHello: "250 {host} Hello [{client}]",
            .senderOk: "250 2.1.0 {address}....Sender OK",
            .recipientOk: "250 2.1.5 {address}",
            .relayingDenied: "550 5.7.1 Unable to relay for {address}",
            .stored: "250 2.6.0 <{id}@{host}> Queued mail for delivery",
            .reset: "250 2.0.0 Resetting",
            .noop: "250 2.0.0 OK",
            .goodbye: "221 2.0.0 {host} Service closing transmission channel",
            .sayHello: "503 5.5.2 Send hello first",
            .needsMail: "503 5.5.2 Need mail command.",
            .needsRecipient: "503 5.5.2 Need Rcpt command.",
            .noValidRecipients: "554 5.5.2 No valid recipients",
            .unknownCommand: "500 5.3.3 Unrecognized command",
        ])

    /// sendmail 8: 250 for every name, in a transaction as well.
    public static let sendmail8 = ServerPersonality(
        name: "sendmail-8",
        keywords: ["ENHANCEDSTATUSCODES", "PIPELINING", "8BITMIME", "SIZE", "DSN", "ETRN", "AUTH", "STARTTLS", "HELP"],
        replies: [
            .greeting: "220 {host} ESMTP Sendmail 8.12.11/8.12.11; {date}",
            .hello: "250 {host} Hello {client}, pleased to meet you",
            .extendedHello: "250 {host} Hello {client}, pleased to meet you",
            .senderOk: "250 2.1.0 {path}... Sender ok",
            .recipientOk: "250 2.1.5 {path}... Recipient ok",
            .unknownMailbox: "550 5.1.1 {path}... User unknown",
            .relayingDenied: "550 5.7.1 {path}... Relaying denied",
            .startContent: "354 Enter mail, end with \".\" on a line by itself",
            .stored: "250 2.0.0 {id} Message accepted for delivery",
            .reset: "250 2.0.0 Reset state",
            .noop: "250 2.0.0 OK",
            .sayHello: "503 5.0.0 Polite people say HELO first",
            .insideTransaction: "503 5.5.0 Sender already specified",
            .needsMail: "503 5.0.0 Need MAIL command",
            .needsRecipient: "503 5.0.0 Need RCPT (recipient)",
            .noValidRecipients: "503 5.0.0 Need RCPT (recipient)",
            .unknownCommand: "500 5.5.1 Command unrecognized",
        ],
        etrn: .sendmail8)

    /// Postfix 3.7: 250 for every name that it keeps a list for, 459 for all others. `@` and `#` are left aside.
    public static let postfix = ServerPersonality(
        name: "postfix",
        keywords: [
            "PIPELINING", "SIZE", "VRFY", "ETRN", "STARTTLS", "AUTH", "ENHANCEDSTATUSCODES", "8BITMIME", "DSN",
            "SMTPUTF8",
        ],
        replies: [
            .greeting: "220 {host} ESMTP Postfix",
            .senderOk: "250 2.1.0 Ok",
            .recipientOk: "250 2.1.5 Ok",
            .unknownMailbox: "550 5.1.1 {path}: Recipient address rejected: User unknown",
            .relayingDenied: "554 5.7.1 {path}: Relay access denied",
            .startContent: "354 End data with <CR><LF>.<CR><LF>",
            .goodbye: "221 2.0.0 Bye",
            .sayHello: "503 5.5.1 Error: send HELO/EHLO first",
            .insideTransaction: "503 5.5.1 Error: nested MAIL command",
            .needsMail: "503 5.5.1 Error: need MAIL command",
            .needsRecipient: "503 5.5.1 Error: need RCPT command",
            .noValidRecipients: "554 5.5.1 Error: no valid recipients",
            .unknownCommand: "502 5.5.2 Error: command not recognized",
            .tooManyErrors: "421 4.7.0 {host} Error: too many errors",
            .timedOut: "421 4.4.2 {host} Error: timeout exceeded",
        ],
        errors: 20, etrn: .postfix)

    /// Exim 4: nothing but `#name`, 250 for whatever name that is, and 458 while it runs. The fourth error ends the
    /// session.
    public static let exim = ServerPersonality(
        name: "exim",
        keywords: ["SIZE", "8BITMIME", "ETRN", "PIPELINING", "AUTH", "CHUNKING", "STARTTLS", "HELP"],
        replies: [
            .greeting: "220 {host} ESMTP Exim 4.96 {date}",
            .hello: "250 {host} Hello {client}",
            .extendedHello: "250 {host} Hello {client}",
            .senderOk: "250 OK",
            .recipientOk: "250 Accepted",
            .unknownMailbox: "550 Unknown user",
            .relayingDenied: "550 relay not permitted",
            .startContent: "354 Enter message, ending with \".\" on a line by itself",
            .stored: "250 OK id={id}",
            .reset: "250 Reset OK",
            .noop: "250 OK",
            .goodbye: "221 {host} closing connection",
            .sayHello: "503 HELO or EHLO required",
            .insideTransaction: "503 sender already given",
            .needsMail: "503 sender not yet given",
            .needsRecipient: "503 valid RCPT command must precede DATA",
            .noValidRecipients: "503 valid RCPT command must precede DATA",
            .unknownCommand: "500 unrecognized command",
            .tooManyErrors: "501 Too many syntax or protocol errors",
            .timedOut: "421 {host}: SMTP command timeout - closing connection",
        ],
        errors: 4, etrn: .exim)

    /// IndiMail: the only one that counts what waits, but 250 when nothing does.
    public static let indimail = ServerPersonality(
        name: "indimail",
        keywords: ["AUTH", "PIPELINING", "8BITMIME", "SIZE", "ETRN", "ATRN", "STARTTLS", "HELP"],
        replies: [
            .senderOk: "250 ok",
            .recipientOk: "250 ok",
            .relayingDenied: "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
            .startContent: "354 go ahead",
            .stored: "250 ok qp {id}",
            .reset: "250 flushed",
            .noop: "250 ok",
            .goodbye: "221 {host} closing connection",
            .sayHello: "503 Polite people say hello first (#5.5.4)",
            .insideTransaction: "503 bad sequence of commands (#5.3.2)",
            .needsMail: "503 MAIL first (#5.5.1)",
            .needsRecipient: "503 RCPT first (#5.5.1)",
            .noValidRecipients: "503 RCPT first (#5.5.1)",
            .unknownCommand: "502 unimplemented (#5.5.1)",
            .notImplemented: "502 unimplemented (#5.5.1)",
        ],
        etrn: .indimail)

    /// hMailServer: ETRN is taken from anybody at any time, and not listed.
    public static let hMailServer = ServerPersonality(
        name: "hmailserver",
        keywords: ["SIZE", "STARTTLS", "AUTH", "ETRN", "HELP"],
        replies: [
            .hello: "250 Hello.",
            .senderOk: "250 OK",
            .recipientOk: "250 OK",
            .unknownMailbox: "550 Unknown user",
            .startContent: "354 OK, send.",
            .stored: "250 Queued",
            .reset: "250 OK",
            .noop: "250 OK",
            .goodbye: "221 goodbye",
            .sayHello: "503 Bad sequence of commands",
            .insideTransaction: "503 Issue a reset if you want to start over",
            .needsMail: "503 Must have sender first.",
            .needsRecipient: "503 Must have sender and recipient first.",
            .noValidRecipients: "503 Must have sender and recipient first.",
            .unknownCommand: "503 Bad sequence of commands",
            .timedOut: "421 Connection timeout.",
        ],
        etrn: .hMailServer)
}

extension ETRNPolicy {
    fileprivate static let sendmail8: ETRNPolicy = {
        var policy = ETRNPolicy()
        policy.faults = [.onlySaysStarted, .takesUnknownNames, .ignoresTransaction]
        let started: ReplyForm = "250 2.0.0 Queuing for node {name} started"
        policy.replies = [
            .started: started, .alreadyRunning: started, .notQualified: started, .badArgument: started,
            .unknownQueue: "459 4.5.4 Queue {name} unknown", .badQueueName: "459 4.5.4 Queue {name} unknown",
            .notAllowed: "550 5.7.1 Access denied",
            .disabled: "502 5.7.0 Sorry, we do not allow this operation",
            .noArgument: "500 5.5.2 Parameter required",
        ]
        return policy
    }()

    fileprivate static let postfix: ETRNPolicy = {
        var policy = ETRNPolicy()
        (policy.atForm, policy.hashForm) = (.plainName, .plainName)
        policy.faults = [.onlySaysStarted, .isListedWhenDisabled]
        policy.allowance = 100
        let unavailable: ReplyForm = "459 <{name}>: service unavailable"
        policy.replies = [
            .started: "250 Queuing started", .alreadyRunning: "250 Queuing started",
            .unable: "458 Unable to queue messages",
            .unknownName: unavailable, .unknownQueue: unavailable, .notQualified: unavailable, .disabled: unavailable,
            .notAllowed: "554 5.7.1 <{name}>: Etrn command rejected: Access denied",
            .noArgument: "500 Syntax: ETRN domain",
            .badArgument: "501 Error: invalid parameter syntax",
            .badQueueName: "501 Error: invalid parameter syntax",
            .insideTransaction: "503 Error: MAIL transaction in progress",
        ]
        return policy
    }()

    fileprivate static let exim: ETRNPolicy = {
        var policy = ETRNPolicy()
        (policy.plainForm, policy.atForm, policy.hashForm) = (.refused, .refused, .plainName)
        policy.faults = [.onlySaysStarted, .takesUnknownNames]
        let noHash: ReplyForm = "501 argument must begin with #"
        policy.replies = [
            .started: "250 OK", .unknownQueue: "250 OK", .badQueueName: "250 OK",
            .alreadyRunning: "458 Already processing {name}",
            .unable: "458 Internal failure",
            .notAllowed: "458 Administrative prohibition", .disabled: "458 Administrative prohibition",
            .noArgument: noHash, .notQualified: noHash, .badArgument: noHash, .formNotTaken: noHash,
            .insideTransaction: "503 ETRN is not permitted inside a transaction",
        ]
        return policy
    }()

    fileprivate static let indimail: ETRNPolicy = {
        var policy = ETRNPolicy()
        (policy.atForm, policy.hashForm) = (.plainName, .plainName)
        let pending: ReplyForm = "253 OK, <{count}> pending message for node <{name}> started"
        let unavailable: ReplyForm = "553 <{name}>: etrn service unavailable (#5.7.1)"
        let invalid: ReplyForm = "501 invalid parameter syntax (#5.3.2)"
        policy.replies = [
            .started: "250 OK, queueing for node <{name}> started",
            .nothingWaiting: "250 OK, No message waiting for node <{name}>",
            .waiting: pending, .alreadyRunning: pending,
            .unable: "451 Unable to queue messages (#4.3.0)",
            .unknownName: unavailable, .unknownQueue: unavailable, .notAllowed: unavailable, .notQualified: unavailable,
            .noArgument: "555 syntax error (#5.5.4)", .badArgument: invalid, .badQueueName: invalid,
            .insideTransaction: "503 no ETRN during mail transaction (#5.5.0)",
        ]
        return policy
    }()

    fileprivate static let hMailServer: ETRNPolicy = {
        var policy = ETRNPolicy()
        (policy.atForm, policy.hashForm) = (.refused, .refused)
        policy.faults = [.onlySaysStarted, .ignoresTransaction, .servesAnybody, .isUnlisted]
        let notSupported: ReplyForm = "501 ETRN not supported for {name}"
        let started: ReplyForm = "250 OK, message queuing started for {name}"
        policy.replies = [
            .started: started, .alreadyRunning: started,
            .unable: "458 Unable to queue messages for {name}",
            .unknownName: notSupported, .notQualified: notSupported, .badArgument: notSupported,
            .badQueueName: notSupported, .formNotTaken: notSupported,
            .noArgument: "500 Syntax Error: No domain parameter included",
        ]
        return policy
    }()
}
