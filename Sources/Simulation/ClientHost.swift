import SMTP
import Telephony
import Timebase

/// What a branch's mail host has besides its TCP/IP stack: a dialler, a habit of retrieving mail, and a mail store.
struct ClientHost: Sendable {
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
    // What tells a message that came before: looked up, never walked.
    private var known: Set<UInt64> = []
    private var stored = 0

    init(_ plan: ClientPlan, index: Int, clock: inout EventQueue) {
        self.plan = plan
        dialler = Dialler(attempts: plan.dials.attempts, pause: plan.dials.pause)
        retrieval = Retrieval(retrieves: plan.retrieves, hangsUp: plan.hangsUp)
        callAlarm = clock.makeAlarm(.call, source: index)
        diallerAlarm = clock.makeAlarm(.agent, source: index, detail: 0)
        retrievalAlarm = clock.makeAlarm(.agent, source: index, detail: 1)
    }

    /// Keeps a message: its number in this host, and whether the same content came for the same recipients before.
    mutating func store(_ content: [UInt8], for envelope: Envelope) -> (ordinal: Int, isDuplicate: Bool) {
        stored += 1
        var mark = Fingerprint()
        mark.mix(content)
        for path in envelope.forwardPaths { mark.mix(Array(path.description.utf8)) }
        return (stored, !known.insert(mark.value).inserted)
    }

    /// It takes mail for its own domains and for nobody else (RFC 5321 §3.6.2).
    var smtpConfiguration: SMTPServerConfiguration {
        var configuration = SMTPServerConfiguration(hostName: plan.mailName)
        configuration.offersETRN = false
        configuration.recipients = RecipientPolicy(localDomains: Set(plan.domains))
        return configuration
    }
}

/// A 64-bit mark of some octets by which equal ones are known again (FNV-1a over words of eight octets).
private struct Fingerprint {
    private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func mix(_ octets: [UInt8]) {
        let span = octets.span.bytes
        var offset = 0
        // Two chains side by side: a multiplication waits for the one before it.
        var other = Fingerprint()
        while offset + 16 <= span.byteCount {
            mix(UInt64(littleEndian: span.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)))
            other.mix(UInt64(littleEndian: span.unsafeLoadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)))
            offset += 16
        }
        mix(other.value)
        for octet in octets[offset...] { mix(UInt64(octet)) }
        mix(UInt64(octets.count))
    }

    private mutating func mix(_ word: UInt64) {
        value = (value ^ word) &* 0x0000_0100_0000_01b3
        value ^= value >> 29
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
