import SMTP
import Testing

@testable import MailQueue

@Suite struct DomainTableTests {
    private func table(of count: Int) -> DomainTable {
        var table = DomainTable()
        let order = StandingOrder(QueueConfiguration())
        for number in 0..<count {
            let domain = domain("d\(number).example")
            table.append(DomainQueue(domain: domain, order.part(for: domain)))
        }
        return table
    }

    @Test(arguments: [0, 1, 8, 9, 511, 512, 513, 5_000])
    func `every domain is found at its index, in any case, and no other`(count: Int) {
        let table = table(of: count)
        #expect(table.count == count && table.indices == 0..<count)
        for number in 0..<count {
            #expect(table.index(of: domain("D\(number).Example")) == number)
            #expect(table[number].domain == domain("d\(number).example"))
        }
        #expect(table.index(of: domain("d\(count).example")) == nil)
        #expect(table.index(of: domain("example")) == nil)
    }

    @Test func `a queue is changed where it lies`() {
        var table = table(of: 1_000)
        table[700].runNumber = 7
        #expect(table[700].runNumber == 7 && table[699].runNumber == 0)
    }
}
