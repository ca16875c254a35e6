import Events
import Testing
import Timebase

@testable import Simulation

struct DiallerTests {
    private let pause = Interval.seconds(60)

    @Test func `a busy number is dialled again after the pause, until the attempts are used up`() {
        var dialler = Dialler(attempts: 2, pause: pause)
        #expect(dialler.dial() == .dial)
        #expect(dialler.callEnded(refused: false, at: at(10)) == .wait(seconds: 60, attempt: 2, of: 2))
        #expect(dialler.deadline == at(70))
        #expect(dialler.deadlineReached(at: at(70)) == .dial)
        #expect(dialler.callEnded(refused: false, at: at(80)) == .giveUp(attempts: 2, .noAttemptsLeft))
        #expect(dialler.deadline == nil)
    }

    @Test func `a refused password is not tried again`() {
        var dialler = Dialler(attempts: 3, pause: pause)
        _ = dialler.dial()
        #expect(dialler.callEnded(refused: true, at: at(30)) == .giveUp(attempts: 1, .authenticationRefused))
    }

    @Test func `a link that was up and broke is not dialled again unasked`() {
        var dialler = Dialler(attempts: 3, pause: pause)
        _ = dialler.dial()
        dialler.linkUp()
        #expect(dialler.callEnded(refused: false, at: at(90)) == nil)
        #expect(dialler.state == .idle)
        #expect(dialler.dial() == .dial)
    }

    @Test func `dialling while a call is under way changes nothing`() {
        var dialler = Dialler(attempts: 1, pause: pause)
        _ = dialler.dial()
        #expect(dialler.dial() == nil)
        dialler.linkUp()
        #expect(dialler.dial() == nil)
    }

    @Test func `a wakeup that comes early is harmless`() {
        var dialler = Dialler(attempts: 2, pause: pause)
        _ = dialler.dial()
        _ = dialler.callEnded(refused: false, at: at(10))
        #expect(dialler.deadlineReached(at: at(69)) == nil)
        #expect(dialler.deadline == at(70))
    }

    @Test func `a call that is hung up is not tried again when it has ended`() {
        for hasLink in [false, true] {
            var dialler = Dialler(attempts: 3, pause: pause)
            _ = dialler.dial()
            if hasLink { dialler.linkUp() }
            dialler.hangUp()
            #expect(dialler.dial() == nil)
            #expect(dialler.callEnded(refused: false, at: at(30)) == nil)
            #expect(dialler.state == .idle)
            #expect(dialler.dial() == .dial)
        }
    }

    @Test func `hanging up in the pause ends the attempts`() {
        var dialler = Dialler(attempts: 3, pause: pause)
        _ = dialler.dial()
        _ = dialler.callEnded(refused: false, at: at(10))
        dialler.hangUp()
        #expect(dialler.deadline == nil)
        #expect(dialler.deadlineReached(at: at(70)) == nil)
        #expect(dialler.dial() == .dial)
    }

    @Test func `hanging up without a call changes nothing`() {
        var dialler = Dialler(attempts: 3, pause: pause)
        dialler.hangUp()
        #expect(dialler.state == .idle)
        #expect(dialler.dial() == .dial)
    }

    @Test func `a link that comes up while the call is being hung up does not count`() {
        var dialler = Dialler(attempts: 3, pause: pause)
        _ = dialler.dial()
        dialler.hangUp()
        dialler.linkUp()
        #expect(dialler.state == .hangingUp)
    }

    private func at(_ seconds: Int64) -> Instant { .beginning + .seconds(seconds) }
}
