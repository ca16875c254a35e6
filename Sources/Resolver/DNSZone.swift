public import Wire

/// A zone that answers questions with authority, as a name server's process does with one zone (RFC 1034 §4.3.2).
///
/// It asks nobody else, and knows neither wildcards nor delegations: every name at or below its origin is its own.
/// Meant for tests and simulations, where a network has a few zones that somebody wrote.
public struct DNSZone: Sendable {
    /// The name at which the zone begins.
    public let origin: DNSName
    /// The record that says so, and for how long it may be kept that something is missing.
    public let authority: DNSRecord
    /// What the zone says of its names, without ``authority``.
    public let records: [DNSRecord]

    private let startsOfAuthority: DNSAuthority

    /// A zone.
    /// - Parameters:
    ///   - origin: the name at which it begins.
    ///   - authority: the fields of its SOA.
    ///   - timeToLiveSeconds: for how long the SOA may be kept.
    ///   - records: what it says, each about a name at or below the origin. Others have no place in it, and are not
    ///     kept.
    public init(origin: DNSName, _ authority: DNSAuthority, timeToLiveSeconds: UInt32 = 3_600, records: [DNSRecord]) {
        self.origin = origin
        self.authority = DNSRecord(origin, timeToLiveSeconds: timeToLiveSeconds, .soa(authority))
        self.records = records.filter { $0.name.isWithin(origin) && $0.type != .soa }
        startsOfAuthority = authority
    }

    /// Answers the octets of a query.
    /// - Parameters:
    ///   - query: what has come, without a length before it.
    ///   - limit: how many octets the response may have: those of a datagram, or of a connection.
    /// - Returns: the response; nil for what is too short to be answered, or is a response itself.
    public func response(to query: RawSpan, atMost limit: Int = DNSMessage.mostDatagramOctets) -> [UInt8]? {
        guard let header = try? DNSMessage(headerOf: query), !header.isResponse else { return nil }
        guard let message = try? DNSMessage(parsing: query) else {
            return DNSMessage(answering: header, .formatError).octets(atMost: limit)
        }
        return response(to: message).octets(atMost: limit)
    }

    /// Answers a query.
    /// - Parameter query: what is asked.
    /// - Returns: the response, whatever the query is.
    public func response(to query: DNSMessage) -> DNSMessage {
        guard query.opcode == .query else { return DNSMessage(answering: query, .notImplemented) }
        guard let question = query.questions.first, query.questions.count == 1 else {
            return DNSMessage(answering: query, .formatError)
        }
        guard question.questionClass == .internet, question.name.isWithin(origin) else {
            return DNSMessage(answering: query, .refused)
        }
        var response = DNSMessage(answering: query)
        response.isAuthoritative = true
        answer(question, in: &response)
        return response
    }

    // Follows aliases inside the zone, as far as a resolver would.
    private func answer(_ question: DNSQuestion, in response: inout DNSMessage) {
        var name = question.name
        for _ in 0...Answer.mostAliases {
            let records = records(of: name, question.type)
            guard records.isEmpty else {
                response.answers += records
                response.additionals = addresses(for: records)
                return
            }
            guard let alias = self.records(of: name, .cname).first, case .cname(let target) = alias.data else {
                response.responseCode = isThere(name) ? .noError : .nameError
                response.authorities = [missing]
                return
            }
            response.answers.append(alias)
            // What lies outside is somebody else's to say.
            guard target.isWithin(origin) else { return }
            name = target
        }
    }

    /// The SOA as it tells for how long it may be kept that something is missing (RFC 2308 §3).
    private var missing: DNSRecord {
        let seconds = min(authority.timeToLiveSeconds, startsOfAuthority.minimumSeconds)
        return DNSRecord(origin, timeToLiveSeconds: seconds, authority.data)
    }

    /// The records of a name, written as it was asked for, so that its owner need not be written out again.
    private func records(of name: DNSName, _ type: DNSType) -> [DNSRecord] {
        ([authority] + records)
            .filter { $0.name == name && ($0.type == type || type == .any) }
            .map { DNSRecord(name, timeToLiveSeconds: $0.timeToLiveSeconds, $0.data) }
    }

    // A name exists also when there is something below it only (RFC 4592 §2.2.2).
    private func isThere(_ name: DNSName) -> Bool { name == origin || records.contains { $0.name.isWithin(name) } }

    /// The addresses of the hosts that records name, each once (RFC 1035 §3.3.9, §3.3.11).
    private func addresses(for records: [DNSRecord]) -> [DNSRecord] {
        var hosts: [DNSName] = []
        for record in records {
            switch record.data {
            case .mx(_, let host), .ns(let host): if !hosts.contains(host) { hosts.append(host) }
            default: break
            }
        }
        return hosts.flatMap { self.records(of: $0, .a) + self.records(of: $0, .aaaa) }
    }
}
