import Testing
import Timebase
import Wire

@testable import TCPIP

/// One connection and its peer's part, segment by segment.
///
/// Sequence numbers count from each side's SYN, which has 0; on the wire both cross zero early. Times count from the
/// beginning of the scene: opened scenes begin when the handshake is over. Data is what ``octets(from:count:)`` says,
/// and everything sent or read is compared with it.
struct TCPTranscript {
    struct Segment: CustomStringConvertible {
        var time: Interval
        var flags: TCPHeader.Flags
        var sequence: Int
        var acknowledgment: Int
        var count: Int
        var window: Int
        var maximumSegmentSize: Int?

        var description: String {
            "\(time): flags \(flags.rawValue) seq \(sequence) ack \(acknowledgment) count \(count) window \(window)"
        }
    }

    static let ports: (ours: UInt16, theirs: UInt16) = (1_025, 25)
    private static let initialSequence = SequenceNumber(rawValue: .max - 99)
    private static let peerSequence = SequenceNumber(rawValue: .max - 499)

    var connection: TCPConnection
    private(set) var now = Instant.beginning
    /// Everything the connection has sent.
    private(set) var sent: [Segment] = []
    private var origin = Instant.beginning
    private var taken = 0
    private var written = 0
    private var read = 0

    init(_ configuration: TCPConfiguration = TCPConfiguration(), isPassive: Bool = false) {
        connection = TCPConnection(
            localPort: TCPTranscript.ports.ours, remotePort: TCPTranscript.ports.theirs,
            initialSequence: TCPTranscript.initialSequence, configuration: configuration, isPassive: isPassive)
    }

    // MARK: What happens

    mutating func receives(
        _ flags: TCPHeader.Flags, sequence: Int, acknowledging: Int = 0, count: Int = 0, window: UInt16 = .max,
        maximumSegmentSize: UInt16? = nil
    ) {
        arrives(
            flags, sequence: sequence, acknowledging: acknowledging, count: count, window: window,
            maximumSegmentSize: maximumSegmentSize)
        pull()
    }

    /// A segment arrives, and nothing is asked of the connection yet.
    mutating func arrives(
        _ flags: TCPHeader.Flags, sequence: Int, acknowledging: Int = 0, count: Int = 0, window: UInt16 = .max,
        maximumSegmentSize: UInt16? = nil
    ) {
        let header = TCPHeader(
            sourcePort: TCPTranscript.ports.theirs, destinationPort: TCPTranscript.ports.ours,
            sequence: TCPTranscript.peerSequence + sequence,
            acknowledgment: flags.contains(.ack)
                ? TCPTranscript.initialSequence + acknowledging : SequenceNumber(rawValue: 0),
            flags: flags, window: window, maximumSegmentSize: maximumSegmentSize)
        let payload = TCPTranscript.octets(from: sequence, count: count)
        connection.receive(header, payload: payload.span.bytes, at: now)
    }

    /// Lets time pass until so long after the beginning of the scene; the connection is woken at each deadline.
    mutating func at(_ time: Interval) {
        let end = origin + time
        while let deadline = connection.deadline, deadline <= end {
            now = max(now, deadline)
            connection.deadlineReached(at: now)
            pull()
        }
        now = end
    }

    mutating func opens() {
        connection.open()
        pull()
    }

    mutating func writes(_ count: Int, sourceLocation: SourceLocation = #_sourceLocation) {
        let octets = TCPTranscript.octets(from: 1 + written, count: count)
        #expect(connection.write(octets.span.bytes) == count, sourceLocation: sourceLocation)
        written += count
        pull()
    }

    mutating func reads(_ count: Int, sourceLocation: SourceLocation = #_sourceLocation) {
        var octets: [UInt8] = []
        connection.read(into: &octets)
        #expect(octets == TCPTranscript.octets(from: 1 + read, count: count), sourceLocation: sourceLocation)
        read += count
        pull()
    }

    mutating func closes() {
        connection.close(at: now)
        pull()
    }

    mutating func aborts() {
        connection.abort()
        pull()
    }

    mutating func pull() {
        while let outgoing = connection.nextSegment(at: now) {
            let header = outgoing.header
            let segment = Segment(
                time: now - origin, flags: header.flags, sequence: header.sequence - TCPTranscript.initialSequence,
                acknowledgment: header.flags.contains(.ack) ? header.acknowledgment - TCPTranscript.peerSequence : 0,
                count: outgoing.count, window: Int(header.window),
                maximumSegmentSize: header.maximumSegmentSize.map(Int.init))
            var octets: [UInt8] = []
            connection.appendPayload(of: outgoing, to: &octets)
            if octets != TCPTranscript.octets(from: segment.sequence, count: segment.count) {
                Issue.record("other octets than were written: \(segment)")
            }
            sent.append(segment)
        }
    }

    // MARK: What is expected

    /// The next segment that was sent; at this moment unless a time is given. PSH is not compared.
    mutating func sends(
        _ flags: TCPHeader.Flags, sequence: Int, acknowledging: Int? = nil, count: Int = 0, window: Int? = nil,
        maximumSegmentSize: Int? = nil, at time: Interval? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        guard taken < sent.count else {
            Issue.record("nothing more is sent", sourceLocation: sourceLocation)
            return
        }
        let segment = sent[taken]
        taken += 1
        let isExpected =
            segment.flags.subtracting(.psh) == flags && segment.sequence == sequence && segment.count == count
            && segment.maximumSegmentSize == maximumSegmentSize && segment.time == time ?? (now - origin)
            && acknowledging ?? segment.acknowledgment == segment.acknowledgment
            && window ?? segment.window == segment.window
        #expect(isExpected, "sent \(segment)", sourceLocation: sourceLocation)
    }

    /// Everything that was sent has been looked at.
    mutating func sendsNothing(sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(sent[taken...].isEmpty, "sent \(sent[taken...])", sourceLocation: sourceLocation)
        skips()
    }

    /// Whatever was sent so far is not looked at.
    mutating func skips() { taken = sent.count }

    func expectState(_ state: TCPConnection.State, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(connection.state == state, sourceLocation: sourceLocation)
    }

    mutating func expectNews(_ news: TCPConnection.News, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(connection.takeNews() == news, sourceLocation: sourceLocation)
    }

    /// The scene begins now: times count from here, and what was sent is forgotten.
    mutating func beginsScene() {
        origin = now
        sent = []
        taken = 0
        _ = connection.takeNews()
    }

    /// The data of either direction: an octet for each sequence number.
    static func octets(from sequence: Int, count: Int) -> [UInt8] {
        let start = sequence & 0x7FFF
        return Array(pattern[start..<(start + count)])
    }

    // It comes again after 32,768 octets, more than a window here, and so that no copy is taken for another.
    private static let pattern = (0..<0x2_0000).map { UInt8(truncatingIfNeeded: $0 &* 0x9E37 >> 7) }
}

extension TCPTranscript {
    /// A connection in a state, by the shortest way. A handshake takes 100 ms.
    init(
        _ state: TCPConnection.State, _ configuration: TCPConfiguration = TCPConfiguration(),
        maximumSegmentSize: UInt16? = 1_460, window: UInt16 = .max
    ) {
        self.init(configuration, isPassive: [.listen, .synReceived].contains(state))
        switch state {
        case .closed, .listen: break
        case .synReceived: receives(.syn, sequence: 0, window: window, maximumSegmentSize: maximumSegmentSize)
        default: opens()
        }
        if [.closed, .listen, .synSent, .synReceived].contains(state) { return }
        at(.milliseconds(100))
        receives(
            [.syn, .ack], sequence: 0, acknowledging: 1, window: window, maximumSegmentSize: maximumSegmentSize)
        switch state {
        case .closeWait, .lastAck: receives([.fin, .ack], sequence: 1, acknowledging: 1, window: window)
        default: break
        }
        if ![.established, .closeWait].contains(state) { closes() }
        switch state {
        case .finWait2, .timeWait: receives(.ack, sequence: 1, acknowledging: 2, window: window)
        case .closing: receives([.fin, .ack], sequence: 1, acknowledging: 1, window: window)
        default: break
        }
        if state == .timeWait { receives([.fin, .ack], sequence: 1, acknowledging: 2, window: window) }
        beginsScene()
    }
}

extension TCPConfiguration {
    /// The defaults with some changes.
    static func with(_ change: (inout TCPConfiguration) -> Void) -> TCPConfiguration {
        var configuration = TCPConfiguration()
        change(&configuration)
        return configuration
    }
}
