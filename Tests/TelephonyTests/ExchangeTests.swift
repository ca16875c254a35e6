import Telephony
import Testing

struct ExchangeTests {
    private let number = "555-0100"

    @Test func `a number nobody has is no number`() {
        var exchange = Exchange()
        exchange.connect(number, ports: 2)
        #expect(exchange.seize("555-0199") == .noSuchNumber)
    }

    @Test func `calls take the ports in hunt order until all are taken`() {
        var exchange = Exchange()
        exchange.connect(number, ports: 3)
        #expect((0..<5).map { _ in exchange.seize(number) } == [.port(0), .port(1), .port(2), .busy, .busy])
    }

    @Test func `a busy call takes nothing`() {
        var exchange = Exchange()
        exchange.connect(number, ports: 1)
        _ = exchange.seize(number)
        #expect(exchange.seize(number) == .busy)
        exchange.release(0, of: number)
        #expect(exchange.seize(number) == .port(0))
    }

    @Test func `the first free port is taken again, whichever was released last`() {
        var exchange = Exchange()
        exchange.connect(number, ports: 3)
        for _ in 0..<3 { _ = exchange.seize(number) }
        exchange.release(1, of: number)
        exchange.release(0, of: number)
        #expect(exchange.seize(number) == .port(0))
        #expect(exchange.seize(number) == .port(1))
        #expect(exchange.seize(number) == .busy)
    }

    @Test func `the groups of two numbers know nothing of each other`() {
        var exchange = Exchange()
        exchange.connect(number, ports: 1)
        exchange.connect("555-0200", ports: 1)
        #expect(exchange.seize(number) == .port(0))
        #expect(exchange.seize("555-0200") == .port(0))
        exchange.release(0, of: "555-0200")
        #expect(exchange.seize(number) == .busy)
        #expect(exchange.seize("555-0200") == .port(0))
    }
}
