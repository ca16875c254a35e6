/// A message as the client sends it: its envelope and content that is fit for the wire.
public struct OutgoingMessage: Hashable, Sendable {
    /// Who gets it and who hears about it. It has at least one recipient.
    public let envelope: Envelope
    /// The content in lines that end with CR LF, not dot-stuffed.
    public let content: [UInt8]
    /// Whether octets above 127 occur, so that the server must offer 8BITMIME (RFC 6152 §3).
    public let hasEightBitOctets: Bool

    /// Prepares a message.
    ///
    /// Content with a carriage return or line feed by itself gets CR LF in its place, since neither may be sent
    /// (RFC 5321 §2.3.8). All other content is held as it is, without a copy.
    /// - Parameters:
    ///   - envelope: the envelope, with at least one recipient.
    ///   - content: header and body. A line end missing at its end is supplied when it is sent.
    public init(envelope: Envelope, content: [UInt8]) {
        precondition(!envelope.forwardPaths.isEmpty, "a message goes to somebody")
        var content = content
        var survey = ContentSurvey(of: content)
        if survey.hasBareLineEnds {
            content = ContentSurvey.withoutBareLineEnds(content)
            survey = ContentSurvey(of: content)
        }
        self.envelope = envelope
        self.content = content
        hasEightBitOctets = survey.hasEightBitOctets
    }

    /// Prepares a message whose content is known to be US-ASCII in lines that end with CR LF: nobody need look at it.
    /// - Parameters:
    ///   - envelope: the envelope, with at least one recipient.
    ///   - plainText: header and body.
    public init(envelope: Envelope, plainText: [UInt8]) {
        precondition(!envelope.forwardPaths.isEmpty, "a message goes to somebody")
        self.envelope = envelope
        content = plainText
        hasEightBitOctets = false
    }

    /// The octets that arrive: what SIZE declares (RFC 1870 §6).
    public var size: Int { content.count + (needsLineEnd ? 2 : 0) }

    var needsLineEnd: Bool { !content.isEmpty && content.last != .lineFeed }
}

/// What one look over some content tells.
private struct ContentSurvey {
    var hasBareLineEnds = false
    var hasEightBitOctets = false

    init(of content: [UInt8]) {
        let octets = content.span.bytes
        var highest: UInt8 = 0
        var index = 0
        while true {
            index = OctetSearch.firstControl(in: octets, from: index, highest: &highest)
            guard index < octets.byteCount else { break }
            let octet = octets.octet(at: index)
            if octet == .carriageReturn, index + 1 < octets.byteCount, octets.octet(at: index + 1) == .lineFeed {
                index += 2
            } else {
                if octet == .carriageReturn || octet == .lineFeed { hasBareLineEnds = true }
                index += 1
            }
        }
        hasEightBitOctets = highest & 0x80 != 0
    }

    static func withoutBareLineEnds(_ content: [UInt8]) -> [UInt8] {
        var fixed: [UInt8] = []
        fixed.reserveCapacity(content.count + content.count / 32)
        var previous: UInt8 = 0
        for octet in content {
            switch octet {
            case .carriageReturn: fixed += [.carriageReturn, .lineFeed]
            case .lineFeed: if previous != .carriageReturn { fixed += [.carriageReturn, .lineFeed] }
            default: fixed.append(octet)
            }
            previous = octet
        }
        return fixed
    }
}
