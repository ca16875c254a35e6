import Testing
import Timebase

@testable import Simulation

struct RetrievalTests {
    private let luck = RandomStream(seed: 1, thing: "branch", purpose: "etrn.pause")

    @Test func `the host asks when the link comes up and hangs up when the promised connection has gone`() {
        var retrieval = Retrieval(.init(asks: true, hangsUp: .whenFlushed), luck: luck)
        #expect(retrieval.linkUp(at: at(0)) == .ask)
        retrieval.etrnAnswered(code: 253)
        retrieval.deliveryBegan()
        #expect(retrieval.askingEnded(at: at(2)) == nil)
        #expect(retrieval.deliveryEnded(isComplete: true, at: at(40)) == .complete)
    }

    @Test func `an answer that only people read is waited for as a promise, and no more is known of it`() {
        var retrieval = Retrieval(.init(asks: true, hangsUp: .whenFlushed), luck: luck)
        _ = retrieval.linkUp(at: at(0))
        retrieval.fingerAnswered()
        #expect(retrieval.askingEnded(at: at(2)) == nil)
        #expect(retrieval.deadline == at(2) + Retrieval.patience)
        retrieval.deliveryBegan()
        #expect(retrieval.deliveryEnded(isComplete: true, at: at(40)) == .hangUp)
    }

    @Test(arguments: [459, 500, 502])
    func `an answer that promises nothing ends the call with the dialogue`(code: Int) {
        var retrieval = Retrieval(.init(asks: true, hangsUp: .whenFlushed), luck: luck)
        _ = retrieval.linkUp(at: at(0))
        retrieval.etrnAnswered(code: code)
        #expect(retrieval.askingEnded(at: at(2)) == .hangUp)
    }

    @Test func `251 says that all is there, and one refusal among several answers that it is not`() {
        var satisfied = Retrieval(.init(asks: true, hangsUp: .never), luck: luck)
        _ = satisfied.linkUp(at: at(0))
        satisfied.etrnAnswered(code: 251)
        #expect(satisfied.askingEnded(at: at(2)) == .complete)
        var refused = Retrieval(.init(asks: true, hangsUp: .never), luck: luck)
        _ = refused.linkUp(at: at(0))
        refused.etrnAnswered(code: 251)
        refused.etrnAnswered(code: 459)
        #expect(refused.askingEnded(at: at(2)) == nil)
    }

    @Test func `who was not told of each of its names cannot know that all has come`() {
        var retrieval = Retrieval(.init(asks: true, names: 2, hangsUp: .never), luck: luck)
        _ = retrieval.linkUp(at: at(0))
        retrieval.etrnAnswered(code: 251)
        #expect(retrieval.askingEnded(at: at(2)) == nil)
    }

    @Test func `what was written goes before the asking, and is waited for at the end`() {
        var retrieval = Retrieval(.init(asks: true, hangsUp: .whenFlushed), luck: luck)
        #expect(retrieval.linkUp(at: at(0), hasWritten: true) == .submit)
        #expect(retrieval.submissionEnded(at: at(5)) == .ask)
        retrieval.etrnAnswered(code: 251)
        #expect(retrieval.wrote() == nil)
        #expect(retrieval.askingEnded(at: at(6)) == .submit)
        #expect(retrieval.submissionEnded(at: at(9)) == .complete)
        #expect(retrieval.wrote() == .submit)
    }

    @Test func `what is written while mail comes goes when that has come`() {
        var retrieval = Retrieval(.init(asks: true, hangsUp: .whenFlushed), luck: luck)
        _ = retrieval.linkUp(at: at(0))
        retrieval.etrnAnswered(code: 253)
        _ = retrieval.askingEnded(at: at(2))
        retrieval.deliveryBegan()
        #expect(retrieval.wrote() == nil && retrieval.wrote() == nil)
        #expect(retrieval.deliveryEnded(isComplete: true, at: at(10)) == .submit)
        #expect(retrieval.submissionEnded(at: at(12)) == .complete)
    }

    @Test func `who looks for its own server first asks later`() {
        var retrieval = Retrieval(
            .init(asks: true, hangsUp: .after(.seconds(60)), asksAfter: .seconds(14)), luck: luck)
        #expect(retrieval.linkUp(at: at(0)) == nil)
        #expect(retrieval.deadline == at(14))
        #expect(retrieval.deadlineReached(at: at(14), lastDatagram: at(0)) == .ask)
        #expect(retrieval.deadline == at(60))
    }

    // RFC 2645: one command, one connection, whatever the number of domains.
    @Test func `a connection whose roles are reversed keeps the promise when it ends with QUIT`() {
        var retrieval = Retrieval(.init(asks: true, hangsUp: .whenFlushed), luck: luck)
        #expect(retrieval.linkUp(at: at(0)) == .ask)
        retrieval.reversalAnswered(code: 250)
        retrieval.reversed()
        #expect(retrieval.deliveryEnded(isComplete: true, at: at(40)) == .complete)
    }

    @Test func `453 says that all is there, any other refusal that it is not`() {
        for (code, action) in [(453, Retrieval.Action.complete), (450, .hangUp), (502, .hangUp), (530, .hangUp)] {
            var retrieval = Retrieval(.init(asks: true, hangsUp: .whenFlushed), luck: luck)
            _ = retrieval.linkUp(at: at(0))
            retrieval.reversalAnswered(code: code)
            #expect(retrieval.askingEnded(at: at(2)) == action, "\(code)")
        }
    }

    // The server cannot come back by itself: it has no way.
    @Test func `after 451, and when its own connection breaks off, the host asks again`() {
        var refused = Retrieval(.init(asks: true, hangsUp: .whenFlushed), luck: luck)
        _ = refused.linkUp(at: at(0))
        refused.reversalAnswered(code: 451)
        var broken = Retrieval(.init(asks: true, hangsUp: .whenFlushed), luck: luck)
        _ = broken.linkUp(at: at(0))
        broken.reversalAnswered(code: 250)
        broken.reversed()
        #expect(refused.askingEnded(at: at(2)) == nil)
        #expect(broken.deliveryEnded(isComplete: false, at: at(2)) == nil)
        for var retrieval in [refused, broken] {
            #expect((at(7)...at(17)).contains(retrieval.deadline ?? at(0)))
            #expect(retrieval.deadlineReached(at: at(17), lastDatagram: at(2)) == .ask)
        }
    }

    @Test func `two domains are two promises`() {
        var retrieval = Retrieval(.init(asks: true, hangsUp: .whenFlushed), luck: luck)
        _ = retrieval.linkUp(at: at(0))
        retrieval.etrnAnswered(code: 250)
        retrieval.etrnAnswered(code: 253)
        _ = retrieval.askingEnded(at: at(2))
        retrieval.deliveryBegan()
        #expect(retrieval.deliveryEnded(isComplete: true, at: at(10)) == nil)
        retrieval.deliveryBegan()
        #expect(retrieval.deliveryEnded(isComplete: true, at: at(20)) == .complete)
    }

    @Test func `a connection that broke off has not kept the promise`() {
        var retrieval = Retrieval(.init(asks: true, hangsUp: .whenFlushed), luck: luck)
        _ = retrieval.linkUp(at: at(0))
        retrieval.etrnAnswered(code: 253)
        _ = retrieval.askingEnded(at: at(2))
        retrieval.deliveryBegan()
        #expect(retrieval.deliveryEnded(isComplete: false, at: at(10)) == nil)
        #expect(retrieval.deadline == at(160))
        retrieval.deliveryBegan()
        #expect(retrieval.deadline == nil)
        #expect(retrieval.deliveryEnded(isComplete: true, at: at(20)) == .complete)
    }

    @Test func `when the promised connection never comes, patience ends`() {
        var retrieval = Retrieval(.init(asks: true, hangsUp: .whenFlushed), luck: luck)
        _ = retrieval.linkUp(at: at(0))
        retrieval.etrnAnswered(code: 250)
        #expect(retrieval.askingEnded(at: at(2)) == nil)
        #expect(retrieval.deadline == at(152))
        #expect(retrieval.deadlineReached(at: at(152), lastDatagram: at(3)) == .hangUp)
    }

    @Test func `after-idle counts from the last datagram`() {
        var retrieval = Retrieval(.init(asks: false, hangsUp: .afterIdle(.seconds(60))), luck: luck)
        #expect(retrieval.linkUp(at: at(0)) == nil)
        #expect(retrieval.deadlineReached(at: at(60), lastDatagram: at(50)) == nil)
        #expect(retrieval.deadline == at(110))
        #expect(retrieval.deadlineReached(at: at(110), lastDatagram: at(50)) == .hangUp)
    }

    private func at(_ seconds: Int64) -> Instant { .beginning + .seconds(seconds) }

    @Test func `who asks until nothing is left asks again after each flush that was promised`() {
        var retrieval = Retrieval(.init(asks: true, untilEmpty: true, hangsUp: .whenFlushed), luck: luck)
        #expect(retrieval.linkUp(at: .beginning) == .ask)
        retrieval.etrnAnswered(code: 253)
        #expect(retrieval.askingEnded(at: .beginning) == nil)
        retrieval.deliveryBegan()
        #expect(retrieval.deliveryEnded(isComplete: true, at: .beginning) == .ask)
        retrieval.etrnAnswered(code: 251)
        #expect(retrieval.askingEnded(at: .beginning) == .complete)
    }

    @Test func `a server that can start nothing now is asked again after a while`() {
        var retrieval = Retrieval(.init(asks: true, untilEmpty: true, hangsUp: .whenFlushed), luck: luck)
        #expect(retrieval.linkUp(at: .beginning) == .ask)
        var now = Instant.beginning
        for _ in 0..<10 {
            // What is said of another queue makes no difference.
            for code in [251, 458, 251] { retrieval.etrnAnswered(code: code) }
            #expect(retrieval.askingEnded(at: now) == nil)
            let pause = (retrieval.deadline ?? now) - now
            #expect((.seconds(5)...Interval.seconds(15)).contains(pause))
            now += pause
            #expect(retrieval.deadlineReached(at: now, lastDatagram: now) == .ask)
        }
        retrieval.etrnAnswered(code: 458)
        #expect(retrieval.askingEnded(at: now) == .hangUp)
    }

    @Test func `who asks once hangs up when nothing can be started`() {
        var retrieval = Retrieval(.init(asks: true, hangsUp: .whenFlushed), luck: luck)
        #expect(retrieval.linkUp(at: .beginning) == .ask)
        retrieval.etrnAnswered(code: 458)
        #expect(retrieval.askingEnded(at: .beginning) == .hangUp)
    }

    @Test func `who hangs up after a time does so whatever the server said`() {
        var retrieval = Retrieval(.init(asks: true, untilEmpty: true, hangsUp: .after(.seconds(45))), luck: luck)
        var next: Retrieval.Action? = retrieval.linkUp(at: .beginning)
        var now = Instant.beginning
        while next == .ask {
            retrieval.etrnAnswered(code: 458)
            #expect(retrieval.askingEnded(at: now) == nil)
            now = retrieval.deadline ?? .distantFuture
            next = retrieval.deadlineReached(at: now, lastDatagram: now)
        }
        #expect(next == .hangUp && now == .beginning + .seconds(45))
    }
}
