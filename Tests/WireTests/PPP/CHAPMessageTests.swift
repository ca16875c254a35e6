import TestSupport
import Testing
import Wire

struct CHAPMessageTests {
    private let challenge = CHAPMessage.challenge(value: Array(0..<16), name: Array("isp".utf8))

    @Test func `a challenge carries its value with a count, and a name`() throws {
        let packet = challenge.packet(identifier: 5)
        #expect(packet == ControlPacket(code: 1, identifier: 5, data: [16] + Array(0..<16) + Array("isp".utf8)))
        #expect(try CHAPMessage(parsing: packet) == challenge)
    }

    @Test(
        arguments: [
            .response(value: [1, 2, 3], name: []), .success(message: Array("Welcome".utf8)), .failure(message: []),
        ] as [CHAPMessage])
    func `the other messages are read and written`(message: CHAPMessage) throws {
        #expect(try CHAPMessage(parsing: message.packet(identifier: 9)) == message)
    }

    @Test func `an unknown code, an empty value and one beyond the packet are refused`() {
        #expect(throws: AuthenticationMessageError.unknownCode) {
            try CHAPMessage(parsing: ControlPacket(code: 5, identifier: 1))
        }
        for data in [[], [0], [0, 65], [2, 1]] as [[UInt8]] {
            #expect(throws: AuthenticationMessageError.badLength) {
                try CHAPMessage(parsing: ControlPacket(code: 1, identifier: 1, data: data))
            }
        }
        let whole = challenge.packet(identifier: 1).data
        for length in 0..<17 {
            #expect(throws: AuthenticationMessageError.badLength) {
                try CHAPMessage(parsing: ControlPacket(code: 2, identifier: 1, data: Array(whole.prefix(length))))
            }
        }
    }

    @Test func `what is accepted can be written again`() {
        var mutations = Mutations(of: "chap")
        for round in 0..<Mutations.count(100_000) {
            let data = mutations.next(of: [challenge.packet(identifier: 1).data])
            let packet = ControlPacket(code: UInt8(1 + round % 4), identifier: 1, data: data)
            guard let message = try? CHAPMessage(parsing: packet) else { continue }
            #expect(message.packet(identifier: 1) == packet)
        }
    }
}
