import Events
import Telephony
import Testing
import Timebase

@testable import Simulation

/// Telephone calls in a world: who hangs up, what fails, and what is left afterwards.
struct WorldCallTests {
    // MARK: The end of a call

    @Test func `the client hangs up in good order`() throws {
        var office = try SmallOffice()
        office.at(0, .dial([0]))
        office.at(60, .hangUp([0]))
        var world = office.run()
        #expect(world.story() == [.modemOffHook, .carrierUp, .linkUp, .linkDown, .modemOnHook])
        #expect(world.reasonsOfLinkDown == ["hung up"])
        #expect(world.openCalls == 0)
        #expect(world.takeFreePorts() == 1)
    }

    @Test func `the server hangs up on a silent link`() throws {
        var office = try SmallOffice()
        office.plan.server.ras.idleDisconnect = .minutes(1)
        office.at(0, .dial([0]))
        var world = office.run()
        #expect(world.story() == [.modemOffHook, .carrierUp, .linkUp, .linkDown, .modemOnHook])
        #expect(world.reasonsOfLinkDown == ["idle for 1m"])
        let up = try #require(world.first(.linkUp))
        let down = try #require(world.first(.linkDown))
        #expect((.seconds(60)...Interval.seconds(61)).contains(down - up))
        // The client's modem has to notice that the server's has gone.
        let onHook = try #require(world.first(.modemOnHook))
        #expect(onHook - down >= TelephoneCall.carrierLossTime)
        #expect(world.openCalls == 0)
        #expect(world.takeFreePorts() == 1)
    }

    @Test func `a wrong password ends the call without a link, and is not tried again`() throws {
        var office = try SmallOffice()
        office.plan.clients[0].dials.password = "engaged tone"
        office.plan.clients[0].dials.attempts = 3
        office.at(0, .dial([0]))
        var world = office.run()
        #expect(world.story() == [.modemOffHook, .carrierUp, .authenticationRefused, .modemOnHook, .diallerGaveUp])
        #expect(world.takeFreePorts() == 1)
    }

    @Test func `hanging up twice is hanging up once`() throws {
        var office = try SmallOffice()
        office.at(0, .dial([0]))
        office.at(60, .hangUp([0]))
        office.at(60.01, .hangUp([0]))
        var world = office.run()
        #expect(world.story() == [.modemOffHook, .carrierUp, .linkUp, .linkDown, .modemOnHook])
        #expect(world.takeFreePorts() == 1)
    }

    @Test func `a carrier that fails while PPP says goodbye is lost all the same`() throws {
        var office = try SmallOffice()
        office.at(0, .dial([0]))
        office.at(60, .hangUp([0]))
        office.at(60.01, .dropCarrier([0]))
        var world = office.run()
        #expect(
            world.story() == [
                .modemOffHook, .carrierUp, .linkUp, .linkDown, .carrierDropped, .carrierLost, .modemOnHook,
            ])
        #expect(world.reasonsOfLinkDown == ["hung up"])
        #expect(world.takeFreePorts() == 1)
    }

    @Test func `who dials while the last call is being hung up dials in vain`() throws {
        var office = try SmallOffice(ports: 2)
        office.at(0, .dial([0]))
        office.at(60, .hangUp([0]))
        office.at(60.01, .dial([0]))
        let world = office.run()
        #expect(world.counters.calls == 1)
    }

    // MARK: Carrier loss from outside

    @Test(arguments: [Happening.Name.modemOffHook, .modemDials, .modemRinging])
    func `before the answer there is no carrier to drop`(name: Happening.Name) throws {
        var office = try SmallOffice()
        office.at(0, .dial([0]))
        office.when(name, after: 1, .dropCarrier([0]))
        let world = office.run()
        #expect(world.story() == [.modemOffHook, .carrierUp, .linkUp])
    }

    @Test(arguments: [1, 9_000] as [Int64])
    func `a circuit that fails while the modems train leaves them waiting for a carrier`(after: Int64) throws {
        var office = try SmallOffice()
        office.plan.clients[0].dials.attempts = 2
        office.at(0, .dial([0]))
        office.when(.modemTraining, after: after, .dropCarrier([0]))
        var world = office.run()
        #expect(
            world.story() == [
                .modemOffHook, .carrierDropped, .modemNoCarrier, .diallerWaits, .modemOffHook, .carrierUp, .linkUp,
            ])
        let dials = try #require(world.first(.modemDials))
        let noCarrier = try #require(world.first(.modemNoCarrier))
        #expect(noCarrier - dials == .milliseconds(7 * 190) + TelephoneCall.carrierWait)
        #expect(world.takeFreePorts() == 0)
    }

    @Test func `a carrier lost while PPP negotiates is dialled for again`() throws {
        var office = try SmallOffice()
        office.plan.clients[0].dials.attempts = 2
        office.at(0, .dial([0]))
        office.when(.carrierUp, after: 100, .dropCarrier([0]))
        let world = office.run()
        #expect(
            world.story() == [
                .modemOffHook, .carrierUp, .carrierDropped, .carrierLost, .modemOnHook, .diallerWaits, .modemOffHook,
                .carrierUp, .linkUp,
            ])
    }

    @Test func `a carrier lost in a transfer is noticed later, and what was sent until then is lost`() throws {
        var office = try SmallOffice()
        office.holdMail(messages: 3, size: 20_000)
        office.at(0, .dial([0]))
        office.when(.flushMessageStarted, after: 2_000, .dropCarrier([0]))
        var world = office.run()
        #expect(
            world.story() == [
                .modemOffHook, .carrierUp, .linkUp, .carrierDropped, .linkDown, .carrierLost, .modemOnHook,
            ])
        #expect(world.reasonsOfLinkDown == ["carrier lost"])
        let dropped = try #require(world.first(.carrierDropped))
        let down = try #require(world.first(.linkDown))
        #expect(down - dropped == TelephoneCall.carrierLossTime)
        #expect(world.framesIn(since: dropped) == 0)
        #expect(world.heldMessages == 3)
        #expect(world.takeFreePorts() == 1)
    }

    @Test func `what the last call left behind does not end the next one`() throws {
        var office = try SmallOffice()
        // Longer than the five minutes after which the branch's mail server gives up the connection that broke.
        office.holdMail(messages: 20, size: 60_000)
        office.plan.lasts = .minutes(20)
        office.at(0, .dial([0]))
        office.when(.flushMessageStarted, after: 2_000, .dropCarrier([0]))
        office.when(.carrierLost, after: 10_000, .dial([0]))
        let world = office.run()
        #expect(world.reasonsOfLinkDown == ["carrier lost", "hung up"])
        #expect(world.heldMessages == 0)
    }

    @Test func `a branch that hangs up on a dead line says so`() throws {
        var office = try SmallOffice()
        office.at(0, .dial([0]))
        office.at(60, .dropCarrier([0]))
        office.at(60.5, .hangUp([0]))
        let world = office.run()
        #expect(world.reasonsOfLinkDown == ["hung up"])
        #expect(world.story().suffix(4) == [.carrierDropped, .linkDown, .carrierLost, .modemOnHook])
    }

    // MARK: Busy and no answer

    @Test func `the second of two callers for one port hears the busy tone and gets through later`() throws {
        var office = try SmallOffice(branches: 2)
        office.plan.clients[1].dials.attempts = 2
        office.at(0, .dial([0]))
        office.at(20, .dial([1]))
        office.at(60, .hangUp([0]))
        let world = office.run()
        #expect(world.story() == [.modemOffHook, .carrierUp, .linkUp, .linkDown, .modemOnHook])
        #expect(
            world.story(of: "branch-2") == [
                .modemOffHook, .modemBusy, .diallerWaits, .modemOffHook, .carrierUp, .linkUp,
            ])
    }

    @Test func `a port is free again when the server's modem has noticed, not before`() throws {
        var office = try SmallOffice(branches: 2)
        office.plan.exchange.setup = .fixed(0)
        office.at(0, .dial([0]))
        office.at(60, .hangUp([0]))
        let onHook = try #require(office.run().first(.modemOnHook))
        // Dial tone and digits take 2.0 s to 2.7 s.
        for (lead, isFree) in [(2.7, false), (0.5, true)] {
            var office = office
            office.at(Double((onHook - .beginning).nanoseconds) / 1e9 - lead, .dial([1]))
            let isBusy = office.run().story(of: "branch-2").contains(.modemBusy)
            #expect(isBusy != isFree)
        }
    }

    @Test func `modems that do not answer are tried as often as the phone book says`() throws {
        var office = try SmallOffice()
        office.plan.server.ras.autoAnswer = false
        office.plan.clients[0].dials.attempts = 2
        office.at(0, .dial([0]))
        var world = office.run()
        #expect(
            world.story() == [
                .modemOffHook, .modemNoAnswer, .diallerWaits, .modemOffHook, .modemNoAnswer, .diallerGaveUp,
            ])
        let rings = try #require(world.first(.modemRinging))
        let ends = try #require(world.first(.modemNoAnswer))
        #expect(ends - rings == .seconds(30))
        #expect(world.takeFreePorts() == 1)
    }

    // MARK: Hanging up before there is a link

    @Test(arguments: [Happening.Name.modemOffHook, .modemDials, .modemRinging, .modemTraining])
    func `a call hung up before its carrier is over at once and not dialled again`(name: Happening.Name) throws {
        var office = try SmallOffice()
        office.plan.clients[0].dials.attempts = 3
        office.at(0, .dial([0]))
        office.when(name, after: 200, .hangUp([0]))
        var world = office.run()
        #expect(world.story() == [.modemOffHook, .modemNoCarrier])
        #expect(world.takeFreePorts() == 1)
    }

    @Test func `a called modem that trains alone keeps its port for a moment`() throws {
        var office = try SmallOffice(branches: 2)
        office.plan.exchange.setup = .fixed(0)
        office.at(0, .dial([0]))
        office.when(.modemTraining, after: 10_000, .hangUp([0]))
        let gone = try #require(office.run().first(.modemNoCarrier))
        for (lead, isFree) in [(2.0, false), (0.5, true)] {
            var office = office
            office.at(Double((gone - .beginning).nanoseconds) / 1e9 - lead, .dial([1]))
            let isBusy = office.run().story(of: "branch-2").contains(.modemBusy)
            #expect(isBusy != isFree)
        }
    }

    @Test func `a call hung up while PPP negotiates is not dialled again`() throws {
        var office = try SmallOffice()
        office.plan.clients[0].dials.attempts = 3
        office.at(0, .dial([0]))
        office.when(.carrierUp, after: 100, .hangUp([0]))
        var world = office.run()
        #expect(world.story() == [.modemOffHook, .carrierUp, .modemOnHook])
        #expect(world.takeFreePorts() == 1)
    }

    @Test func `hanging up in the pause before the next attempt ends the attempts`() throws {
        var office = try SmallOffice(branches: 2)
        office.plan.clients[1].dials.attempts = 5
        office.at(0, .dial([0]))
        office.at(20, .dial([1]))
        office.at(50, .hangUp([1]))
        let world = office.run()
        #expect(world.story(of: "branch-2") == [.modemOffHook, .modemBusy, .diallerWaits])
    }

    // MARK: Whatever happens

    @Test(arguments: 1...60 as ClosedRange<UInt64>)
    func `every call ends once and every port is free in the end`(seed: UInt64) throws {
        var office = try SmallOffice(branches: 4, ports: 2, seed: seed)
        office.plan.lasts = .hours(2)
        office.plan.server.ras.idleDisconnect = .minutes(2)
        office.holdMail(messages: 2, size: 5_000)
        for index in 0..<4 { office.plan.clients[index].dials.attempts = 3 }
        let tenMinutes = 600_000_000_000 as Int64
        for _ in 0..<3 {
            for index in 0..<4 {
                for deed in [ScriptStep.Deed.dial([index]), .dropCarrier([index]), .hangUp([index])] {
                    office.plan.script.append(ScriptStep(trigger: .at(.uniform(0...tenMinutes)), deed: deed))
                }
            }
        }
        var world = office.run()
        for host in office.plan.clients.map(\.name) { try expectEndings(world.story(of: host)) }
        #expect(world.openCalls == 0)
        #expect(world.takeFreePorts() == 2)
    }

    // One ending to each off-hook, carrier.lost only before its on-hook, and a link that is down as often as up.
    private func expectEndings(_ story: [Happening.Name]) throws {
        let endings: Set<Happening.Name> = [.modemBusy, .modemNoAnswer, .modemNoCarrier, .modemOnHook]
        var isOffHook = false
        for (index, name) in story.enumerated() {
            if name == .modemOffHook {
                #expect(!isOffHook, "\(story)")
                isOffHook = true
            } else if endings.contains(name) {
                #expect(isOffHook, "\(story)")
                isOffHook = false
            } else if name == .carrierLost {
                #expect(isOffHook && story[index + 1] == .modemOnHook, "\(story)")
            }
        }
        #expect(!isOffHook)
        #expect(story.count { $0 == .linkUp } == story.count { $0 == .linkDown })
    }
}
