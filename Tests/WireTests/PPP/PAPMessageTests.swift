import TestSupport
import Testing
import Wire

struct PAPMessageTests {
    private let request = PAPMessage.authenticateRequest(name: Array("branch".utf8), password: Array("dialtone".utf8))

    @Test func `a request carries name and password, each with its count`() throws {
        let packet = request.packet(identifier: 1)
        #expect(packet.data == [6] + Array("branch".utf8) + [8] + Array("dialtone".utf8))
        #expect(try PAPMessage(parsing: packet) == request)
    }

    @Test func `an answer may leave its message out`() throws {
        #expect(try PAPMessage(parsing: ControlPacket(code: 2, identifier: 1)) == .authenticateAck(message: []))
        let denied = PAPMessage.authenticateNak(message: Array("Login incorrect".utf8))
        #expect(try PAPMessage(parsing: denied.packet(identifier: 1)) == denied)
    }

    @Test func `an unknown code and fields that do not add up are refused`() {
        #expect(throws: AuthenticationMessageError.unknownCode) {
            try PAPMessage(parsing: ControlPacket(code: 4, identifier: 1))
        }
        for length in 0..<request.packet(identifier: 1).data.count {
            let data = Array(request.packet(identifier: 1).data.prefix(length))
            #expect(throws: AuthenticationMessageError.badLength) {
                try PAPMessage(parsing: ControlPacket(code: 1, identifier: 1, data: data))
            }
        }
    }

    @Test func `what is accepted can be written again`() {
        var mutations = Mutations(of: "pap")
        for round in 0..<Mutations.count(100_000) {
            let data = mutations.next(of: [request.packet(identifier: 1).data, [2, 79, 107]])
            let packet = ControlPacket(code: UInt8(1 + round % 3), identifier: 1, data: data)
            guard let message = try? PAPMessage(parsing: packet), !data.isEmpty else { continue }
            #expect(message.packet(identifier: 1) == packet)
        }
    }
}
