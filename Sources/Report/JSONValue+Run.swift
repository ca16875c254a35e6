import Events
import Scenario
import Timebase

// How the parts of a run are written in `run.json`.

extension JSONValue {
    init(_ instant: Instant?) {
        self = instant.map { .number(($0 - .beginning).nanoseconds) } ?? .null
    }

    init(_ result: ExpectationResult) {
        self = .object([
            ("text", .text(result.text)), ("at", .text(result.place)), ("holds", .bool(result.holds)),
            ("got", .text(result.got)), ("expected", .text(result.expected)),
            ("tolerance", .text(result.tolerance.rawValue)),
            ("cause", result.cause.map { .text($0) } ?? .null),
        ])
    }

    /// A flush with the call it came in: `call` is that call's place in the list of calls, from 0.
    init(_ flush: RunRecord.Flush, of calls: [RunRecord.Call]) {
        let call = flush.call.map { calls[$0] }
        let reply: JSONValue =
            flush.etrnAnswered == nil
            ? .null
            : .object([
                ("at", JSONValue(flush.etrnAnswered)), ("code", .number(flush.replyCode)),
                ("text", .text(flush.replyText)),
            ])
        self = .object([
            ("domain", .text(flush.domain)), ("client", .text(flush.client)),
            ("call", flush.call.map { .number($0) } ?? .null), ("dialled", JSONValue(call?.dialled)),
            ("carrier", JSONValue(call?.carrier)), ("ppp-up", JSONValue(call?.linkUp)),
            ("asked-by", flush.command.map { .text($0.rawValue) } ?? .null),
            ("etrn-sent", JSONValue(flush.etrnSent)), ("etrn-reply", reply),
            ("reverse-syn", JSONValue(flush.reverseSYN)),
            ("established", JSONValue(flush.established)), ("greeting", JSONValue(flush.greeting)),
            ("messages", .array(flush.messages.map(JSONValue.init))), ("delivered", .number(flush.delivered)),
            ("octets", .number(flush.octets)), ("end", JSONValue(flush.ended)),
            ("phases", .object(flush.phases.map { ($0.name, .number($0.took.nanoseconds)) })),
            ("report", flush.report.map { JSONValue($0) } ?? .null),
        ])
    }

    init(_ report: FlushReport) {
        self = .object([
            ("took", .number(report.took.nanoseconds)), ("connections", .number(report.connections)),
            ("delivered", .number(report.delivered)), ("octets", .number(report.octets)),
            ("deferred", .number(report.deferred)), ("refused", .number(report.refused)),
            ("unanswered", .number(report.unanswered)),
            ("possible-duplicates", .number(report.possibleDuplicates)), ("held-back", .number(report.heldBack)),
            ("left", .number(report.left)),
        ])
    }

    init(_ message: RunRecord.Message) {
        self = .object([
            ("number", .number(message.number)), ("octets", .number(message.octets)),
            ("started", JSONValue(message.started)), ("accepted", JSONValue(message.accepted)),
        ])
    }

    init(_ call: RunRecord.Call, endOfRun: Instant) {
        self = .object([
            ("client", .text(call.client)), ("number", call.number.map { .number($0) } ?? .null),
            ("dialled", JSONValue(call.dialled)),
            ("training", JSONValue(call.training)), ("carrier", JSONValue(call.carrier)),
            ("receive-rate", .number(call.receiveRate)), ("transmit-rate", .number(call.transmitRate)),
            ("ppp-up", JSONValue(call.linkUp)), ("end", JSONValue(call.ended)),
            ("online", .number(call.online(until: endOfRun).nanoseconds)),
            ("failure", call.failure.map { .text($0) } ?? .null),
        ])
    }

    init(_ engine: EngineFigures) {
        self = .object([
            ("packets", .number(engine.packets)), ("events", .number(engine.events)),
            ("steps", .number(engine.steps)), ("wall", .number(engine.wall.nanoseconds)),
            ("processor", .number(engine.processor.nanoseconds)),
            ("packets-per-processor-second", engine.packetsPerProcessorSecond.map { .number($0) } ?? .null),
            ("steps-per-processor-second", engine.stepsPerProcessorSecond.map { .number($0) } ?? .null),
            ("peak-resident-octets", .number(engine.peakResidentOctets)), ("hosts", .number(engine.memory.hosts)),
            ("resident-octets-per-host", .number(engine.memory.octetsEach)),
            ("most-hosts-online", .number(engine.memory.mostOnline)),
            (
                "more-resident-octets-per-host-online",
                engine.memory.octetsEachOnline.map { .number($0) } ?? .null
            ),
        ])
    }
}
