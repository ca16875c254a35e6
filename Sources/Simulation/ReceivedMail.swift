public import Timebase
import Wire

/// The mail that client hosts receive, as it comes: many messages at a time, each in its pieces.
///
/// The driver takes it when much has come, and empties it. It is apart from the ``Trace``, since what is gathered for
/// longer can be written in larger pieces.
public struct ReceivedMail: Sendable {
    /// One thing that happened to a message.
    public enum Step: Sendable {
        /// It begins to come. An index of ``ReceivedMail/beginnings``.
        case begins(Int)
        /// More of it has come. A range of ``ReceivedMail/octets``.
        case content(Range<Int>)
        /// It is whole and stored.
        case stored
        /// It broke off or was refused: what has come of it is not wanted.
        case discarded
    }

    /// A message that begins to come.
    public struct Beginning: Sendable {
        /// When its content began.
        public var at: Instant
        /// The client host.
        public var client: String
        /// Which message of the host it is, counted from 1.
        public var ordinal: Int
    }

    /// What happened, oldest first, and to which message of the run.
    public private(set) var steps: [(message: Int, step: Step)] = []
    /// The messages that have begun to come.
    public private(set) var beginnings: [Beginning] = []
    /// What has come, one piece after the other: of each message the trace fields that the host puts on top, then the
    /// content exactly as it was queued.
    public private(set) var octets: [UInt8] = []
    /// How many messages have begun in this run.
    private var count = 0

    /// No mail yet.
    init() {}

    /// Forgets what was taken, and keeps the memory.
    public mutating func removeAll() {
        steps.removeAll(keepingCapacity: true)
        beginnings.removeAll(keepingCapacity: true)
        octets.removeAll(keepingCapacity: true)
    }

    /// A message begins.
    /// - Returns: its number in the run.
    mutating func begin(_ beginning: Beginning) -> Int {
        steps.append((count, .begins(beginnings.count)))
        beginnings.append(beginning)
        count += 1
        return count - 1
    }

    /// More of a message has come. Hot path.
    mutating func append(_ content: [UInt8], to message: Int) {
        let start = octets.count
        octets.append(content.span.bytes)
        steps.append((message, .content(start..<octets.count)))
    }

    /// Nothing more of a message comes.
    mutating func end(_ message: Int, isStored: Bool) { steps.append((message, isStored ? .stored : .discarded)) }
}
