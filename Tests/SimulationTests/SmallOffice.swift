import Events
import MailQueue
import Registry
import SMTP
import Telephony
import Timebase
import Wire

@testable import Simulation

/// A provider and the branches that dial it, to which each test adds what it is about.
struct SmallOffice {
    var plan: WorldPlan

    /// Branches called `branch-1` and so on, which dial 555-0100 and neither ask for mail nor hang up by themselves.
    init(branches: Int = 1, ports: Int = 1, seed: UInt64 = 1) throws {
        var users: [RASPlan.User] = []
        var clients: [ClientPlan] = []
        for number in 1...branches {
            let domain = try Domain(parsing: "branch-\(number).example")
            users.append(
                .init(
                    name: "branch-\(number)", password: "dialtone",
                    address: IPv4Address(192, 0, 2, 100 + UInt8(number)),
                    domains: [domain]))
            clients.append(
                ClientPlan(
                    name: "branch-\(number)", domains: [domain], modem: .v34,
                    dials: .init(
                        number: "555-0100", user: "branch-\(number)", password: "dialtone", attempts: 1,
                        pause: .seconds(60)),
                    retrieves: .nothing, hangsUp: .never))
        }
        let ras = RASPlan(
            number: "555-0100", ports: ports, modem: .v34, authentication: [.chap], users: users, idleDisconnect: nil)
        let server = ServerPlan(
            name: try Domain(parsing: "mail.isp.example"), address: IPv4Address(192, 0, 2, 25), ras: ras,
            queue: QueueConfiguration(), registry: RegistryHive(), routes: [])
        plan = WorldPlan(
            title: "Calls", seed: seed, begins: CalendarDate(nanosecondsSince1970: 0), lasts: .minutes(10),
            exchange: ExchangeConfiguration(), server: server, clients: clients, mail: [], script: [])
    }

    /// Something is done so many seconds after the beginning.
    mutating func at(_ seconds: Double, _ deed: ScriptStep.Deed) {
        plan.script.append(ScriptStep(trigger: .at(.fixed(Int64(seconds * 1_000) * 1_000_000)), deed: deed))
    }

    /// Something is done when the first branch's modem or link has come so far, and a while later.
    mutating func when(_ name: Happening.Name, after milliseconds: Int64 = 0, _ deed: ScriptStep.Deed) {
        let pattern = EventPattern(hosts: .named("branch-1"), name: name, fields: [])
        plan.script.append(
            ScriptStep(trigger: .when(pattern, count: 1, after: .milliseconds(milliseconds)), deed: deed))
    }

    /// Gives every branch some mail, and lets it be asked for.
    mutating func holdMail(messages: Int, size: Int64) {
        for index in plan.clients.indices {
            plan.clients[index].retrieves = .etrn
            plan.clients[index].hangsUp = .whenFlushed
            plan.mail += plan.clients[index].domains.map {
                MailPlan(
                    domain: $0, source: .generated(messages: messages, size: .fixed(size)), at: .beginning, every: nil)
            }
        }
    }

    /// Runs the world to its end, after something was done to it that no plan can say.
    func run(after preparation: (inout World) -> Void = { _ in }) -> World {
        var world = World(plan, md5: SmallOffice.digest)
        preparation(&world)
        while world.run(untilTraceHolds: .max) {}
        return world
    }

    // No MD5, but a digest all the same to both ends of a link: sixteen octets that depend on all of the argument.
    private static let digest: @Sendable ([UInt8]) -> [UInt8] = { octets in
        var sums = [UInt8](repeating: 0, count: 16)
        for (index, octet) in octets.enumerated() { sums[index % 16] = sums[index % 16] &* 31 &+ octet }
        return sums
    }
}

extension World {
    /// The events of a host's telephone, dialler and link, in order.
    func story(of host: String = "branch-1") -> [Happening.Name] {
        let names: Set<Happening.Name> = [
            .modemOffHook, .modemBusy, .modemNoAnswer, .modemNoCarrier, .carrierUp, .carrierLost, .modemOnHook,
            .diallerWaits, .diallerGaveUp, .authenticationRefused, .linkUp, .linkDown, .carrierDropped,
        ]
        return trace.events.filter { $0.host == host && names.contains($0.happening.name) }.map(\.happening.name)
    }

    /// When an event first happened to a host.
    func first(_ name: Happening.Name, of host: String = "branch-1") -> Instant? {
        trace.events.first { $0.host == host && $0.happening.name == name }?.at
    }

    /// Why the first branch's links went down.
    var reasonsOfLinkDown: [String] {
        trace.events.compactMap {
            guard case .linkDown(let reason) = $0.happening, $0.host == "branch-1" else { return nil }
            return reason
        }
    }

    /// How many frames came in from a branch at an instant or later.
    func framesIn(since instant: Instant) -> Int {
        trace.entries.count {
            guard case .frame(let at, _, .inbound, _) = $0 else { return false }
            return at >= instant
        }
    }

    /// Which ports a call could have now, asked by taking them all.
    mutating func takeFreePorts() -> Int {
        var count = 0
        while case .port = exchange.seize("555-0100") { count += 1 }
        return count
    }
}
