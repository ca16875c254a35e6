import PPP
import Testing
import Timebase
import Wire

struct LCPTests {
    // ACCM 0, which both ends ask for.
    private let map: [UInt8] = [2, 6, 0, 0, 0, 0]
    private let chap: [UInt8] = [3, 5, 0xC2, 0x23, 5]
    private let pap: [UInt8] = [3, 4, 0xC0, 0x23]

    @Test func `two requests and two acks open the link`() {
        var peer = LinkTranscript(.branch)
        peer.opensLCP(asking: map)
        #expect(peer.link.phase == .network)
        #expect(peer.link.transmitACCM == AsyncFraming.defaultMap)
        #expect(peer.link.receiveACCM == 0)
    }

    @Test func `an ack repeats the whole list and its values hold from then on`() {
        var peer = LinkTranscript(.branch)
        peer.sends(.lcp, .configureRequest, 1, map)
        let list: [UInt8] = [1, 4, 0x02, 0x40, 2, 6, 0, 0x0A, 0, 0, 5, 6, 1, 2, 3, 4]
        peer.receives(.lcp, .configureRequest, 77, list)
        peer.sends(.lcp, .configureAck, 77, list)
        peer.receives(.lcp, .configureAck, 1, map)
        peer.does(.linkOpened(maximumReceiveUnit: 0x240))
        #expect(peer.link.transmitACCM == 0x000A_0000)
    }

    @Test func `a reject lists compression and what is unknown, in order, before any nak`() {
        var peer = LinkTranscript(.branch)
        peer.sends(.lcp, .configureRequest, 1, map)
        // As an NT client asks, and an MRU of 64 with it.
        let asked: [UInt8] = [
            1, 4, 0, 64, 2, 6, 255, 255, 255, 255, 5, 6, 0x11, 0x33, 0x51, 0x5B, 7, 2, 8, 2, 13, 3, 6,
        ]
        peer.receives(.lcp, .configureRequest, 1, asked)
        peer.sends(.lcp, .configureReject, 1, [7, 2, 8, 2, 13, 3, 6])
        peer.receives(.lcp, .configureRequest, 2, [1, 4, 0, 64, 2, 6, 255, 255, 255, 255])
        peer.sends(.lcp, .configureNak, 2, [1, 4, 0, 128])
    }

    @Test func `an option of the wrong length gets a nak with the right one`() {
        var peer = LinkTranscript(.branch)
        peer.sends(.lcp, .configureRequest, 1, map)
        peer.receives(.lcp, .configureRequest, 1, [1, 3, 5, 2, 3, 0])
        peer.sends(.lcp, .configureNak, 1, [1, 4, 0x05, 0xDC, 2, 6, 0, 0, 0, 0])
    }

    @Test func `a list that does not add up is discarded with its packet`() {
        var peer = LinkTranscript(.branch)
        peer.sends(.lcp, .configureRequest, 1, map)
        peer.receives(.lcp, .configureRequest, 1, [1, 9, 5])
        peer.receives(.lcp, .configureNak, 1, [2, 0])
        peer.doesNothing()
    }

    @Test func `after five naks the sixth is a reject`() {
        var peer = LinkTranscript(.branch)
        peer.sends(.lcp, .configureRequest, 1, map)
        for identifier in UInt8(1)...5 {
            peer.receives(.lcp, .configureRequest, identifier, [1, 4, 0, 64])
            peer.sends(.lcp, .configureNak, identifier, [1, 4, 0, 128])
        }
        peer.receives(.lcp, .configureRequest, 6, [1, 4, 0, 64])
        peer.sends(.lcp, .configureReject, 6, [1, 4, 0, 64])
    }

    @Test func `a request sent again keeps its identifier, a changed one gets another`() {
        var peer = LinkTranscript(.branch)
        peer.sends(.lcp, .configureRequest, 1, map)
        peer.passes(.seconds(3))
        peer.sends(.lcp, .configureRequest, 1, map)
        peer.receives(.lcp, .configureNak, 1, [2, 6, 0, 0x0A, 0, 0])
        peer.sends(.lcp, .configureRequest, 2, [2, 6, 0, 0x0A, 0, 0])
        peer.receives(.lcp, .configureReject, 2, [2, 6, 0, 0x0A, 0, 0])
        peer.sends(.lcp, .configureRequest, 3)
    }

    @Test func `an answer with another identifier or list is discarded`() {
        var peer = LinkTranscript(.branch)
        peer.sends(.lcp, .configureRequest, 1, map)
        peer.receives(.lcp, .configureAck, 2, map)
        peer.receives(.lcp, .configureAck, 1, [2, 6, 0, 0, 0, 1])
        peer.receives(.lcp, .configureReject, 1, [5, 6, 0, 0, 0, 1])
        peer.receives(.lcp, .configureReject, 1)
        peer.doesNothing()
    }

    @Test func `the late twin of an ack does not close the link again`() {
        var peer = LinkTranscript(.branch)
        peer.opensLCP(asking: map)
        _ = try? peer.nextPacket()
        peer.receives(.lcp, .configureAck, 1, map)
        peer.doesNothing()
        #expect(peer.link.phase == .network)
    }

    @Test func `a peer that naks for ever gets its way without the option`() {
        var peer = LinkTranscript(.branch)
        for identifier in UInt8(1)...5 {
            peer.sends(.lcp, .configureRequest, identifier, map)
            peer.receives(.lcp, .configureNak, identifier, map)
        }
        peer.sends(.lcp, .configureRequest, 6, map)
        peer.receives(.lcp, .configureNak, 6, map)
        peer.sends(.lcp, .configureRequest, 7)
    }

    @Test func `a Configure-Request on an open link starts it over`() {
        var peer = LinkTranscript(.branch)
        peer.opensLCP(asking: map)
        _ = try? peer.nextPacket()
        peer.receives(.lcp, .configureRequest, 9)
        peer.sends(.lcp, .configureRequest, 2, map)
        peer.sends(.lcp, .configureAck, 9)
        #expect(peer.link.phase == .establish)
        peer.receives(.lcp, .configureAck, 2, map)
        peer.does(.linkOpened(maximumReceiveUnit: 1500))
    }

    @Test func `a packet of unknown code comes back in a Code-Reject`() {
        var peer = LinkTranscript(.branch)
        peer.sends(.lcp, .configureRequest, 1, map)
        peer.receives(ControlPacket(code: 200, identifier: 4, data: [1, 2]).frame(.lcp))
        peer.sends(.lcp, .codeReject, 1, [200, 4, 0, 6, 1, 2])
    }

    @Test(arguments: [ControlCode.identification, .timeRemaining, .discardRequest])
    func `identification, time remaining and discard are taken without a word`(code: ControlCode) {
        var peer = LinkTranscript(.branch)
        peer.sends(.lcp, .configureRequest, 1, map)
        peer.receives(.lcp, code, 4, [0, 0, 0, 0] + Array("MSRASV4.00".utf8))
        peer.doesNothing()
    }

    @Test func `an echo is answered on an open link only, with the peer's data`() {
        var peer = LinkTranscript(.branch)
        peer.receives(.lcp, .echoRequest, 8, [1, 2, 3, 4])
        peer.opensLCP(asking: map)
        _ = try? peer.nextPacket()
        peer.receives(.lcp, .echoRequest, 8, [1, 2, 3, 4, 5, 6])
        peer.sends(.lcp, .echoReply, 8, [0, 0, 0, 0, 5, 6])
    }

    @Test func `a rejected basic code ends the link, a rejected extra one does not`() {
        var peer = LinkTranscript(.branch)
        peer.opensLCP(asking: map)
        _ = try? peer.nextPacket()
        peer.receives(.lcp, .codeReject, 1, [12, 1, 0, 4])
        peer.doesNothing()
        peer.receives(.lcp, .codeReject, 2, [1, 1, 0, 4])
        peer.sends(.lcp, .terminateRequest, 1)
    }

    @Test func `a server falls back to PAP when the peer naks CHAP with it`() {
        var peer = LinkTranscript(.provider(demands: [.chap, .pap]))
        peer.sends(.lcp, .configureRequest, 1, map + chap)
        peer.receives(.lcp, .configureNak, 1, pap)
        peer.sends(.lcp, .configureRequest, 2, map + pap)
    }

    @Test func `a server that is refused what it demands hangs up`() {
        var peer = LinkTranscript(.provider(demands: [.chap, .pap]))
        peer.sends(.lcp, .configureRequest, 1, map + chap)
        peer.receives(.lcp, .configureReject, 1, chap)
        peer.sends(.lcp, .terminateRequest, 1, Array("the peer refuses to authenticate".utf8))
        peer.receives(.lcp, .terminateAck, 1)
        peer.does(.lowerLayerFinished(.peerRefusedAuthentication))
    }

    @Test func `a client naks a method it does not have, and rejects any without credentials`() {
        var peer = LinkTranscript(.branch)
        peer.sends(.lcp, .configureRequest, 1, map)
        peer.receives(.lcp, .configureRequest, 1, [3, 5, 0xC2, 0x23, 0x80])
        peer.sends(.lcp, .configureNak, 1, chap)
        var stranger = LinkTranscript(.provider())
        stranger.sends(.lcp, .configureRequest, 1, map)
        stranger.receives(.lcp, .configureRequest, 1, pap)
        stranger.sends(.lcp, .configureReject, 1, pap)
    }

    @Test func `a magic number of zero or like ours gets a nak with another`() throws {
        var configuration = PPPConfiguration.branch
        configuration.lcp.usesMagicNumber = true
        var peer = LinkTranscript(configuration)
        let request = try peer.nextPacket()
        let ours = Array(request.data.suffix(4))
        for number in [[0, 0, 0, 0], ours] {
            peer.receives(.lcp, .configureRequest, 1, [5, 6] + number)
            let nak = try peer.nextPacket()
            #expect(nak.code == ControlCode.configureNak.rawValue)
            #expect(nak.data.count == 6 && !nak.data.suffix(4).elementsEqual(number))
        }
    }

    @Test func `a line that is looped back is noticed`() throws {
        var configuration = PPPConfiguration.branch
        configuration.lcp.usesMagicNumber = true
        var link = PPPLink(configuration, random: RandomStream(seed: 3, thing: "link", purpose: "loop"))
        var outbox = Outbox<PPPLink.Action>()
        link.lowerLayerUp(at: .beginning, into: &outbox)
        var finish: PPPLink.FinishReason?
        for _ in 0..<200 {
            switch outbox.next() {
            case .send(let frame): link.receive(frame.span.bytes, at: .beginning, into: &outbox)
            case .lowerLayerFinished(let reason): finish = reason
            case .linkOpened: Issue.record("a loop is no link")
            default: break
            }
        }
        #expect(finish == .loopedBack)
    }
}
