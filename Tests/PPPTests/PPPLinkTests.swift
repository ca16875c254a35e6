import PPP
import Testing
import Timebase
import Wire

struct PPPLinkTests {
    private let branch = IPv4Address(192, 0, 2, 130)
    private let provider = IPv4Address(192, 0, 2, 25)

    private func client(_ offers: [AuthenticationMethod] = [.chap, .pap], secret: String = "dialtone")
        -> PPPConfiguration
    {
        .client(
            PPPCredentials(name: "branch", secret: Secret(secret)), offers: offers, digest: TestMD5.digest)
    }

    private func server(_ demands: [AuthenticationMethod] = [.chap, .pap]) -> PPPConfiguration {
        var configuration = PPPConfiguration.provider(demands: demands)
        configuration.lcp.usesMagicNumber = true
        return configuration
    }

    @Test(
        arguments: [
            ([.chap, .pap], [.chap, .pap], .chap), ([.pap], [.chap, .pap], .pap), ([.chap, .pap], [.pap], .pap),
        ] as [([AuthenticationMethod], [AuthenticationMethod], AuthenticationMethod)])
    func `a call becomes a link`(
        offers: [AuthenticationMethod], demands: [AuthenticationMethod], used: AuthenticationMethod
    ) {
        var pair = Pair(client(offers), server(demands))
        pair.drive(until: at(2))
        let opened = PPPLink.Action.linkOpened(maximumReceiveUnit: 1500)
        #expect(
            pair.actions[0] == [
                opened, .authenticated(user: "branch", by: used), .networkUp(local: branch, peer: provider),
            ])
        #expect(
            pair.actions[1] == [
                opened, .authenticated(user: "branch", by: used), .networkUp(local: provider, peer: branch),
            ])
        #expect(pair.ends.allSatisfy { $0.acceptsDatagrams && $0.deadline == nil })
        #expect(pair.ends[1].peerUser == "branch")
        #expect(pair.ends[0].transmitACCM == 0)
    }

    @Test func `with CHAP a link takes four and a half round trips at most`() {
        var pair = Pair(client(), server(), latency: .milliseconds(100))
        pair.drive(until: .beginning + .milliseconds(900))
        #expect(pair.ends.allSatisfy { $0.acceptsDatagrams })
        #expect(pair.sent == [6, 7])
    }

    @Test(arguments: [0, 1], 1...7)
    func `whichever frame is lost, the restart timer brings the link up`(end: Int, number: Int) {
        var pair = Pair(client(), server()) { $0 == end && $1 == number }
        pair.drive(until: at(12))
        #expect(pair.ends.allSatisfy { $0.acceptsDatagrams })
    }

    @Test func `on a line that loses a fifth of its frames nearly every call becomes a link, and none stalls`() {
        var linkCount = 0
        for seed in UInt64(1)...100 {
            let random = RandomStream(seed: seed, thing: "line", purpose: "loss")
            var pair = Pair(client(), server()) { end, number in
                var stream = random
                for _ in 0..<(number * 2 + end) { _ = stream.next() }
                return stream.next() % 5 == 0
            }
            pair.drive(until: at(200))
            if pair.ends.allSatisfy({ $0.acceptsDatagrams }) { linkCount += 1 }
            for end in pair.ends { #expect(end.acceptsDatagrams || end.phase == .terminate) }
        }
        #expect(linkCount >= 90)
    }

    @Test func `a wrong password is refused at both ends`() {
        var pair = Pair(client(secret: "wrong"), server())
        pair.drive(until: at(10))
        let failed = PPPLink.Action.authenticationFailed(user: "branch", by: .chap, message: "Access denied")
        for end in 0...1 {
            #expect(pair.actions[end].contains(failed))
            #expect(pair.actions[end].last == .lowerLayerFinished(.authenticationFailed))
            #expect(pair.ends[end].phase == .terminate)
        }
        #expect(PPPLink.FinishReason.authenticationFailed.rasErrorNumber == 691)
    }

    @Test func `a client that will not authenticate is not let in`() {
        var stranger = client([])
        stranger.credentials = nil
        var pair = Pair(stranger, server())
        pair.drive(until: at(10))
        #expect(pair.actions[1] == [.lowerLayerFinished(.peerRefusedAuthentication)])
    }

    @Test(arguments: [0, 1])
    func `either end may close`(end: Int) {
        var pair = Pair(client(), server())
        pair.drive(until: at(2))
        pair.close(end)
        #expect(pair.actions[end].last == .networkDown)
        pair.drive(until: at(6))
        #expect(pair.actions[end].suffix(2) == [.networkDown, .lowerLayerFinished(.closedHere)])
        #expect(pair.actions[1 - end].suffix(2) == [.networkDown, .lowerLayerFinished(.terminatedByPeer)])
        #expect(pair.ends.allSatisfy { $0.phase == .terminate && !$0.acceptsDatagrams && $0.deadline == nil })
    }

    @Test func `both ends may close at once`() {
        var pair = Pair(client(), server())
        pair.drive(until: at(2))
        pair.close(0)
        pair.close(1)
        pair.drive(until: at(6))
        #expect(pair.actions.allSatisfy { $0.last == .lowerLayerFinished(.closedHere) })
    }

    @Test func `a Terminate-Request during negotiation is acknowledged, and negotiation goes on`() {
        var link = LinkTranscript(.branch)
        let map: [UInt8] = [2, 6, 0, 0, 0, 0]
        link.sends(.lcp, .configureRequest, 1, map)
        link.receives(.lcp, .configureAck, 1, map)
        link.receives(.lcp, .terminateRequest, 9)
        link.sends(.lcp, .terminateAck, 9)
        link.doesNothing()
        link.passes(.seconds(3))
        link.sends(.lcp, .configureRequest, 2, map)
        link.receives(.lcp, .configureRequest, 1)
        link.sends(.lcp, .configureAck, 1)
        link.receives(.lcp, .configureAck, 2, map)
        link.does(.linkOpened(maximumReceiveUnit: 1500))
    }

    @Test func `a link that is asked to close while it begins is closed`() {
        var pair = Pair(client(), server())
        pair.close(0)
        pair.drive(until: at(60))
        #expect(pair.actions[0] == [.lowerLayerFinished(.closedHere)])
    }

    @Test func `a lost carrier takes the network down, and the next call starts afresh`() {
        var pair = Pair(client(), server())
        pair.drive(until: at(2))
        pair.carrierDrops()
        #expect(pair.actions.allSatisfy { $0.last == .networkDown })
        #expect(pair.ends.allSatisfy { $0.phase == .dead && $0.deadline == nil && $0.peerUser == nil })
        pair.carrierReturns()
        pair.drive(until: at(4))
        #expect(pair.ends.allSatisfy { $0.acceptsDatagrams })
    }

    @Test func `a silent peer is given up after ten requests`() {
        var pair = Pair(client(), server()) { end, _ in end == 1 }
        pair.drive(until: at(40))
        #expect(pair.actions[0] == [.lowerLayerFinished(.peerSilent)])
        #expect(pair.sent[0] == 10)
    }

    @Test func `a peer that dies is noticed by its missing echoes`() {
        var configuration = client()
        configuration.keepalive = KeepaliveConfiguration(interval: .seconds(10), maximumFailures: 2)
        var pair = Pair(configuration, server()) { end, number in end == 1 && number > 7 }
        pair.drive(until: at(2))
        #expect(pair.ends[0].acceptsDatagrams)
        pair.drive(until: at(60))
        #expect(pair.actions[0].suffix(2) == [.networkDown, .lowerLayerFinished(.peerDead)])
    }

    @Test func `echoes that are answered keep the link`() {
        var configuration = client()
        configuration.keepalive = KeepaliveConfiguration(interval: .seconds(10), maximumFailures: 2)
        var pair = Pair(configuration, server())
        pair.drive(until: at(600))
        #expect(pair.ends.allSatisfy { $0.acceptsDatagrams })
        #expect(pair.sent[0] > 60)
    }

    @Test func `a protocol nobody knows is rejected on an open link`() throws {
        var peer = LinkTranscript(.branch)
        peer.opensLCP(asking: [2, 6, 0, 0, 0, 0])
        _ = try peer.nextPacket()
        peer.receives([0xFF, 0x03, 0x80, 0xFD, 1, 1, 0, 4])
        peer.sends(.lcp, .protocolReject, 1, [0x80, 0xFD, 1, 1, 0, 4])
        peer.receives([0xFF, 0x03, 0x80, 0x57] + [UInt8](repeating: 1, count: 3_000))
        #expect(try peer.nextPacket().data.count == 1_496)
    }

    @Test func `datagrams are told from control packets by their header`() {
        func isDatagram(_ frame: [UInt8]) -> Bool { PPPLink.isDatagram(frame.span.bytes) }
        #expect(isDatagram([0xFF, 0x03, 0x00, 0x21, 0x45]))
        #expect(isDatagram([0x21, 0x45]))
        #expect(!isDatagram([0xFF, 0x03, 0xC0, 0x21, 1]))
        #expect(!isDatagram([]))
        var peer = LinkTranscript(.branch)
        peer.receives([0xFF, 0x03, 0x00, 0x21, 0x45])
        #expect(peer.link.discardedFrames == 1)
    }

    @Test func `the first seven codes of LCP are escaped as if nothing had been agreed`() throws {
        var pair = Pair(client(), server())
        pair.drive(until: at(2))
        let link = pair.ends[0]
        let request = ControlPacket(.terminateRequest, identifier: 1).frame(.lcp)
        let echo = ControlPacket(.echoRequest, identifier: 1).frame(.lcp)
        #expect(link.transmitACCM(for: request.span.bytes) == AsyncFraming.defaultMap)
        #expect(link.transmitACCM(for: echo.span.bytes) == 0)
        #expect(link.transmitACCM(for: [0xFF, 0x03, 0x00, 0x21].span.bytes) == 0)
    }

    @Test func `the same seed makes the same frames`() {
        func frames(_ seed: UInt64) -> [PPPLink.Action] {
            var link = PPPLink(server(), random: RandomStream(seed: seed, thing: "link", purpose: "ppp"))
            var outbox = Outbox<PPPLink.Action>()
            link.lowerLayerUp(at: .beginning, into: &outbox)
            return Array(sequence(state: outbox) { $0.next() })
        }
        #expect(frames(1) == frames(1))
        #expect(frames(1) != frames(2))
    }

    @Test func `a link is small`() {
        #expect(MemoryLayout<PPPLink>.stride < 1_536)
    }
}
