import Testing
import Timebase

@testable import MailQueue

@Suite struct DeadlineTreeTests {
    @Test func `the tree agrees with a plain list`() {
        var luck = RandomStream(seed: 1985, thing: "tree", purpose: "test")
        var tree = DeadlineTree()
        var plain = [Instant?](repeating: nil, count: 100)
        #expect(tree.earliest == nil)
        for _ in 0..<20_000 {
            let index = Int(luck.uniform(in: 0...99))
            let seconds = luck.uniform(in: -20...60)
            let deadline: Instant? = seconds < 0 ? nil : .beginning + .seconds(seconds)
            tree.set(deadline, at: index)
            plain[index] = deadline
            let earliest = plain.compactMap { $0 }.min()
            #expect(tree.earliest == earliest)
            #expect(tree.earliestIndex == (earliest == nil ? nil : plain.firstIndex(of: earliest)))
        }
    }
}
