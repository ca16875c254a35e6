import MailQueue
import Resolver
import TestSupport
import Testing
import Timebase
import Wire

struct DNSZoneTests {
    private let zone = DNSZone(
        origin: name("example"),
        DNSAuthority(
            primaryServer: name("ns.example"), mailbox: name("hostmaster.example"), serial: 1, minimumSeconds: 300),
        records: [
            mx("d.example", 10, "mx.d.example"), mx("d.example", 20, "backup.test"), host("mx.d.example", "192.0.2.1"),
            host("mx.d.example", "2001:db8::1"), alias("www.example", "mx.d.example"), alias("out.example", "x.test"),
            host("a.b.example", "192.0.2.2"), host("mx.test", "203.0.113.66"), alias("loop.example", "loop.example"),
        ])

    private func ask(_ text: String, _ type: DNSType, in questionClass: DNSClass = .internet) -> DNSMessage {
        zone.response(to: DNSMessage(asking: DNSQuestion(name(text), type, in: questionClass), id: 99))
    }

    private func respond(_ octets: [UInt8]) -> [UInt8]? { zone.response(to: octets.span.bytes) }

    private func read(_ octets: [UInt8]) throws -> DNSMessage { try DNSMessage(parsing: octets.span.bytes) }

    @Test func `DNS-13: exchangers come with authority and with their addresses in the zone`() {
        let response = ask("D.Example", .mx)
        #expect(response.isResponse && response.isAuthoritative && response.id == 99 && response.isRecursionDesired)
        #expect(response.responseCode == .noError && !response.isRecursionAvailable)
        #expect(response.answers == [mx("d.example", 10, "mx.d.example"), mx("d.example", 20, "backup.test")])
        #expect(response.answers.allSatisfy { $0.name.description == "D.Example" })
        #expect(response.additionals == [host("mx.d.example", "192.0.2.1"), host("mx.d.example", "2001:db8::1")])
    }

    @Test(arguments: [("gone.example", DNSResponseCode.nameError), ("mx.d.example", .noError), ("b.example", .noError)])
    func `DNS-13: what is missing comes with the SOA and its minimum`(text: String, code: DNSResponseCode) {
        let response = ask(text, .mx)
        #expect(response.responseCode == code && response.isAuthoritative && response.answers.isEmpty)
        #expect(response.authorities.map(\.type) == [.soa] && response.authorities.first?.name == name("example"))
        #expect(response.authorities.first?.timeToLiveSeconds == 300)
    }

    @Test func `an alias is followed inside the zone`() {
        #expect(
            ask("www.example", .a).answers == [alias("www.example", "mx.d.example"), host("mx.d.example", "192.0.2.1")])
        #expect(ask("www.example", .cname).answers == [alias("www.example", "mx.d.example")])
        #expect(ask("out.example", .a).answers == [alias("out.example", "x.test")])
        #expect(ask("loop.example", .a).answers.count == 9)
    }

    @Test func `all types may be asked for, and the SOA`() {
        #expect(ask("mx.d.example", .any).answers.count == 2)
        #expect(ask("example", .soa).answers == [zone.authority] && zone.authority.timeToLiveSeconds == 3_600)
    }

    @Test func `DNS-6: what is not the zone's to answer is refused`() {
        #expect(ask("mx.test", .a).responseCode == .refused)
        #expect(ask("d.example", .mx, in: DNSClass(rawValue: 3)).responseCode == .refused)
        var query = DNSMessage(asking: DNSQuestion(name("d.example"), .mx), id: 1)
        query.questions += query.questions
        #expect(zone.response(to: query).responseCode == .formatError)
        query.opcode = DNSOpcode(bits: 4)
        #expect(zone.response(to: query).responseCode == .notImplemented)
    }

    @Test func `octets are answered when they are a query`() throws {
        let query = DNSMessage(asking: DNSQuestion(name("d.example"), .mx), id: 7)
        var octets = query.octets()
        let response = try #require(respond(octets))
        #expect(try read(response) == zone.response(to: query))
        #expect(respond(Array(octets.prefix(11))) == nil && respond(response) == nil)
        octets.removeLast()
        let refusal = try #require(respond(octets))
        #expect(refusal == [0, 7, 0x81, 1, 0, 0, 0, 0, 0, 0, 0, 0])
    }

    @Test func `T263: whatever is asked is answered by something that can be read`() throws {
        var mutations = Mutations(of: "zone", telling: "\u{0}\u{1}\u{c}\u{f}")
        let samples = [DNSType.mx, .a, .any].map {
            DNSMessage(asking: DNSQuestion(name("d.example"), $0), id: 1).octets()
        }
        for _ in 0..<Mutations.count(10_000) {
            let octets = mutations.next(of: samples)
            guard let response = respond(octets) else { continue }
            if try read(response).isResponse == false { Issue.record("\(octets)") }
        }
    }

    @Test func `a resolver finds what a zone says`() throws {
        var office = ResolverTranscript(looksUpIPv6: true)
        let found: [(String, Resolver.Lookup)] = [
            (
                "d.example",
                .exchangers([exchanger(10, "mx.d.example", "192.0.2.1", "2001:db8::1"), exchanger(20, "backup.test")])
            ),
            ("www.example", .addresses([address("192.0.2.1"), address("2001:db8::1")])),
            ("a.b.example", .addresses([address("192.0.2.2")])), ("gone.example", .noSuchDomain),
            ("loop.example", .noAnswer), ("d.test", .noAnswer),
        ]
        for (text, lookup) in found {
            office.looksUp(text)
            var result: Resolver.Action?
            while let action = office.next() {
                guard case .send(let octets, let server, let port) = action else {
                    result = action
                    continue
                }
                let message = try DNSMessage(parsing: octets.span.bytes)
                // The exchanger outside is another zone's, which says that it has no address.
                let isOutside = message.questions.first?.name == name("backup.test")
                var other = DNSMessage(answering: message, .nameError)
                other.isAuthoritative = true
                office.receives(
                    isOutside ? other : zone.response(to: message),
                    for: .init(message: message, server: server, port: port))
            }
            #expect(result == .found(domain(text), lookup))
        }
        #expect(office.resolver.openQueryCount == 0)
    }
}
