import PPP
import Testing
import Timebase
import Wire

/// Whatever comes from the line, a link neither traps nor talks without end.
struct PPPLinkMutationTests {
    @Test func `damaged dialogues do not trap, in any phase`() {
        var random = RandomStream(seed: 1661, thing: "mutation", purpose: "link")
        let samples = frames()
        var answered = 0
        for round in 0..<2_000 {
            var link = PPPLink(
                round % 2 == 0 ? .branch : .provider(demands: [.chap]),
                random: RandomStream(seed: UInt64(round), thing: "link", purpose: "mutation"))
            var outbox = Outbox<PPPLink.Action>()
            var now = Instant.beginning
            link.lowerLayerUp(at: now, into: &outbox)
            for _ in 0..<50 {
                let frame = damaged(samples[Int(random.uniform(in: 0...Int64(samples.count - 1)))], &random)
                link.receive(frame.span.bytes, at: now, into: &outbox)
                now += .milliseconds(random.uniform(in: 0...2_000))
                link.deadlineReached(at: now, into: &outbox)
                var count = 0
                while outbox.next() != nil { count += 1 }
                #expect(count < 12)
                answered += count
            }
            link.lowerLayerDown(at: now, into: &outbox)
            #expect(link.phase == .dead && link.deadline == nil)
        }
        #expect(answered > 10_000)
    }

    @Test(arguments: [PPPProtocol.lcp, .ipcp, .pap, .chap], 0...UInt8(20))
    func `every code in every phase is survived`(number: PPPProtocol, code: UInt8) {
        for length in [0, 1, 3, 4, 6, 60, 65_531] {
            let frame = ControlPacket(code: code, identifier: 1, data: [UInt8](repeating: 3, count: length)).frame(
                number)
            for stage in 0...5 {
                var peer = link(at: stage)
                peer.receives(frame)
                peer.passes(.seconds(200))
                peer.closes()
                peer.passes(.seconds(10))
                peer.carrierDrops()
                #expect(peer.link.phase == .dead)
            }
        }
    }

    private func link(at stage: Int) -> LinkTranscript {
        var peer = LinkTranscript(stage == 2 ? .provider(demands: [.chap]) : .branch)
        guard stage > 0 else { return peer }
        if stage == 2 {
            peer.opensLCP(asking: [2, 6, 0, 0, 0, 0, 3, 5, 0xC2, 0x23, 5])
        } else {
            peer.opensLCP(asking: [2, 6, 0, 0, 0, 0])
        }
        if stage >= 3 {
            peer.receives(.ipcp, .configureNak, 1, [3, 6, 192, 0, 2, 130])
            peer.receives(.ipcp, .configureAck, 2, [3, 6, 192, 0, 2, 130])
            peer.receives(.ipcp, .configureRequest, 1, [3, 6, 192, 0, 2, 25])
            #expect(peer.link.acceptsDatagrams)
        }
        if stage == 4 { peer.closes() }
        if stage == 5 { peer.receives(.lcp, .terminateRequest, 9) }
        return peer
    }

    // What two ends say to each other in a good call, and some more.
    private func frames() -> [[UInt8]] {
        let map: [UInt8] = [2, 6, 0, 0, 0, 0]
        let address: [UInt8] = [3, 6, 192, 0, 2, 130]
        return [
            ControlPacket(.configureRequest, identifier: 1, data: map).frame(.lcp),
            ControlPacket(.configureRequest, identifier: 2, data: map + [5, 6, 1, 2, 3, 4]).frame(.lcp),
            ControlPacket(.configureAck, identifier: 1, data: map).frame(.lcp),
            ControlPacket(.configureAck, identifier: 1, data: map + [3, 5, 0xC2, 0x23, 5]).frame(.lcp),
            ControlPacket(.configureNak, identifier: 1, data: map).frame(.lcp),
            ControlPacket(.configureReject, identifier: 1, data: map).frame(.lcp),
            ControlPacket(.echoRequest, identifier: 1, data: [1, 2, 3, 4]).frame(.lcp),
            ControlPacket(.protocolReject, identifier: 1, data: [0x80, 0xFD, 1]).frame(.lcp),
            ControlPacket(.configureRequest, identifier: 1, data: address).frame(.ipcp),
            ControlPacket(.configureNak, identifier: 1, data: address).frame(.ipcp),
            ControlPacket(.configureAck, identifier: 2, data: address).frame(.ipcp),
            ControlPacket(.terminateRequest, identifier: 1).frame(.ipcp),
            CHAPMessage.challenge(value: Array(1...16), name: [65]).packet(identifier: 1).frame(.chap),
            CHAPMessage.success(message: []).packet(identifier: 1).frame(.chap),
            PAPMessage.authenticateAck(message: [65]).packet(identifier: 1).frame(.pap),
            [0xFF, 0x03, 0x80, 0xFD, 1, 1, 0, 4],
        ]
    }

    private func damaged(_ frame: [UInt8], _ random: inout RandomStream) -> [UInt8] {
        var frame = frame
        switch random.next() % 4 {
        case 0: frame[Int(random.uniform(in: 0...Int64(frame.count - 1)))] = UInt8(truncatingIfNeeded: random.next())
        case 1: frame.removeLast(Int(random.uniform(in: 0...Int64(frame.count))))
        default: break
        }
        return frame
    }
}
