public import Events
public import Scenario
public import Timebase

/// What a run came to, as `run.json` keeps it.
///
/// Everything but ``engine`` follows from scenario, seed and version alone. Times are nanoseconds since the beginning
/// of the run; what did not happen is `null`.
public struct RunReport: Sendable {
    /// The version of Ringback that ran it.
    public var version: String
    /// The scenario's file, as it was given.
    public var scenario: String
    /// The scenario's title.
    public var title: String
    /// Where all luck came from.
    public var seed: UInt64
    /// What the calendar said at the beginning.
    public var begins: CalendarDate
    /// When the run ended.
    public var ended: Instant
    /// Whether it was made to end before its time; what did not hold then might have held later.
    public var isInterrupted: Bool
    /// What had to be true, and whether it was.
    public var expectations: [ExpectationResult]
    /// The calls and flushes.
    public var record: RunRecord
    /// Frames that passed a capture point.
    public var packets: Int
    /// What it cost; nil leaves it out, and with it all that differs from run to run.
    public var engine: EngineFigures?

    /// A report of these parts, in the order in which they are written.
    public init(
        version: String, scenario: String, title: String, seed: UInt64, begins: CalendarDate, ended: Instant,
        isInterrupted: Bool, expectations: [ExpectationResult], record: RunRecord, packets: Int, engine: EngineFigures?
    ) {
        self.version = version
        self.scenario = scenario
        self.title = title
        self.seed = seed
        self.begins = begins
        self.ended = ended
        self.isInterrupted = isInterrupted
        self.expectations = expectations
        self.record = record
        self.packets = packets
        self.engine = engine
    }

    /// The text of `run.json`.
    public var text: String { json.document }

    private var json: JSONValue {
        var members: [(key: String, value: JSONValue)] = [
            ("v", .number(1)), ("version", .text(version)), ("scenario", .text(scenario)), ("title", .text(title)),
            ("seed", .unsigned(seed)), ("begins", .text("\(begins)")), ("time-unit", .text("ns")),
            ("ended", JSONValue(ended)), ("interrupted", .bool(isInterrupted)),
            ("passed", .bool(expectations.allSatisfy(\.holds))),
            ("expectations", .array(expectations.map(JSONValue.init))),
            ("flushes", .array(record.flushes.map { JSONValue($0, of: record.calls) })),
            ("calls", .array(record.calls.map { JSONValue($0, endOfRun: ended) })),
            ("totals", totals),
        ]
        if let engine { members.append(("engine", JSONValue(engine))) }
        return .object(members)
    }

    private var totals: JSONValue {
        let totals = record.totals
        return .object([
            ("calls", .number(record.calls.count)), ("flushes", .number(record.flushes.count)),
            ("queued", .number(totals.queued)), ("delivered", .number(totals.delivered)),
            ("delivered-octets", .number(totals.deliveredOctets)), ("stored", .number(totals.stored)),
            ("duplicates", .number(totals.duplicates)), ("refused", .number(totals.refused)),
            ("expired", .number(totals.expired)), ("packets", .number(packets)),
        ])
    }
}
