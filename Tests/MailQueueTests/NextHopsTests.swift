import MailQueue
import SMTP
import Testing
import Timebase

struct NextHopsTests {
    private typealias Hops = NextHops<String>

    /// The addresses tried for d.example by mx.isp.example, in their order; or why none is.
    private func tried(
        _ lookup: Hops.Lookup, interruptedAt address: String? = nil, seed: UInt64 = 1
    ) -> Result<[String], Hops.Obstacle> {
        var luck = RandomStream(seed: seed, thing: "mx", purpose: "test")
        do throws(Hops.Obstacle) {
            let hops = try Hops(
                of: domain("d.example"), lookup, ownNames: [domain("mx.isp.example")], ownAddresses: ["10.0.0.9"],
                interruptedAt: address, luck: &luck)
            return .success(hops.hops.map(\.address))
        } catch {
            return .failure(error)
        }
    }

    private func mx(_ preference: Int, _ host: String, _ addresses: String...) -> Hops.Exchanger {
        .init(preference: preference, host: domain(host), addresses: addresses)
    }

    // C044, MXR-4
    @Test func `only hosts better than this one are tried`() {
        let records = [mx(10, "mx.isp.example", "10.0.0.1"), mx(5, "b.example", "10.0.0.2"), mx(20, "c.example", "1")]
        #expect(tried(.exchangers(records)) == .success(["10.0.0.2"]))
    }

    // C045
    @Test func `mail that would come back here is undeliverable`() {
        #expect(
            tried(.exchangers([mx(5, "MX.isp.example", "10.0.0.1"), mx(10, "b.example", "10.0.0.2")]))
                == .failure(.loopsBack))
        #expect(tried(.exchangers([mx(5, "alias.example", "10.0.0.9")])) == .failure(.loopsBack))
        #expect(Hops.Obstacle.loopsBack.reply.enhancedStatus == .init(5, 4, 6))
    }

    // C046, MXR-3
    @Test func `equal preferences are tried in an order that the seed decides`() {
        let records = Hops.Lookup.exchangers([
            mx(10, "a.example", "a"), mx(10, "b.example", "b"), mx(1, "c.example", "c"),
        ])
        let orders = (1...20).map { tried(records, seed: $0) }
        #expect(orders.contains(.success(["c", "a", "b"])) && orders.contains(.success(["c", "b", "a"])))
        #expect(tried(records, seed: 7) == tried(records, seed: 7))
    }

    // C047
    @Test func `a host is tried at all its addresses, and five at most in all`() {
        #expect(
            tried(.exchangers([mx(1, "a.example", "1", "2"), mx(2, "b.example", "3", "4", "5", "6")]))
                == .success(["1", "2", "3", "4", "5"]))
    }

    // RFC 1845 §3
    @Test func `C057: where a transfer broke off it may go on, so that address is tried first`() {
        let records = Hops.Lookup.exchangers([
            mx(10, "a.example", "1", "2"), mx(20, "b.example", "3", "4"), mx(30, "c.example", "5", "6"),
        ])
        #expect(tried(records, interruptedAt: "2") == .success(["2", "1", "3", "4", "5"]))
        // Beyond the five that are tried otherwise, too.
        #expect(tried(records, interruptedAt: "6") == .success(["6", "1", "2", "3", "4"]))
        // It is the domain's no longer.
        #expect(tried(records, interruptedAt: "7") == .success(["1", "2", "3", "4", "5"]))
    }

    // C048
    @Test func `without MX records the domain's own addresses count`() {
        #expect(tried(.addresses(["10.0.0.3"])) == .success(["10.0.0.3"]))
        #expect(tried(.addresses([])) == .failure(.noAddress))
    }

    // C049, MXR-2
    @Test func `with MX records whose hosts have no address nobody is tried`() {
        let nowhere = Hops.Exchanger(preference: 1, host: nil, addresses: ["10.0.0.4"])
        #expect(tried(.exchangers([mx(10, "a.example"), nowhere])) == .failure(.noAddress))
    }

    // C050, MXR-6
    @Test func `a null MX is the end at once`() {
        #expect(tried(.nullMX) == .failure(.takesNoMail))
        #expect(Hops.Obstacle.takesNoMail.isPermanent)
        #expect(Hops.Obstacle.takesNoMail.reply.enhancedStatus == .init(5, 1, 10))
    }

    // C051, MXR-1
    @Test func `no such domain is for good, no answer for now`() {
        #expect(tried(.noSuchDomain) == .failure(.noSuchDomain))
        #expect(Hops.Obstacle.noSuchDomain.reply.enhancedStatus == .init(5, 1, 2))
        #expect(tried(.noAnswer) == .failure(.noAnswer))
        #expect(!Hops.Obstacle.noAnswer.isPermanent)
        #expect(Hops.Obstacle.noAnswer.reply.enhancedStatus == .init(4, 4, 3))
    }
}
