/// Counts the Received fields in the header of a message as it comes: how many hosts it has passed (RFC 5321 §6.3).
struct HopCounter: Sendable {
    /// How many there were so far.
    private(set) var count = 0
    /// Whether the empty line after the header is still to come.
    private(set) var isInHeader: Bool
    // How many octets of this line are those of the field's name; nil when another octet came before its colon.
    private var matched: Int? = 0
    private var lineIsEmpty = true

    /// Begins in the header, or behind it.
    init(isInHeader: Bool = true) { self.isInHeader = isInHeader }

    /// Looks at a part of the message.
    mutating func receive(_ octets: RawSpan) {
        var index = 0
        while index < octets.byteCount, isInHeader {
            receive(octets.octet(at: index))
            index += 1
        }
    }

    private mutating func receive(_ octet: UInt8) {
        switch octet {
        case .lineFeed:
            isInHeader = !lineIsEmpty
            matched = 0
            lineIsEmpty = true
        case .carriageReturn: break
        default:
            lineIsEmpty = false
            matchName(octet)
        }
    }

    private mutating func matchName(_ octet: UInt8) {
        guard let position = matched, position < HopCounter.name.count else { return }
        // Letters in lower case; the colon has that bit, too.
        guard octet | 0x20 == HopCounter.name[position] else { return matched = nil }
        matched = position + 1
        if position + 1 == HopCounter.name.count { count += 1 }
    }

    private static let name = Array("received:".utf8)
}
