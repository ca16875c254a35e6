import TestSupport
import Testing
import Wire

struct ICMPMessageTests {
    private static let kinds: [ICMPMessage.Kind] = [
        .echoRequest(identifier: 0x1234, sequence: 5), .echoReply(identifier: 0xFFFF, sequence: 0),
        .destinationUnreachable(.port), .timeExceeded(code: 1), .other(type: 13, code: 0, rest: 0x0102_0304),
        .other(type: 8, code: 1, rest: 7),
    ]

    @Test func `an echo request is written as RFC 792 shows it`() {
        #expect(octets(.echoRequest(identifier: 0, sequence: 0), []) == [8, 0, 0xF7, 0xFF, 0, 0, 0, 0])
        let hello = octets(.echoRequest(identifier: 0x1234, sequence: 5), Array("hello".utf8))
        #expect(hello == [8, 0, 0xA1, 0xF4, 0x12, 0x34, 0, 5] + Array("hello".utf8))
    }

    @Test(arguments: kinds) func `what is written reads the same`(kind: ICMPMessage.Kind) throws {
        for data: [UInt8] in [[], [1], [1, 2], [UInt8](repeating: 0xFF, count: 1_472)] {
            #expect(try ICMPMessage(parsing: octets(kind, data).span.bytes).kind == kind)
        }
    }

    @Test func `a message of fewer than eight octets is truncated`() {
        let message = octets(.echoRequest(identifier: 1, sequence: 2), [1, 2, 3, 4])
        for length in 0..<message.count {
            #expect(throws: length < 8 ? ICMPError.truncated : .badChecksum) {
                try ICMPMessage(parsing: message.span.bytes.extracting(first: length))
            }
        }
    }

    @Test func `a wrong checksum is refused`() {
        var message = octets(.destinationUnreachable(.host), [1, 2, 3, 4])
        message[9] ^= 0x20
        #expect(throws: ICMPError.badChecksum) { try ICMPMessage(parsing: message.span.bytes) }
    }

    @Test func `what is accepted can be written again`() throws {
        var mutations = Mutations(of: "icmp")
        let samples = ICMPMessageTests.kinds.map { octets($0, [1, 2, 3, 4]) }
        for _ in 0..<Mutations.count(100_000) {
            var message = mutations.next(of: samples)
            ICMPMessageTests.mend(&message)
            guard let parsed = try? ICMPMessage(parsing: message.span.bytes) else { continue }
            let again = octets(parsed.kind, Array(message.dropFirst(8)))
            let isSame = try ICMPMessage(parsing: again.span.bytes) == parsed
            if !isSame { Issue.record("\(parsed) of \(message)") }
        }
    }

    // A damaged message is looked at only when its checksum is right.
    private static func mend(_ message: inout [UInt8]) {
        guard message.count >= 4 else { return }
        message.set(bigEndian: 0, at: 2)
        var checksum = InternetChecksum()
        checksum.add(message.span.bytes)
        message.set(bigEndian: checksum.value, at: 2)
    }

    private func octets(_ kind: ICMPMessage.Kind, _ data: [UInt8]) -> [UInt8] {
        var octets: [UInt8] = []
        ICMPMessage(kind).append(data.span.bytes, to: &octets)
        return octets
    }
}
