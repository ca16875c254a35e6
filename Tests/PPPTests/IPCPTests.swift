import PPP
import Testing
import Timebase
import Wire

struct IPCPTests {
    private let map: [UInt8] = [2, 6, 0, 0, 0, 0]
    private let unspecified: [UInt8] = [3, 6, 0, 0, 0, 0]
    private let branch: [UInt8] = [3, 6, 192, 0, 2, 130]
    private let provider: [UInt8] = [3, 6, 192, 0, 2, 25]

    @Test func `a client asks with 0 0 0 0 and is told its address`() {
        var peer = LinkTranscript(.branch)
        peer.opensLCP(asking: map)
        peer.sends(.ipcp, .configureRequest, 1, unspecified)
        peer.receives(.ipcp, .configureRequest, 1, provider)
        peer.sends(.ipcp, .configureAck, 1, provider)
        peer.receives(.ipcp, .configureNak, 1, branch)
        peer.sends(.ipcp, .configureRequest, 2, branch)
        #expect(!peer.link.acceptsDatagrams)
        peer.receives(.ipcp, .configureAck, 2, branch)
        peer.does(.networkUp(local: IPv4Address(192, 0, 2, 130), peer: IPv4Address(192, 0, 2, 25)))
        #expect(peer.link.acceptsDatagrams)
        #expect(peer.link.localAddress == IPv4Address(192, 0, 2, 130))
    }

    @Test func `a server names its own address and gives the configured one`() {
        var configuration = PPPConfiguration.provider()
        configuration.peerAddress = IPv4Address(192, 0, 2, 130)
        var peer = LinkTranscript(configuration)
        peer.opensLCP(asking: map)
        peer.sends(.ipcp, .configureRequest, 1, provider)
        // As pppd asks: compression, address, both name servers.
        peer.receives(
            .ipcp, .configureRequest, 1,
            [2, 6, 0, 0x2D, 15, 1] + unspecified + [129, 6, 0, 0, 0, 0, 131, 6, 0, 0, 0, 0])
        peer.sends(.ipcp, .configureReject, 1, [2, 6, 0, 0x2D, 15, 1, 129, 6, 0, 0, 0, 0, 131, 6, 0, 0, 0, 0])
        peer.receives(.ipcp, .configureRequest, 2, unspecified)
        peer.sends(.ipcp, .configureNak, 2, branch)
        peer.receives(.ipcp, .configureRequest, 3, branch)
        peer.sends(.ipcp, .configureAck, 3, branch)
        peer.receives(.ipcp, .configureAck, 1, provider)
        peer.does(.networkUp(local: IPv4Address(192, 0, 2, 25), peer: IPv4Address(192, 0, 2, 130)))
    }

    @Test func `a peer that names no address is reminded of it, but not for ever`() {
        var configuration = PPPConfiguration.provider()
        configuration.peerAddress = IPv4Address(192, 0, 2, 130)
        var peer = LinkTranscript(configuration)
        peer.opensLCP(asking: map)
        peer.sends(.ipcp, .configureRequest, 1, provider)
        for identifier in UInt8(1)...5 {
            peer.receives(.ipcp, .configureRequest, identifier)
            peer.sends(.ipcp, .configureNak, identifier, branch)
        }
        peer.receives(.ipcp, .configureRequest, 6)
        peer.sends(.ipcp, .configureAck, 6)
    }

    @Test(arguments: [true, false])
    func `without an address there is no link`(isRejected: Bool) {
        var peer = LinkTranscript(.branch)
        peer.opensLCP(asking: map)
        peer.sends(.ipcp, .configureRequest, 1, unspecified)
        peer.receives(.ipcp, isRejected ? .configureReject : .configureAck, 1, unspecified)
        peer.sends(.lcp, .terminateRequest, 1, Array("no address".utf8))
        peer.receives(.lcp, .terminateAck, 1)
        peer.does(.lowerLayerFinished(.noAddress))
    }

    @Test func `an address of our own is kept, whatever the peer wants`() {
        var peer = LinkTranscript(.provider())
        peer.opensLCP(asking: map)
        peer.sends(.ipcp, .configureRequest, 1, provider)
        peer.receives(.ipcp, .configureNak, 1, branch)
        peer.sends(.ipcp, .configureRequest, 2, provider)
        peer.receives(.ipcp, .configureReject, 2, provider)
        peer.sends(.ipcp, .configureRequest, 3)
    }

    @Test func `a code that only LCP has is rejected`() {
        var peer = LinkTranscript(.branch)
        peer.opensLCP(asking: map)
        peer.sends(.ipcp, .configureRequest, 1, unspecified)
        peer.receives(.ipcp, .echoRequest, 3)
        peer.sends(.ipcp, .codeReject, 1, [9, 3, 0, 4])
    }

    @Test func `a peer that closes IPCP closes the link`() {
        var peer = LinkTranscript(.branch)
        peer.opensLCP(asking: map)
        peer.sends(.ipcp, .configureRequest, 1, unspecified)
        peer.receives(.ipcp, .configureNak, 1, branch)
        peer.sends(.ipcp, .configureRequest, 2, branch)
        peer.receives(.ipcp, .configureRequest, 1, provider)
        peer.sends(.ipcp, .configureAck, 1, provider)
        peer.receives(.ipcp, .configureAck, 2, branch)
        peer.does(.networkUp(local: IPv4Address(192, 0, 2, 130), peer: IPv4Address(192, 0, 2, 25)))
        peer.receives(.ipcp, .terminateRequest, 5)
        peer.does(.networkDown)
        peer.sends(.ipcp, .terminateAck, 5)
        peer.passes(.seconds(3))
        peer.sends(.lcp, .terminateRequest, 1, Array("no network layer is open".utf8))
    }

    @Test func `a peer without IPCP is hung up on`() {
        var peer = LinkTranscript(.branch)
        peer.opensLCP(asking: map)
        peer.sends(.ipcp, .configureRequest, 1, unspecified)
        peer.receives(.lcp, .protocolReject, 1, [0x80, 0x21, 1, 1, 0, 10])
        peer.sends(.lcp, .terminateRequest, 1, Array("the peer rejects the protocol".utf8))
        peer.receives(.lcp, .terminateAck, 1)
        peer.does(.lowerLayerFinished(.peerRejectedProtocol))
    }
}
