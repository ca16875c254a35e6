extension Happening {
    /// The table: facility, severity, fields and one line of text for every event.
    public var row: Row {
        switch self {
        case .modemOffHook, .modemDials, .modemRinging, .modemBusy, .modemNoAnswer, .modemNoCarrier, .modemTraining,
            .carrierUp, .carrierLost, .modemOnHook, .diallerWaits, .diallerGaveUp, .carrierDropped:
            callRow
        case .lcpOpened, .authenticated, .authenticationRefused, .linkUp, .linkDown:
            linkRow
        case .etrnConnecting, .etrnConnected, .etrnSent, .etrnAnswered, .etrnFailed, .retrievalComplete,
            .listenerUp:
            etrnRow
        case .fingerConnecting, .fingerSent, .fingerAnswered, .fingerFailed:
            fingerRow
        case .reversalConnecting, .reversalConnected, .reversalAuthenticated, .reversalSent, .reversalAnswered,
            .reversalFailed:
            reversalRow
        case .mailWritten, .submissionConnecting, .submissionAccepted, .submissionRefused, .submissionFailed,
            .dialogueAnswered, .dialogueFailed:
            submissionRow
        case .flushReversed, .flushConnecting, .flushConnected, .flushGreeted, .flushMessageStarted,
            .flushMessageResumed,
            .flushDelivered, .flushDeferred, .flushFailed, .flushPredicted, .flushHeldBack, .flushCompleted,
            .flushGaveUp:
            flushRow
        case .mailQueued, .mailStored, .mailReported, .queueRefused, .queueUnreadable, .queueDelayed, .queueExpired,
            .queueReported, .mailSetAside, .queueFull, .queueHasRoom:
            mailRow
        case .storageLow, .storageRecovered, .storeFailed, .storeRecovered, .storeDamaged, .registryChanged,
            .routeChanged, .powerFailed, .powerRestored:
            serverRow
        }
    }

    private var callRow: Row {
        switch self {
        case .modemOffHook:
            Row(.modem, .informational, [], "off-hook, dial tone")
        case .modemDials(let number):
            Row(.modem, .notice, [.text("number", number)], "dials \(number)")
        case .modemRinging(let number, let port):
            Row(
                .modem, .informational, [.text("number", number), .number("port", port)],
                "\(number) rings on port \(port)")
        case .modemBusy(let number):
            Row(.modem, .warning, [.text("number", number)], "BUSY: every port of \(number) is taken")
        case .modemNoAnswer(let number):
            Row(.modem, .warning, [.text("number", number)], "NO ANSWER from \(number)")
        case .modemNoCarrier:
            Row(.modem, .warning, [], "NO CARRIER")
        case .modemTraining(let modulation):
            Row(
                .modem, .informational, [.text("modulation", modulation)],
                "answered, modems train (\(modulation))")
        case .carrierUp(let call, let port, let receiveRate, let transmitRate):
            Row(
                .modem, .notice,
                [
                    .number("call", call), .number("port", port), .number("receive-rate", receiveRate),
                    .number("transmit-rate", transmitRate),
                ],
                "CONNECT \(receiveRate)" + (receiveRate == transmitRate ? "" : ", transmits \(transmitRate)"))
        case .carrierLost(let call, let reason):
            Row(
                .modem, .warning, [.number("call", call), .text("reason", reason)],
                "NO CARRIER: \(reason)")
        case .modemOnHook(let call, let milliseconds):
            Row(
                .modem, .notice,
                [.number("call", call), .number("online-milliseconds", milliseconds)],
                "on-hook after \(seconds(milliseconds)) s online")
        case .diallerWaits(let seconds, let attempt, let limit):
            Row(
                .modem, .informational,
                [.number("seconds", seconds), .number("attempt", attempt), .number("of", limit)],
                "dials again in \(seconds) s (attempt \(attempt) of \(limit))")
        case .diallerGaveUp(let attempts, let reason):
            Row(
                .modem, .error, [.number("attempts", attempts), .text("reason", reason.rawValue)],
                reason == .noAttemptsLeft
                    ? "gave up after \(count(attempts, "attempt"))" : "does not dial again: \(reason.rawValue)")
        case .carrierDropped:
            Row(.scenario, .warning, [], "carrier dropped by the scenario")
        default: preconditionFailure("not an event of a call")
        }
    }

    private var linkRow: Row {
        switch self {
        case .lcpOpened(let mru):
            Row(.pppd, .informational, [.number("mru", mru)], "LCP opened, MRU \(mru)")
        case .authenticated(let user, let method):
            Row(
                .pppd, .informational, [.text("user", user), .text("protocol", method.rawValue)],
                "authenticated as \(user) by \(method.rawValue)")
        case .authenticationRefused(let user, let method, let message):
            Row(
                .pppd, .error,
                [.text("user", user), .text("protocol", method.rawValue), .text("message", message)],
                "\(method.rawValue) refused for \(user): \(message)")
        case .linkUp(let address, let peer):
            Row(
                .pppd, .notice, [.text("address", address), .text("peer", peer)],
                "link up: \(address), peer \(peer)")
        case .linkDown(let reason):
            Row(.pppd, .notice, [.text("reason", reason)], "link down: \(reason)")
        default: preconditionFailure("not an event of a link")
        }
    }

    private var etrnRow: Row {
        switch self {
        case .etrnConnecting(let address):
            Row(.smtpd, .informational, [.text("address", address)], "connects to \(address) port 25")
        case .etrnConnected:
            Row(.smtpd, .informational, [], "connected")
        case .etrnSent(let domain):
            Row(.smtpd, .notice, [.text("domain", domain)], "ETRN \(domain)")
        case .etrnAnswered(let domain, let code, let text):
            Row(
                .smtpd, code < 400 ? .notice : .error,
                [.text("domain", domain), .number("reply-code", code), .text("reply-text", text)], "\(code) \(text)")
        case .etrnFailed(let reason):
            Row(.smtpd, .error, [.text("reason", reason)], "could not ask for mail: \(reason)")
        case .retrievalComplete:
            Row(.smtpd, .notice, [], "all that was promised has come: safe to hang up")
        case .listenerUp(let port): Row(.smtpd, .notice, [.number("port", port)], "listens on port \(port)")
        default: preconditionFailure("not an event of an ETRN dialogue")
        }
    }

    private var fingerRow: Row {
        switch self {
        case .fingerConnecting(let address):
            Row(.finger, .informational, [.text("address", address)], "connects to \(address) port 79")
        case .fingerSent(let domain):
            Row(.finger, .notice, [.text("domain", domain)], "asks after \(domain)")
        case .fingerAnswered(let domain, let text):
            Row(.finger, .notice, [.text("domain", domain), .text("text", text)], "is told: \(text)")
        case .fingerFailed(let reason):
            Row(.finger, .error, [.text("reason", reason)], "could not ask for mail: \(reason)")
        default: preconditionFailure("not an event of Finger")
        }
    }

    private var reversalRow: Row {
        switch self {
        case .reversalConnecting(let address, let port):
            Row(
                .smtpd, .informational, [.text("address", address), .number("port", port)],
                "connects to \(address) port \(port)")
        case .reversalConnected:
            Row(.smtpd, .informational, [], "connected")
        case .reversalAuthenticated(let user, let mechanism):
            Row(
                .smtpd, .informational, [.text("user", user), .text("mechanism", mechanism)],
                "authenticated as \(user) by \(mechanism)")
        case .reversalSent(let command, let domains):
            Row(
                .smtpd, .notice, [.text("command", command.rawValue), .text("domains", domains)],
                command.rawValue + (domains.isEmpty ? "" : " \(domains)"))
        case .reversalAnswered(let command, let code, let text):
            Row(
                .smtpd, code < 400 || code == 453 ? .notice : .error,
                [.text("command", command.rawValue), .number("reply-code", code), .text("reply-text", text)],
                "\(code) \(text)")
        case .reversalFailed(let reason):
            Row(.smtpd, .error, [.text("reason", reason)], "could not ask for mail: \(reason)")
        default: preconditionFailure("not an event of ATRN or TURN")
        }
    }

    private var submissionRow: Row {
        switch self {
        case .mailWritten(let domain, let messages, let octets):
            Row(
                .smtpd, .informational,
                [.text("domain", domain), .number("messages", messages), .number("octets", octets)],
                "writes \(count(messages, "message")) for \(domain), \(count(octets, "octet"))")
        case .submissionConnecting(let address):
            Row(.smtpd, .informational, [.text("address", address)], "has mail, connects to \(address) port 25")
        case .submissionAccepted(let domain, let octets):
            Row(
                .smtpd, .notice, [.text("domain", domain), .number("octets", octets)],
                "has sent a message for \(domain), \(count(octets, "octet"))")
        case .submissionRefused(let domain, let code, let text):
            Row(
                .smtpd, code < 500 ? .warning : .error,
                [.text("domain", domain), .number("reply-code", code), .text("reply-text", text)],
                "message for \(domain) \(code < 500 ? "put off" : "refused"): \(code) \(text)")
        case .submissionFailed(let reason):
            Row(.smtpd, .warning, [.text("reason", reason)], "could not send its mail: \(reason)")
        case .dialogueAnswered(let line, let code, let text):
            Row(
                .smtpd, .notice,
                [.text("line", line), .number("reply-code", code), .text("reply-text", text)],
                "\(line) -> \(code) \(text)")
        case .dialogueFailed(let reason):
            Row(.smtpd, .warning, [.text("reason", reason)], "dialogue broken off: \(reason)")
        default: preconditionFailure("not an event of a submission")
        }
    }

    private var flushRow: Row {
        switch self {
        case .flushReversed(let domain):
            Row(
                .smtpd, .notice, [.text("domain", domain)],
                "roles reversed: server sends the mail for \(domain) over this connection")
        case .flushConnecting(let domain, let address, let port):
            Row(
                .smtpd, .notice, [.text("domain", domain), .text("address", address), .number("port", port)],
                "reverse connection: server connects to \(address) port \(port)")
        case .flushConnected(let domain):
            Row(.smtpd, .informational, [.text("domain", domain)], "reverse connection established")
        case .flushGreeted(let domain, let address, let code):
            Row(
                .smtpd, .informational,
                [.text("domain", domain), .text("address", address), .number("reply-code", code)],
                "\(address) greets the server with \(code)")
        case .flushMessageStarted(let domain, let message, let octets):
            Row(
                .smtpd, .informational,
                [.text("domain", domain), .number("message", message), .number("octets", octets)],
                "server offers message \(message), \(count(octets, "octet"))")
        case .flushMessageResumed(let domain, let message, let octets):
            Row(
                .smtpd, .notice,
                [.text("domain", domain), .number("message", message), .number("octets", octets)],
                "server goes on with message \(message) after \(count(octets, "octet"))")
        case .flushDelivered(let domain, let message, let octets):
            Row(
                .smtpd, .notice,
                [.text("domain", domain), .number("message", message), .number("octets", octets)],
                "server has the reply: message \(message) delivered, \(count(octets, "octet"))")
        case .flushDeferred(let domain, let message, let code, let text):
            Row(
                .smtpd, .warning,
                [
                    .text("domain", domain), .number("message", message), .number("reply-code", code),
                    .text("reply-text", text),
                ],
                "server defers message \(message): \(code) \(text)")
        case .flushFailed(let domain, let reason):
            Row(
                .smtpd, .warning, [.text("domain", domain), .text("reason", reason)],
                "reverse connection failed: \(reason)")
        case .flushPredicted(let domain, let messages, let octets, let milliseconds):
            Row(
                .queue, .informational,
                [
                    .text("domain", domain), .number("messages", messages), .number("octets", octets),
                    .number("milliseconds", milliseconds),
                ],
                "server expects to need \(seconds(milliseconds)) s for \(count(messages, "message")), "
                    + count(octets, "octet"))
        case .flushHeldBack(let domain, let messages):
            Row(
                .smtpd, .notice, [.text("domain", domain), .number("messages", messages)],
                "server holds back \(count(messages, "message")) for another call")
        case .flushCompleted(let report): endOfFlush(report, because: nil)
        case .flushGaveUp(let report, let reason): endOfFlush(report, because: reason)
        default: preconditionFailure("not an event of a flush")
        }
    }

    /// A flush is over; the reason says why before its time.
    private func endOfFlush(_ report: FlushReport, because reason: String?) -> Row {
        let rarely: [(count: Int, what: String)] = [
            (report.deferred, "put off"), (report.unanswered, "unanswered"), (report.heldBack, "held back"),
        ]
        let delivered = "\(grouped(report.delivered)) delivered, \(count(report.octets, "octet"))"
        let counts =
            [delivered, "\(grouped(report.refused)) refused"]
            + rarely.filter { $0.count > 0 }.map { "\(grouped($0.count)) \($0.what)" }
            + ["\(grouped(report.left)) left"]
        return Row(
            .queue, reason == nil ? .notice : .warning,
            report.fields + (reason.map { [.text("reason", $0)] } ?? []),
            "server \(reason == nil ? "ends" : "gives up") the flush of \(report.domain)"
                + "\(reason.map { ", \($0)" } ?? ""): \(counts.joined(separator: ", "))")
    }

    private var mailRow: Row {
        switch self {
        case .mailQueued(let domain, let messages, let octets):
            Row(
                .queue, .informational,
                [.text("domain", domain), .number("messages", messages), .number("octets", octets)],
                "accepts \(count(messages, "message")) for \(domain), \(count(octets, "octet"))")
        case .mailStored(let domain, let id, let octets, let duplicate):
            Row(
                .smtpd, .informational,
                [
                    .text("domain", domain), .text("id", id), .number("octets", octets),
                    .number("duplicate", duplicate ? 1 : 0),
                ],
                "stores \(id), \(count(octets, "octet"))" + (duplicate ? ", a duplicate" : ""))
        case .mailReported(let action, let sender, let id):
            Row(
                .smtpd, .notice, [.text("action", action.rawValue), .text("to", sender), .text("id", id)],
                "reports to \(sender): \(id) \(action.rawValue)")
        case .queueRefused(let domain, let message, let code, let text):
            Row(
                .queue, .error,
                [
                    .text("domain", domain), .number("message", message), .number("reply-code", code),
                    .text("reply-text", text),
                ],
                "message \(message) for \(domain) refused for good: \(code) \(text)")
        case .queueUnreadable(let domain, let message):
            Row(
                .queue, .error, [.text("domain", domain), .number("message", message)],
                "message \(message) for \(domain) cannot be read, and is left where it is")
        case .queueDelayed(let domain, let message):
            Row(
                .queue, .notice, [.text("domain", domain), .number("message", message)],
                "message \(message) for \(domain) still waits")
        case .queueExpired(let domain, let message):
            Row(
                .queue, .error, [.text("domain", domain), .number("message", message)],
                "message \(message) for \(domain) expired")
        case .queueReported(let action, let sender, let message):
            Row(
                .queue, .notice,
                [.text("action", action.rawValue), .text("to", sender), .number("message", message)],
                "reports to \(sender): message \(message) \(action.rawValue)")
        case .mailSetAside(let domain, let id, let octets):
            Row(
                .queue, .notice, [.text("domain", domain), .text("id", id), .number("octets", octets)],
                "has no way to \(domain): sets \(id) aside, \(count(octets, "octet"))")
        case .queueFull(let domain, let octets):
            Row(
                .queue, .warning, [.text("domain", domain), .number("octets", octets)],
                "takes no more mail for \(domain): \(count(octets, "octet")) wait")
        case .queueHasRoom(let domain):
            Row(.queue, .notice, [.text("domain", domain)], "takes mail for \(domain) again")
        default: preconditionFailure("not an event of a host's mail")
        }
    }

    private var serverRow: Row {
        switch self {
        case .storageLow(let free, let mark):
            Row(
                .queue, .warning, [.number("free", free), .number("mark", mark)],
                "takes no mail: \(count(free, "octet")) free of the \(grouped(mark)) wanted; queues are still started")
        case .storageRecovered(let free):
            Row(.queue, .notice, [.number("free", free)], "takes mail again: \(count(free, "octet")) free")
        case .storeFailed(let reason):
            Row(.queue, .error, [.text("reason", reason)], "cannot write: \(reason); takes no mail meanwhile")
        case .storeRecovered:
            Row(.queue, .notice, [], "can write again")
        case .storeDamaged(let reason):
            Row(
                .queue, .error, [.text("reason", reason)],
                "the store is damaged: \(reason); takes no mail, and gives what can be read")
        case .registryChanged(let value, let setting):
            Row(
                .scenario, .notice, [.text("value", value), .text("to", setting)],
                "registry: \(value) is now \(setting)")
        case .routeChanged(let domain, let address):
            Row(
                .scenario, .notice, [.text("domain", domain), .text("address", address)],
                "mail for \(domain) now goes to \(address)")
        case .powerFailed(let unanswered, let open):
            Row(
                .scenario, .error, [.number("unanswered", unanswered), .number("open", open)],
                "loses its power"
                    + (unanswered > 0 ? ", with \(count(unanswered, "message")) not yet answered for" : "")
                    + (open > 0 ? ", with \(count(open, "message")) sent and not yet taken" : ""))
        case .powerRestored(let messages, let again):
            Row(
                .scenario, .notice, [.number("messages", messages), .number("again", again)],
                "has its power again, and \(count(messages, "message")) on its disk"
                    + (again > 0 ? ", \(grouped(again)) of which may come twice" : ""))
        default: preconditionFailure("not an event of the server host itself")
        }
    }
}

/// `1 message`, `12 messages`, `4,512 octets`.
private func count(_ number: Int, _ thing: String) -> String {
    "\(grouped(number)) \(thing)\(number == 1 ? "" : "s")"
}

private func grouped(_ number: Int) -> String {
    guard number >= 1_000 else { return "\(number)" }
    let rest = number % 1_000
    return "\(grouped(number / 1_000)),\(rest < 10 ? "00" : rest < 100 ? "0" : "")\(rest)"
}

/// Seconds with one decimal, from milliseconds.
private func seconds(_ milliseconds: Int) -> String { "\(milliseconds / 1_000).\(milliseconds % 1_000 / 100)" }
