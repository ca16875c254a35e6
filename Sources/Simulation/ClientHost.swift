import SMTP
import Telephony
import Timebase

/// What a branch's mail host has besides its TCP/IP stack: a dialler, a habit of retrieving mail, and a mail store.
struct ClientHost: Sendable {
    /// What acts by itself in a client host.
    enum Agent: Int {
        case dialler, retrieval, listener
    }

    let plan: ClientPlan
    var dialler: Dialler
    var retrieval: Retrieval
    /// The call under way, from off-hook to on-hook.
    var call: TelephoneCall?
    /// How many calls it has begun.
    var callCount = 0
    /// The RAS port it is connected to, while a carrier stands.
    var port: Int?
    /// Wakes the call.
    let callAlarm: EventQueue.AlarmID
    /// Wakes the dialler.
    let diallerAlarm: EventQueue.AlarmID
    /// Wakes the retrieval.
    let retrievalAlarm: EventQueue.AlarmID
    /// Wakes the SMTP server that starts slowly.
    let listenerAlarm: EventQueue.AlarmID
    // What tells a message that came before: looked up, never walked.
    private var known: Set<UInt64> = []
    private var begun = 0
    /// What it has written and the server has not.
    var written = WrittenMail()
    /// Transfers that broke off.
    var transfers = KeptTransfers()

    init(_ plan: ClientPlan, index: Int, seed: UInt64, clock: inout EventQueue) {
        self.plan = plan
        dialler = Dialler(attempts: plan.dials.attempts, pause: plan.dials.pause)
        retrieval = Retrieval(
            Retrieval.Habit(
                asks: plan.retrieves != .nothing, names: plan.reversal == nil ? plan.etrnArguments.count : 1,
                untilEmpty: plan.asksUntilEmpty,
                hangsUp: plan.hangsUp,
                asksAfter: plan.asksAfter),
            luck: RandomStream(seed: seed, thing: plan.name, purpose: "etrn.pause"))
        callAlarm = clock.makeAlarm(.call, source: index)
        diallerAlarm = clock.makeAlarm(.agent, source: index, detail: Agent.dialler.rawValue)
        retrievalAlarm = clock.makeAlarm(.agent, source: index, detail: Agent.retrieval.rawValue)
        listenerAlarm = clock.makeAlarm(.agent, source: index, detail: Agent.listener.rawValue)
    }

    /// A message begins to come.
    /// - Returns: what the host calls it: no other message of the host has that number.
    mutating func beginMessage() -> Int {
        begun += 1
        return begun
    }

    /// A message is kept.
    /// - Returns: whether one of the same mark came before.
    mutating func keepMessage(mark: UInt64) -> Bool { !known.insert(mark).inserted }

    /// What it names with ETRN.
    var etrnArguments: [ETRNArgument] { plan.etrnArguments }

    /// It takes mail for its own domains and for nobody else (RFC 5321 §3.6.2).
    var smtpConfiguration: SMTPServerConfiguration {
        var configuration = SMTPServerConfiguration(hostName: plan.mailName)
        configuration.offersETRN = false
        configuration.offersChunking = plan.offers.contains(.chunking)
        configuration.offersCheckpoint = plan.offers.contains(.checkpoint)
        configuration.offersDSN = plan.offers.contains(.dsn)
        configuration.recipients = RecipientPolicy(localDomains: Set(plan.domains))
        return configuration
    }
}

extension ClientPlan {
    /// What the host calls itself in SMTP: its first domain, or its name in the scenario.
    var mailName: Domain {
        if let first = domains.first, let name = try? Domain(parsing: "mail.\(first)") { return name }
        guard let name = try? Domain(parsing: "\(name).invalid") else {
            preconditionFailure("a host's name is a label")
        }
        return name
    }
}
