import Testing
import Timebase

@testable import Simulation

/// The client's end of Finger (RFC 1288).
struct FingerClientTests {
    private var client = FingerClient(name: "branch.example")

    private mutating func receive(_ octets: [UInt8]) { client.receive(octets.span.bytes) }

    @Test mutating func `it says a name in a line, and waits a minute for the answer`() {
        #expect(!client.isConnected && client.deadline == nil)
        client.connected(at: .beginning)
        var octets: [UInt8] = []
        for _ in 0..<20 { client.takeOutput(upTo: 1, into: &octets) }
        #expect(octets == Array("branch.example\r\n".utf8))
        #expect(client.isConnected && client.deadline == .beginning + .minutes(1))
    }

    @Test mutating func `an answer of several lines becomes one`() {
        receive(Array("OK,\tstarted\r\n".utf8))
        receive(Array("\r\n  4 messages\n".utf8))
        #expect(client.answer == "OK, started 4 messages")
    }

    // RFC 1288 §3.3
    @Test mutating func `what cannot be printed is left out`() {
        receive([0x1b, 0x5b, 0x32, 0x4a, 0x07, 0x4f, 0x4b, 0x00, 0xff])
        #expect(client.answer == "[2J OK")
    }

    @Test mutating func `an answer without end is cut off`() {
        for _ in 0..<1_000 { receive([UInt8](repeating: 0x78, count: 100)) }
        #expect(client.answer == String(repeating: "x", count: 512))
    }

    @Test mutating func `nothing is no answer`() {
        receive([0x0d, 0x0a])
        #expect(client.answer == nil)
    }
}
