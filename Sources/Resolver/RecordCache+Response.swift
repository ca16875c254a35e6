import Timebase
import Wire

extension RecordCache {
    // More records of one name than anybody uses are not kept.
    private static let mostRecords = 100

    /// Reads what a response says about a question, and keeps it.
    ///
    /// Only what belongs to the question counts: the name, the names that it is an alias of, and the addresses of the
    /// mail exchangers that were asked for. Whatever else is in the response could be about anybody (RFC 5452 §6).
    /// - Parameters:
    ///   - response: an answer without error or that there is no such name.
    ///   - question: what was asked.
    ///   - now: the time.
    /// - Returns: how the question ends.
    mutating func take(_ response: DNSMessage, answering question: DNSQuestion, at now: Instant) -> Answer {
        var name = question.name
        var aliases = 0
        while true {
            let records = response.answers.records(of: name, question.type)
            if !records.isEmpty {
                let kept = Array(records.prefix(RecordCache.mostRecords))
                store(kept, of: name, question.type, at: now)
                keepAddresses(ofExchangersIn: kept, from: response.additionals, at: now)
                return Answer(finding: .records(kept.map(\.data)), aliases: aliases)
            }
            guard let alias = response.answers.records(of: name, .cname).first, case .cname(let target) = alias.data
            else { break }
            store([alias], of: name, .cname, at: now)
            aliases += 1
            guard aliases <= Answer.mostAliases else { return Answer(finding: .unanswered, aliases: aliases) }
            name = target
        }
        return Answer(
            finding: missing(name, isAlias: aliases > 0, question.type, in: response, at: now), aliases: aliases)
    }

    // RFC 2308 §2: the code is about the last of the names.
    private mutating func missing(
        _ name: DNSName, isAlias: Bool, _ type: DNSType, in response: DNSMessage, at now: Instant
    ) -> Finding {
        let isNoSuchName = response.responseCode == .nameError
        let seconds = response.authorities.secondsMissing(name)
        // Without an SOA it is not known for how long, so it is not kept (RFC 2308 §5).
        if let seconds { storeMissing(name, isNoSuchName ? nil : type, for: seconds, at: now) }
        if isNoSuchName { return .noSuchName }
        // A server that does not look further than its own zones says where the alias leads and no more.
        return isAlias && seconds == nil ? .alias(name) : .nothing
    }

    private mutating func keepAddresses(
        ofExchangersIn records: [DNSRecord], from additionals: [DNSRecord], at now: Instant
    ) {
        for record in records {
            guard case .mx(_, let exchange) = record.data else { continue }
            for type in [DNSType.a, .aaaa] {
                let addresses = Array(additionals.records(of: exchange, type).prefix(RecordCache.mostRecords))
                if !addresses.isEmpty { store(addresses, of: exchange, type, at: now) }
            }
        }
    }
}

extension [DNSRecord] {
    /// Those of one name and type, of the class of the Internet.
    fileprivate func records(of name: DNSName, _ type: DNSType) -> [DNSRecord] {
        filter { $0.type == type && $0.recordClass == .internet && $0.name == name }
    }

    /// For how long it may be kept that a name is missing: the zone's SOA says so (RFC 2308 §5). Nil without one.
    fileprivate func secondsMissing(_ name: DNSName) -> UInt32? {
        for record in self where name.isWithin(record.name) {
            if case .soa(let authority) = record.data {
                return Swift.min(record.timeToLiveSeconds, authority.minimumSeconds)
            }
        }
        return nil
    }
}
