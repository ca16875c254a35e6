import Events
import Telephony
import Testing
import Timebase

@testable import Simulation

/// Telephone calls in a world: who hangs up, what fails, and what is left afterwards.
struct WorldCallTests {
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
}
