import MailQueue
import Resolver
import TestSupport
import Testing
import Timebase
import Wire

struct ResolverMutationTests {
    @Test func `T263: whatever the servers send, every lookup ends, within its time and without a trace`() {
        var mutations = Mutations(of: "resolver", telling: "\u{0}\u{1}\u{c}\u{f}\u{5}")
        var found = 0
        for run in 0..<Mutations.count(1_000) {
            var office = ResolverTranscript(seed: UInt64(run), looksUpIPv6: run % 2 == 0) {
                $0.mostCachedSets = 1 + run % 7
            }
            office.looksUp("d.example")
            var open: [ResolverTranscript.Query] = []
            for _ in 0..<200 {
                while let action = office.next() {
                    if case .found = action { found += 1 }
                    if let query = query(in: action) { open.append(query) }
                }
                guard office.resolver.deadline != nil, !open.isEmpty else { break }
                happen(to: open[mutations.number(below: open.count)], in: &office, by: &mutations)
            }
            office.passes(.minutes(30))
            while let action = office.next() { if case .found = action { found += 1 } }
            #expect(office.resolver.deadline == nil && office.resolver.openQueryCount == 0)
            #expect(office.resolver.cachedSetCount <= 1 + run % 7)
            if found != run + 1 { Issue.record("\(found) found after \(run + 1) lookups") }
        }
    }

    private func query(in action: Resolver.Action) -> ResolverTranscript.Query? {
        switch action {
        case .send(let octets, let server, let port):
            message(octets).map { .init(message: $0, server: server, port: port) }
        case .sendByTCP(let octets, let server, let stream):
            message(Array(octets.dropFirst(2))).map { .init(message: $0, server: server, stream: stream) }
        default: nil
        }
    }

    private func message(_ octets: [UInt8]) -> DNSMessage? { try? DNSMessage(parsing: octets.span.bytes) }

    private func happen(
        to query: ResolverTranscript.Query, in office: inout ResolverTranscript, by mutations: inout Mutations
    ) {
        let message = response(to: query, by: &mutations)
        let octets = mutations.number(below: 3) == 0 ? mutations.spoil(message.octets()) : message.octets()
        switch mutations.number(below: 8) {
        case 0: office.passes(.seconds(Int64(mutations.number(below: 6))))
        case 1: office.isUnreachable(query)
        case 2: office.streamCloses(query)
        case 3: office.isUnavailable(query.port)
        default:
            if query.stream == nil {
                office.receives(octets, for: query)
            } else {
                let stream = [UInt8(octets.count >> 8), UInt8(octets.count & 0xFF)] + octets
                let cut = mutations.number(below: stream.count)
                office.streamReceives(Array(stream[..<cut]), for: query)
                office.streamReceives(Array(stream[cut...]), for: query)
            }
        }
    }

    /// Something that a server could say, sensible or not.
    private func response(to query: ResolverTranscript.Query, by mutations: inout Mutations) -> DNSMessage {
        var message = DNSMessage(
            answering: query.message, DNSResponseCode(bits: [0, 0, 0, 2, 3][mutations.number(below: 5)]))
        message.isTruncated = mutations.number(below: 8) == 0
        let names = ["d.example", "a.example", "b.example", "c.example", "example", "."]
        let asked = query.message.questions.first?.name.description ?? "."
        for _ in 0..<mutations.number(below: 5) {
            let owner = mutations.number(below: 2) == 0 ? asked : names[mutations.number(below: names.count)]
            let target = names[mutations.number(below: names.count)]
            let records = [
                mx(owner, UInt16(mutations.number(below: 3)), target, timeToLive: UInt32(mutations.number(below: 3))),
                alias(owner, target, timeToLive: UInt32(mutations.number(below: 3))), host(owner, "192.0.2.1"),
                host(owner, "2001:db8::1"), soa(owner, minimum: 5, timeToLive: UInt32(mutations.number(below: 9))),
            ]
            let record = records[mutations.number(below: records.count)]
            switch mutations.number(below: 4) {
            case 0: message.authorities.append(record)
            case 1: message.additionals.append(record)
            default: message.answers.append(record)
            }
        }
        return message
    }
}
