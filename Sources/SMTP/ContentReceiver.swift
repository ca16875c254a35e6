/// What is wrong with content that must be read to its end and then refused.
enum ContentFault: Hashable, Sendable {
    case bareLineEnd
    case nulOctet
    case lineTooLong
    case tooBig
    case tooManyHops
    case noRoom

    var reply: SMTPReply {
        switch self {
        case .bareLineEnd: SMTPReply(554, .init(5, 6, 0), "Bare carriage return or line feed in content")
        case .nulOctet: SMTPReply(554, .init(5, 6, 0), "NUL in content")
        case .lineTooLong: SMTPReply(554, .init(5, 6, 0), "Line too long")
        case .tooBig: SMTPReply(552, .init(5, 3, 4), "Message exceeds the size limit")
        case .tooManyHops: SMTPReply(554, .init(5, 4, 6), "Too many hops")
        case .noRoom: SMTPReply(452, .init(4, 3, 1), "Insufficient system storage")
        }
    }
}

/// Reads content: after DATA it takes the stuffed dots out and finds the end (RFC 5321 §4.5.2), after BDAT it takes all
/// as it is (RFC 3030 §2).
///
/// After DATA only CR LF dot CR LF ends it, whatever is made of other line ends, so that nobody can hide a second
/// transaction in one message (CVE-2023-51764 and its kin). Whole runs of text are appended at once. What has come can
/// be taken at any time; nobody need keep the whole.
struct ContentReceiver: Sendable {
    private var content: [UInt8] = []
    private var taken = 0
    private var hopCounter: HopCounter
    /// The first thing found wrong, if anything. From then on nothing is kept.
    private(set) var fault: ContentFault?
    private var highest: UInt8 = 0
    private var state = State.lineStart
    private var lineLength = 0
    private let bareLineEnds: BareLineEndPolicy
    private let lineLimit: Int
    private let sizeLimit: Int
    private let hopLimit: Int

    private let form: Form

    /// How content comes.
    enum Form: Sendable {
        /// After DATA, with stuffed dots and an end.
        case stuffed
        /// By BDAT, in lines.
        case lines
        /// By BDAT, whatever the octets are.
        case binary
    }

    private enum State: Sendable { case lineStart, text, carriageReturn, dot, dotCarriageReturn }

    // The size that the client declares reserves no memory: it costs the client nothing.
    /// Reads content from its beginning, or from where an earlier transfer broke off: what came then counts for the
    /// size limit, and no header is looked for any more.
    init(_ form: Form, limits: SMTPServerLimits, bareLineEnds: BareLineEndPolicy, after offset: Int = 0) {
        self.form = form
        taken = offset
        hopCounter = HopCounter(isInHeader: offset == 0)
        self.bareLineEnds = bareLineEnds
        lineLimit = limits.textLineLength
        sizeLimit = limits.messageSize
        hopLimit = limits.hops
    }

    /// Whether octets above 127 were in it.
    var hasEightBitOctets: Bool { highest & 0x80 != 0 }

    /// How many octets are kept here.
    var count: Int { content.count }

    /// There is no room for more: nothing is kept from now on.
    mutating func dropContent() { refuse(.noRoom) }

    /// Takes what has come and leaves an empty buffer for what is to come.
    mutating func exchangeContent(for buffer: inout [UInt8]) {
        precondition(buffer.isEmpty, "content is exchanged for an empty buffer")
        taken += content.count
        swap(&content, &buffer)
    }

    /// Reads on.
    /// - Parameters:
    ///   - octets: what arrived.
    ///   - index: where to begin; afterwards where the octets after the end are, or the end of the octets.
    /// - Returns: whether the end was found.
    mutating func receive(_ octets: RawSpan, from index: inout Int) -> Bool {
        while index < octets.byteCount {
            switch state {
            case .lineStart, .text:
                if state == .lineStart, octets.octet(at: index) == .dot {
                    index += 1
                    state = .dot
                } else {
                    takeText(octets, &index)
                }
            case .carriageReturn: takeAfterCarriageReturn(octets.octet(at: index), &index)
            case .dot: takeAfterDot(octets.octet(at: index), &index)
            case .dotCarriageReturn:
                if octets.octet(at: index) == .lineFeed {
                    index += 1
                    return true
                }
                state = .carriageReturn
            }
        }
        return false
    }

    /// Reads octets of a chunk.
    mutating func receiveChunk(_ octets: RawSpan) {
        guard form == .lines else { return append(octets, 0..<octets.byteCount) }
        var index = 0
        while index < octets.byteCount {
            if state == .carriageReturn {
                takeAfterCarriageReturn(octets.octet(at: index), &index)
            } else {
                takeText(octets, &index)
            }
        }
    }

    /// The last chunk has come.
    mutating func endChunks() {
        if form == .lines, state == .carriageReturn { takeBareLineEnd(.carriageReturn) }
    }

    // Passes over whole lines as long as they are ordinary ones, then appends them in one copy.
    private mutating func takeText(_ octets: RawSpan, _ index: inout Int) {
        let start = index
        var lineStart = index
        while true {
            index = OctetSearch.firstControl(in: octets, from: index, highest: &highest)
            guard index < octets.byteCount else { return takeRun(octets, start..<index, lineFrom: lineStart) }
            guard octets.octet(at: index) == .carriageReturn else { break }
            guard index + 2 < octets.byteCount, octets.octet(at: index + 1) == .lineFeed else {
                takeRun(octets, start..<index, lineFrom: lineStart)
                state = .carriageReturn
                index += 1
                return
            }
            endLine(length: lineLength &+ (index - lineStart))
            index += 2
            lineStart = index
            guard form != .stuffed || octets.octet(at: index) != .dot else {
                append(octets, start..<index)
                state = .lineStart
                return
            }
        }
        takeRun(octets, start..<index, lineFrom: lineStart)
        takeControl(octets.octet(at: index))
        index += 1
    }

    private mutating func takeRun(_ octets: RawSpan, _ range: Range<Int>, lineFrom lineStart: Int) {
        append(octets, range)
        lineLength &+= range.upperBound - lineStart
        // A line can be refused before it ends, so that its memory is bounded too.
        if lineLength > lineLimit { refuse(.lineTooLong) }
        state = .text
    }

    private mutating func takeControl(_ octet: UInt8) {
        switch octet {
        case .lineFeed: takeBareLineEnd(.lineFeed)
        case 0:
            refuse(.nulOctet)
            state = .text
        default:
            append(octet)
            lineLength &+= 1
            state = .text
        }
    }

    private mutating func takeAfterCarriageReturn(_ octet: UInt8, _ index: inout Int) {
        guard octet == .lineFeed else { return takeBareLineEnd(.carriageReturn) }
        index += 1
        append(.carriageReturn)
        append(.lineFeed)
        endLine(length: lineLength)
        state = .lineStart
    }

    private mutating func takeAfterDot(_ octet: UInt8, _ index: inout Int) {
        state = .text
        guard octet == .carriageReturn else { return }
        index += 1
        state = .dotCarriageReturn
    }

    // The text goes on as text: what follows is never looked at as a line of its own, so no dot is taken out there and
    // none ends the content.
    private mutating func takeBareLineEnd(_ octet: UInt8) {
        state = .text
        switch bareLineEnds {
        case .refuse: refuse(.bareLineEnd)
        case .keep: append(octet)
        case .replace:
            append(.carriageReturn)
            append(.lineFeed)
            endLine(length: lineLength)
        }
    }

    private mutating func endLine(length: Int) {
        if length &+ 2 > lineLimit { refuse(.lineTooLong) }
        lineLength = 0
    }

    private mutating func append(_ octets: RawSpan, _ range: Range<Int>) {
        guard fault == nil else { return }
        guard taken + content.count + range.count <= sizeLimit else { return refuse(.tooBig) }
        content.append(octets, range)
        if hopCounter.isInHeader { countHops(octets.extracting(range)) }
    }

    private mutating func append(_ octet: UInt8) {
        guard fault == nil else { return }
        guard taken + content.count < sizeLimit else { return refuse(.tooBig) }
        content.append(octet)
        if hopCounter.isInHeader { countHops([octet].span.bytes) }
    }

    private mutating func countHops(_ octets: RawSpan) {
        hopCounter.receive(octets)
        if hopCounter.count >= hopLimit { refuse(.tooManyHops) }
    }

    private mutating func refuse(_ fault: ContentFault) {
        if self.fault == nil { self.fault = fault }
        content = []
    }
}
