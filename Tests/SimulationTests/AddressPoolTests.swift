import Testing
import Wire

@testable import Simulation

struct AddressPoolTests {
    @Test func `each call gets the next address that is free, and all come round`() {
        var pool = AddressPool(.init(first: IPv4Address(192, 0, 2, 254), count: 3))
        let first = pool.lend()
        #expect(first == IPv4Address(192, 0, 2, 254))
        #expect(pool.lend() == IPv4Address(192, 0, 2, 255))
        pool.takeBack(IPv4Address(192, 0, 2, 255))
        #expect(pool.lend() == IPv4Address(192, 0, 3, 0))
        // The first one is still out.
        #expect(pool.lend() == IPv4Address(192, 0, 2, 255))
        pool.takeBack(first)
        #expect(pool.lend() == first)
    }

    @Test func `an address belongs to it or not`() {
        let pool = AddressPool(.init(first: IPv4Address(10, 0, 0, 255), count: 2))
        #expect(pool.contains(IPv4Address(10, 0, 1, 0)))
        #expect(!pool.contains(IPv4Address(10, 0, 0, 254)) && !pool.contains(IPv4Address(10, 0, 1, 1)))
    }
}
