import PPP
import Testing
import Timebase
import Wire

/// A link and its peer's part, read out packet by packet.
struct LinkTranscript {
    var link: PPPLink
    private(set) var now = Instant.beginning
    private var outbox = Outbox<PPPLink.Action>()

    init(_ configuration: PPPConfiguration) {
        link = PPPLink(configuration, random: RandomStream(seed: 1661, thing: "link", purpose: "transcript"))
        link.lowerLayerUp(at: now, into: &outbox)
    }

    mutating func receives(
        _ number: PPPProtocol, _ code: ControlCode, _ identifier: UInt8, _ data: [UInt8] = []
    ) {
        receives(ControlPacket(code, identifier: identifier, data: data).frame(number))
    }

    mutating func receives(_ frame: [UInt8]) { link.receive(frame.span.bytes, at: now, into: &outbox) }

    mutating func sends(
        _ number: PPPProtocol, _ code: ControlCode, _ identifier: UInt8, _ data: [UInt8] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let frame = ControlPacket(code, identifier: identifier, data: data).frame(number)
        does(.send(frame), sourceLocation: sourceLocation)
    }

    mutating func does(_ action: PPPLink.Action, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(outbox.next() == action, sourceLocation: sourceLocation)
    }

    mutating func doesNothing(sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(outbox.next() == nil, sourceLocation: sourceLocation)
    }

    /// The packet that is sent next, for what cannot be foretold: magic numbers and challenges.
    mutating func nextPacket(sourceLocation: SourceLocation = #_sourceLocation) throws -> ControlPacket {
        guard case .send(let frame)? = outbox.next() else {
            Issue.record("nothing is sent", sourceLocation: sourceLocation)
            return ControlPacket(code: 0, identifier: 0)
        }
        return try ControlPacket(parsing: frame.span.bytes, at: PPPFrame.fullHeaderLength)
    }

    mutating func closes() { link.close(at: now, into: &outbox) }
    mutating func carrierDrops() { link.lowerLayerDown(at: now, into: &outbox) }

    /// Lets time pass; the link is woken at each deadline on the way.
    mutating func passes(_ interval: Interval) {
        let end = now + interval
        while let deadline = link.deadline, deadline <= end {
            now = max(now, deadline)
            link.deadlineReached(at: now, into: &outbox)
        }
        now = end
    }

    /// Opens LCP with a peer that asks for nothing.
    mutating func opensLCP(asking data: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) {
        sends(.lcp, .configureRequest, 1, data, sourceLocation: sourceLocation)
        receives(.lcp, .configureRequest, 1)
        sends(.lcp, .configureAck, 1, sourceLocation: sourceLocation)
        receives(.lcp, .configureAck, 1, data)
        does(.linkOpened(maximumReceiveUnit: 1500), sourceLocation: sourceLocation)
    }
}

extension PPPConfiguration {
    /// The branch office, without a magic number so that its packets can be foretold.
    static var branch: PPPConfiguration {
        var configuration = PPPConfiguration.client(
            PPPCredentials(name: "branch", secret: Secret("dialtone")), digest: TestMD5.digest)
        configuration.lcp.usesMagicNumber = false
        return configuration
    }

    /// The provider, which knows the branch office.
    static func provider(demands: [AuthenticationMethod] = []) -> PPPConfiguration {
        let users = PPPUsers([
            "branch": PPPUsers.Entry(secret: Secret("dialtone"), address: IPv4Address(192, 0, 2, 130))
        ])
        var configuration = PPPConfiguration.server(
            name: "isp", address: IPv4Address(192, 0, 2, 25), users: users, demands: demands, digest: TestMD5.digest)
        configuration.lcp.usesMagicNumber = false
        return configuration
    }
}

func at(_ seconds: Int64) -> Instant { .beginning + .seconds(seconds) }
