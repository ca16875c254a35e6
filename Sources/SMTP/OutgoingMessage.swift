/// A message as the client sends it: its envelope, and what must be known of its content before the first octet goes.
///
/// The content comes whole, or in pieces when its turn has come, so that a large message need never be in memory.
public struct OutgoingMessage: Hashable, Sendable {
    /// Who gets it and who hears about it. It has at least one recipient.
    public private(set) var envelope: Envelope
    /// The octets that arrive: what SIZE declares (RFC 1870 §6).
    public let size: Int
    /// Whether octets above 127 occur, so that the server must offer 8BITMIME (RFC 6152 §3).
    public let hasEightBitOctets: Bool
    /// What the transfer is called where the server can go on with one that broke off (RFC 1845): the same for each
    /// attempt, and for nothing else.
    public var transactionID: TransactionID?
    /// Whether an earlier attempt may have broken off in the content.
    public var mayResume = false
    /// The whole content, fit for the wire but for a line end that may be missing at its end; nil when it comes in
    /// pieces.
    let content: [UInt8]?

    /// Prepares a message that is at hand.
    ///
    /// Content with a carriage return or line feed by itself gets CR LF in its place, since neither may be sent
    /// (RFC 5321 §2.3.8), unless the envelope says BINARYMIME. All other content is held as it is, without a copy.
    /// - Parameters:
    ///   - envelope: the envelope, with at least one recipient.
    ///   - content: header and body. A line end missing at its end is supplied when it is sent.
    public init(envelope: Envelope, content: [UInt8]) {
        precondition(!envelope.forwardPaths.isEmpty, "a message goes to somebody")
        guard envelope.body != .binaryMIME else {
            self.envelope = envelope
            self.content = content
            size = content.count
            hasEightBitOctets = true
            alwaysNeedsSMTPUTF8 = envelope.alwaysNeedsSMTPUTF8(header: content)
            return
        }
        var content = content
        var survey = ContentSurvey(of: content)
        if survey.hasBareLineEnds {
            content = ContentSurvey.withoutBareLineEnds(content)
            survey = ContentSurvey(of: content)
        }
        self.envelope = envelope
        self.content = content
        size = content.count + (ContentSender.needsLineEnd(content) ? 2 : 0)
        hasEightBitOctets = survey.hasEightBitOctets
        alwaysNeedsSMTPUTF8 = envelope.alwaysNeedsSMTPUTF8(header: content)
    }

    /// The same message for some of its recipients.
    public func addressed(to recipients: [ForwardPath]) -> OutgoingMessage {
        precondition(!recipients.isEmpty, "a message goes to somebody")
        var message = self
        message.envelope.forwardPaths = recipients
        return message
    }

    /// Whether it may only go through hosts that know SMTPUTF8, whoever the recipient is (RFC 6531 §3.2): its sender is
    /// not in US-ASCII, or its header is in UTF-8, and it came as such.
    private let alwaysNeedsSMTPUTF8: Bool

    /// Whether MAIL must say SMTPUTF8 for these recipients.
    var needsSMTPUTF8: Bool { alwaysNeedsSMTPUTF8 || !envelope.forwardPaths.allSatisfy(\.isASCII) }

    /// Whom a host with these extensions can be told of, and whom it cannot.
    func recipients(through offered: OfferedExtensions) -> (possible: [ForwardPath], impossible: [ForwardPath]) {
        guard needsSMTPUTF8, !offered.hasSMTPUTF8 else { return (envelope.forwardPaths, []) }
        guard !alwaysNeedsSMTPUTF8 else { return ([], envelope.forwardPaths) }
        return (envelope.forwardPaths.filter(\.isASCII), envelope.forwardPaths.filter { !$0.isASCII })
    }

    /// Whether it may only go by BDAT (RFC 3030 §3).
    var isBinary: Bool { envelope.body == .binaryMIME }

    /// Prepares a message whose content comes in pieces, by ``SMTPClientSession/send(content:)``.
    ///
    /// It is known to be US-ASCII in lines that all end with CR LF: nobody looks at it.
    /// - Parameters:
    ///   - envelope: the envelope, with at least one recipient.
    ///   - size: how many octets the pieces have together.
    public init(envelope: Envelope, plainTextOfSize size: Int) {
        precondition(!envelope.forwardPaths.isEmpty, "a message goes to somebody")
        precondition(envelope.body != .binaryMIME, "binary content is no plain text")
        self.envelope = envelope
        self.size = size
        content = nil
        hasEightBitOctets = false
        alwaysNeedsSMTPUTF8 = !envelope.reversePath.isASCII
    }
}

extension Envelope {
    fileprivate func alwaysNeedsSMTPUTF8(header content: [UInt8]) -> Bool {
        guard isSMTPUTF8, reversePath.isASCII else { return !reversePath.isASCII }
        let emptyLine: [UInt8] = [.carriageReturn, .lineFeed, .carriageReturn, .lineFeed]
        let header = content[..<(content.firstRange(of: emptyLine)?.lowerBound ?? content.endIndex)]
        return header.contains { $0 >= 0x80 }
    }
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
