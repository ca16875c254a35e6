/// By when a message is to be delivered: the parameter BY of MAIL (RFC 2852 §4).
public struct DeliverBy: Hashable, Sendable {
    /// What is done when the time has passed.
    public enum Mode: Hashable, Sendable {
        /// The message is given up and returned.
        case `return`
        /// Its sender is told that it is late, and it goes on.
        case notify
    }

    /// How many seconds are left; negative when they have passed, which only ``Mode/notify`` allows.
    public let seconds: Int
    /// What is done then.
    public let mode: Mode
    /// Whether each host is to report that it has relayed the message.
    public let traces: Bool

    /// Reads a value, as in `120;R`; nil when it is none.
    init?(parsing value: ArraySlice<UInt8>) {
        let parts = value.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let isNegative = parts[0].first == UInt8(ascii: "-")
        let digits = isNegative || parts[0].first == UInt8(ascii: "+") ? parts[0].dropFirst() : parts[0]
        guard (1...9).contains(digits.count), digits.allSatisfy(\.isDigit), let number = Int(digits.text) else {
            return nil
        }
        switch parts[1] {
        case let word where word.spells("r"): (mode, traces) = (.return, false)
        case let word where word.spells("rt"): (mode, traces) = (.return, true)
        case let word where word.spells("n"): (mode, traces) = (.notify, false)
        case let word where word.spells("nt"): (mode, traces) = (.notify, true)
        default: return nil
        }
        seconds = isNegative ? -number : number
        guard mode == .notify || seconds > 0 else { return nil }
    }
}

extension DeliverBy: CustomStringConvertible {
    /// The value as it goes on the wire.
    public var description: String { "\(seconds);" + (mode == .return ? "R" : "N") + (traces ? "T" : "") }
}
