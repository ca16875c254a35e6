/// Finds frames in what an asynchronous line delivers (RFC 1662 §4).
///
/// Give it the octets as they come. When an octet ends a frame, ``frame`` holds it until the next octet.
public struct AsyncFrameDecoder: Sendable {
    /// What an octet has ended.
    public enum Reception: Hashable, Sendable {
        /// A good frame.
        case frame
        /// A frame damaged on the line.
        case badFCS
        /// A frame its sender gave up: an escape right before the flag (RFC 1662 §4.3).
        case aborted
        /// A frame of fewer than four octets with its FCS: noise.
        case tooShort
        /// More octets than a frame may have. Told at its flag; the octets beyond the limit were not kept.
        case tooLong
    }

    /// The last good frame, without flags, escapes and FCS.
    public private(set) var frame: [UInt8] = []
    /// How many frames were dropped, for whatever reason.
    public private(set) var droppedFrames = 0
    /// How many control characters were dropped because the map says that the peer escapes them.
    public private(set) var droppedControlCharacters = 0

    // The control characters that the peer has been asked to escape.
    private let accm: UInt32
    private let maximumFrameLength: Int
    private var fcs = FCS16.initial
    private var isEscaped = false
    private var isHunting = true
    private var isTooLong = false
    private var isComplete = false

    /// A decoder that waits for its first flag.
    /// - Parameters:
    ///   - accm: the control characters that the peer escapes. When one of them arrives bare, the line has put it in,
    ///     and it is dropped.
    ///   - maximumFrameLength: the longest frame without FCS: by default an MRU of 1500 and the full header.
    public init(accm: UInt32, maximumFrameLength: Int = 1504) {
        precondition(maximumFrameLength > 0, "a frame has room for something")
        self.accm = accm
        self.maximumFrameLength = maximumFrameLength
    }

    /// Takes the next octet of the line.
    /// - Returns: what the octet ended; nil within a frame and between frames.
    public mutating func receive(_ octet: UInt8) -> Reception? {
        if octet == AsyncFraming.flag { return receiveFlag() }
        if isHunting { return nil }
        if isComplete { begin() }
        if octet < 0x20, accm >> UInt32(octet) & 1 == 1 {
            droppedControlCharacters &+= 1
        } else if octet == AsyncFraming.escape {
            isEscaped = true
        } else {
            store(isEscaped ? octet ^ 0x20 : octet)
            isEscaped = false
        }
        return nil
    }

    private mutating func receiveFlag() -> Reception? {
        defer { isHunting = false }
        if isHunting || isComplete {
            begin()
            return nil
        }
        guard !frame.isEmpty || isEscaped else { return nil }
        let reception = judgement
        if reception == .frame {
            frame.removeLast(2)
            isComplete = true
        } else {
            droppedFrames &+= 1
            begin()
        }
        return reception
    }

    private var judgement: Reception {
        if isEscaped { return .aborted }
        if isTooLong { return .tooLong }
        if frame.count < 4 { return .tooShort }
        return fcs == FCS16.good ? .frame : .badFCS
    }

    private mutating func begin() {
        frame.removeAll(keepingCapacity: true)
        fcs = FCS16.initial
        isEscaped = false
        isTooLong = false
        isComplete = false
    }

    private mutating func store(_ octet: UInt8) {
        guard frame.count < maximumFrameLength + 2 else {
            isTooLong = true
            return
        }
        frame.append(octet)
        fcs = FCS16.update(fcs, octet: octet)
    }
}
