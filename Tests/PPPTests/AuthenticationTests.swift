import PPP
import Testing
import Timebase
import Wire

struct AuthenticationTests {
    private let map: [UInt8] = [2, 6, 0, 0, 0, 0]
    private let chap: [UInt8] = [3, 5, 0xC2, 0x23, 5]
    private let pap: [UInt8] = [3, 4, 0xC0, 0x23]
    private let name = Array("branch".utf8)

    // PAP

    @Test func `a PAP client says name and password, again with another identifier when nobody answers`() {
        var peer = client(wanting: pap)
        let request = PAPMessage.authenticateRequest(name: name, password: Array("dialtone".utf8))
        peer.does(.send(request.packet(identifier: 1).frame(.pap)))
        peer.passes(.seconds(3))
        peer.does(.send(request.packet(identifier: 2).frame(.pap)))
        peer.receives(PAPMessage.authenticateAck(message: []).packet(identifier: 1).frame(.pap))
        peer.doesNothing()
        peer.receives(PAPMessage.authenticateAck(message: []).packet(identifier: 2).frame(.pap))
        peer.does(.authenticated(user: "branch", by: .pap))
        #expect(peer.link.phase == .network)
    }

    @Test func `a PAP client that is refused says so and closes`() {
        var peer = client(wanting: pap)
        _ = try? peer.nextPacket()
        let text = Array("Login\nincorrect".utf8)
        peer.receives(PAPMessage.authenticateNak(message: text).packet(identifier: 1).frame(.pap))
        peer.does(.authenticationFailed(user: "branch", by: .pap, message: "Login.incorrect"))
        peer.sends(.lcp, .terminateRequest, 1, Array("authentication failed".utf8))
    }

    @Test func `a PAP server answers a repeated request as it did the first`() {
        var peer = server(demanding: .pap)
        let request = PAPMessage.authenticateRequest(name: name, password: Array("dialtone".utf8))
        let ack = PAPMessage.authenticateAck(message: Array("Login ok".utf8))
        peer.receives(request.packet(identifier: 9).frame(.pap))
        peer.does(.send(ack.packet(identifier: 9).frame(.pap)))
        peer.does(.authenticated(user: "branch", by: .pap))
        #expect(peer.link.peerUser == "branch")
        _ = try? peer.nextPacket()  // IPCP begins.
        peer.receives(request.packet(identifier: 10).frame(.pap))
        peer.does(.send(ack.packet(identifier: 10).frame(.pap)))
        peer.doesNothing()
    }

    @Test(arguments: [("branch", "wrong"), ("stranger", "dialtone"), ("branch", "")])
    func `a PAP server refuses a wrong password and a stranger alike`(user: String, password: String) {
        var peer = server(demanding: .pap)
        let request = PAPMessage.authenticateRequest(name: Array(user.utf8), password: Array(password.utf8))
        peer.receives(request.packet(identifier: 9).frame(.pap))
        let nak = PAPMessage.authenticateNak(message: Array("Login incorrect".utf8))
        peer.does(.send(nak.packet(identifier: 9).frame(.pap)))
        peer.does(.authenticationFailed(user: user, by: .pap, message: "Login incorrect"))
        peer.sends(.lcp, .terminateRequest, 1, Array("authentication failed".utf8))
        peer.receives(.lcp, .terminateAck, 1)
        peer.does(.lowerLayerFinished(.authenticationFailed))
    }

    // CHAP

    @Test func `a CHAP client digests identifier, secret and challenge`() {
        var peer = client(wanting: chap)
        peer.doesNothing()
        let challenge = CHAPMessage.challenge(value: Array(1...16), name: Array("isp".utf8))
        peer.receives(challenge.packet(identifier: 42).frame(.chap))
        let digest = TestMD5.digest([42] + Array("dialtone".utf8) + Array(1...16))
        peer.does(.send(CHAPMessage.response(value: digest, name: name).packet(identifier: 42).frame(.chap)))
        peer.receives(CHAPMessage.success(message: []).packet(identifier: 41).frame(.chap))
        peer.doesNothing()
        // The Success may have been lost: the response is repeated.
        peer.passes(.seconds(3))
        peer.does(.send(CHAPMessage.response(value: digest, name: name).packet(identifier: 42).frame(.chap)))
        peer.receives(CHAPMessage.success(message: []).packet(identifier: 42).frame(.chap))
        peer.does(.authenticated(user: "branch", by: .chap))
    }

    @Test func `a CHAP server lets in who knows the secret, and repeats its answer`() throws {
        var peer = server(demanding: .chap)
        let packet = try peer.nextPacket()
        let response = try response(to: packet, secret: "dialtone")
        peer.receives(response.frame(.chap))
        let success = CHAPMessage.success(message: Array("Access granted".utf8)).packet(identifier: packet.identifier)
        peer.does(.send(success.frame(.chap)))
        peer.does(.authenticated(user: "branch", by: .chap))
        _ = try peer.nextPacket()  // IPCP begins.
        peer.receives(response.frame(.chap))
        peer.does(.send(success.frame(.chap)))
        peer.doesNothing()
    }

    @Test func `a CHAP server refuses a wrong secret`() throws {
        var peer = server(demanding: .chap)
        let packet = try peer.nextPacket()
        peer.receives(try response(to: packet, secret: "wrong").frame(.chap))
        let failure = CHAPMessage.failure(message: Array("Access denied".utf8)).packet(identifier: packet.identifier)
        peer.does(.send(failure.frame(.chap)))
        peer.does(.authenticationFailed(user: "branch", by: .chap, message: "Access denied"))
        peer.sends(.lcp, .terminateRequest, 1, Array("authentication failed".utf8))
    }

    @Test func `each challenge is new, and only the last one counts`() throws {
        var peer = server(demanding: .chap)
        let first = try peer.nextPacket()
        peer.passes(.seconds(3))
        let second = try peer.nextPacket()
        #expect(second.identifier == first.identifier &+ 1)
        #expect(second.data != first.data)
        peer.receives(try response(to: first, secret: "dialtone").frame(.chap))
        peer.doesNothing()
        peer.receives(try response(to: second, secret: "dialtone").frame(.chap))
        _ = try peer.nextPacket()
        peer.does(.authenticated(user: "branch", by: .chap))
    }

    @Test func `a client that never responds is hung up on after ten challenges`() throws {
        var peer = server(demanding: .chap)
        for _ in 0..<10 {
            #expect(try peer.nextPacket().code == 1)
            peer.passes(.seconds(3))
        }
        peer.does(.authenticationFailed(user: "", by: .chap, message: "no response"))
    }

    @Test func `a CHAP server may ask again in the middle of the link`() throws {
        var configuration = PPPConfiguration.provider(demands: [.chap])
        configuration.challengeRepeatInterval = .seconds(1)
        var peer = server(configuration, demanding: chap)
        let first = try peer.nextPacket()
        peer.receives(try response(to: first, secret: "dialtone").frame(.chap))
        _ = try peer.nextPacket()
        peer.does(.authenticated(user: "branch", by: .chap))
        _ = try peer.nextPacket()  // IPCP begins.
        peer.passes(.seconds(1))
        let second = try peer.nextPacket()
        #expect(second.code == 1 && second.identifier != first.identifier)
        peer.receives(try response(to: second, secret: "forgotten").frame(.chap))
        _ = try peer.nextPacket()
        peer.does(.authenticationFailed(user: "branch", by: .chap, message: "Access denied"))
    }

    // Both

    @Test func `nothing but authentication passes before it has succeeded`() {
        var peer = client(wanting: chap)
        let discarded = peer.link.discardedFrames
        peer.receives(.ipcp, .configureRequest, 1, [3, 6, 10, 0, 0, 1])
        peer.receives([0xFF, 0x03, 0x80, 0xFD, 1, 1, 0, 4])
        peer.receives(PAPMessage.authenticateAck(message: []).packet(identifier: 1).frame(.pap))
        peer.doesNothing()
        #expect(peer.link.discardedFrames == discarded + 3)
    }

    @Test func `a server that never asks is not waited for longer than a minute`() {
        var peer = client(wanting: chap)
        peer.passes(.seconds(60))
        peer.sends(.lcp, .terminateRequest, 1, Array("authentication took too long".utf8))
        peer.passes(.seconds(6))
        peer.sends(.lcp, .terminateRequest, 2, Array("authentication took too long".utf8))
        peer.does(.lowerLayerFinished(.authenticationTimedOut))
    }

    @Test func `a secret shows itself nowhere`() {
        let credentials = PPPCredentials(name: "branch", secret: Secret("dialtone"))
        var dumped = ""
        dump(credentials, to: &dumped)
        #expect(!"\(credentials) \(String(reflecting: credentials)) \(dumped)".contains("dialtone"))
        #expect(!dumped.contains("100"))
    }

    private func client(wanting option: [UInt8]) -> LinkTranscript {
        var peer = LinkTranscript(.branch)
        peer.sends(.lcp, .configureRequest, 1, map)
        peer.receives(.lcp, .configureRequest, 1, option)
        peer.sends(.lcp, .configureAck, 1, option)
        peer.receives(.lcp, .configureAck, 1, map)
        peer.does(.linkOpened(maximumReceiveUnit: 1500))
        #expect(peer.link.phase == .authenticate)
        return peer
    }

    private func server(demanding method: AuthenticationMethod) -> LinkTranscript {
        server(.provider(demands: [method]), demanding: method == .pap ? pap : chap)
    }

    private func server(_ configuration: PPPConfiguration, demanding option: [UInt8]) -> LinkTranscript {
        var peer = LinkTranscript(configuration)
        peer.opensLCP(asking: map + option)
        return peer
    }

    private func response(to packet: ControlPacket, secret: String) throws -> ControlPacket {
        guard case .challenge(let value, let asker) = try CHAPMessage(parsing: packet) else {
            Issue.record("no challenge")
            return packet
        }
        #expect(value.count == 16 && asker == Array("isp".utf8))
        let digest = TestMD5.digest([packet.identifier] + Array(secret.utf8) + value)
        return CHAPMessage.response(value: digest, name: name).packet(identifier: packet.identifier)
    }
}
