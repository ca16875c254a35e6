public import Telephony
public import Timebase

/// Everything a world is built from: the checked form of a scenario.
///
/// Hosts are named in the order of the file, and that order decides ties; nothing in it is looked up by hash.
public struct WorldPlan: Sendable {
    /// What the run shows, in one line.
    public var title: String
    /// Where all luck comes from.
    public var seed: UInt64
    /// What the calendar says at the beginning.
    public var begins: CalendarDate
    /// When the run ends at the latest.
    public var lasts: Interval
    /// The telephone network.
    public var exchange: ExchangeConfiguration
    /// The provider's server host.
    public var server: ServerPlan
    /// The hosts that dial.
    public var clients: [ClientPlan]
    /// The mail that comes to the server host.
    public var mail: [MailPlan]
    /// What happens, and when.
    public var script: [ScriptStep]

    /// A plan of these parts.
    public init(
        title: String, seed: UInt64, begins: CalendarDate, lasts: Interval, exchange: ExchangeConfiguration,
        server: ServerPlan, clients: [ClientPlan], mail: [MailPlan], script: [ScriptStep]
    ) {
        self.title = title
        self.seed = seed
        self.begins = begins
        self.lasts = lasts
        self.exchange = exchange
        self.server = server
        self.clients = clients
        self.mail = mail
        self.script = script
    }
}
