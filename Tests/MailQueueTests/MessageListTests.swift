import SMTP
import Testing
import Timebase

@testable import MailQueue

@Suite struct MessageListTests {
    @Test func `the list agrees with a plain one, and its cursor stays where it is`() {
        var luck = RandomStream(seed: 1985, thing: "list", purpose: "test")
        var list = MessageList()
        var plain: [Int] = []
        var (lastID, cursor) = (0, 0)
        for _ in 0..<20_000 {
            if plain.isEmpty || luck.uniform(in: 0...99) < (plain.count < 200 ? 60 : 30) {
                lastID += 1
                list.append(message(lastID))
                plain.append(lastID)
            } else if luck.uniform(in: 0...9) == 0 {
                // Taken out and put back: what seeks the next message comes by there again.
                let id = plain[Int(luck.uniform(in: 0...Int64(plain.count - 1)))]
                list.remove(MessageID(id))
                list.insert(message(id))
                cursor = min(cursor, id - 1)
            } else {
                let id = plain.remove(at: Int(luck.uniform(in: 0...Int64(plain.count - 1))))
                list.remove(MessageID(id))
                list.remove(MessageID(id))
            }
            if luck.uniform(in: 0...9) == 0, let (slot, next) = list.first(from: list.cursor, where: { _ in true }) {
                list.cursor = slot + 1
                cursor = next.id.number
            }
            #expect(list.count == plain.count)
            #expect(list.octets == 2 * plain.count)
            #expect(list.first { _ in true }?.entry.id.number == plain.first)
            let next = list.first(from: list.cursor) { _ in true }?.entry.id.number
            #expect(next == plain.first { $0 > cursor })
        }
        #expect(list.all.map(\.id.number) == plain)
    }

    private func message(_ number: Int) -> QueueEntry {
        QueueEntry(
            id: MessageID(number), size: 2, arrival: .beginning, notBefore: .beginning, priority: .normal,
            wasDelayed: false)
    }
}
