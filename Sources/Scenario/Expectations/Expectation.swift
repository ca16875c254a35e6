public import Capture
public import Events
public import SMTP
public import Simulation
public import Timebase

/// One thing that must be true when the run has ended.
///
/// An entry of `expects:` that names several limits gives one expectation for each.
public struct Expectation: Sendable {
    /// What is expected, in one line.
    public var text: String
    /// Where it was written: `branch-office.yaml:41:5`, or `--set`.
    public var place: String
    /// How it is judged.
    public var check: Check

    /// A domain and the host that has it.
    public struct Subject: Hashable, Sendable {
        /// The domain.
        public var domain: Domain
        /// The client host whose domain it is; nil when no client has it.
        public var host: String?
    }

    /// How many there may be.
    public struct Bounds: Hashable, Sendable {
        /// So many or more.
        public var atLeast: Int
        /// So many or fewer; nil for no limit.
        public var atMost: Int?

        /// Whether a number is within the bounds.
        public func contains(_ number: Int) -> Bool { number >= atLeast && number <= atMost ?? .max }

        /// So many things in words: `no event`, `exactly 2 events`, `1 to 9 events`.
        func of(_ thing: String) -> String {
            guard let atMost else { return "at least \(atLeast.of(thing))" }
            if atLeast == atMost { return atMost == 0 ? "no \(thing)" : "exactly \(atMost.of(thing))" }
            return atLeast == 0 ? "at most \(atMost.of(thing))" : "\(atLeast) to \(atMost.of(thing))"
        }
    }

    /// What is looked at. Each domain and each host of a list is judged by itself, and all must do.
    public enum Check: Sendable {
        /// Every flush that ends does so this soon after its ETRN, and the last one does end.
        case flushCompletes([Subject], within: Interval)
        /// So many messages of the domain are delivered in all flushes together.
        case flushDelivers([Subject], messages: Int)
        /// So many messages of the domain are stored again that had been stored before.
        case flushDuplicates([Subject], atMost: Int)
        /// The first message for the domain is stored this soon after the first such event.
        case firstMessage([Subject], within: Interval, of: EventPattern)
        /// At least one call of the host gets a link, and each that does gets it this soon after dialling.
        case callConnects([String], within: Interval)
        /// The carrier of no call of the host stands longer.
        case callOnline([String], atMost: Interval)
        /// Every reply to the command that the host gets has this code, and there is one.
        case everyReply([String], to: RunRecord.Command, code: Int)
        /// The replies to the command that the host gets have these codes, in this order.
        case replies([String], to: RunRecord.Command, codes: [Int])
        /// So many frames of the whole run fit the filter.
        case packets(PacketFilter, Bounds)
        /// So many such events happen in the whole run.
        case events(EventPattern, Bounds)
        /// So many messages are nowhere.
        case lost(Int)
    }
}
