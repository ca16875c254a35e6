/// Why text is not a domain name.
public enum DNSNameError: Error, Hashable, Sendable {
    /// Nothing was written, or two dots in a row, or a dot at the beginning.
    case emptyLabel
    /// A label of more than 63 octets (RFC 1035 §2.3.4).
    case labelTooLong
    /// More than 255 octets with the lengths of the labels and the root (RFC 1035 §2.3.4).
    case nameTooLong
    /// A backslash with neither a character nor three digits up to 255 after it (RFC 1035 §5.1).
    case badEscape
}

/// A domain name as DNS knows it: labels of any octets, up to the root (RFC 1035 §3.1).
///
/// Two names are equal when they differ in the case of US-ASCII letters only (RFC 4343); the spelling is kept. There
/// is none with a label of more than 63 octets, or of more than 255 octets in all.
public struct DNSName: Hashable, Sendable {
    /// The name as on the wire without compression: each label after its length, and the root's zero.
    public let octets: [UInt8]
    // In lower case. Lengths stay what they are: none of them is the code of a letter.
    private let folded: [UInt8]

    /// The most octets of a name on the wire.
    public static let mostOctets = 255

    /// The root, which has no label.
    public static let root = DNSName(checked: [0])

    /// A name of octets that the caller has checked.
    init(checked octets: [UInt8]) {
        self.octets = octets
        folded = octets.contains { $0.isCapital } ? octets.map { $0.isCapital ? $0 | 0x20 : $0 } : octets
    }

    /// A name of labels.
    /// - Parameter labels: the labels, the one next to the root last.
    /// - Throws: ``DNSNameError`` when there is no such name.
    public init(labels: [[UInt8]]) throws(DNSNameError) {
        var octets: [UInt8] = []
        for label in labels {
            guard !label.isEmpty else { throw .emptyLabel }
            guard label.count <= 63 else { throw .labelTooLong }
            octets.append(UInt8(label.count))
            octets += label
        }
        octets.append(0)
        guard octets.count <= DNSName.mostOctets else { throw .nameTooLong }
        self.init(checked: octets)
    }

    /// Reads a name as a master file writes it: `mail.example`, with or without the root's dot (RFC 1035 §5.1).
    ///
    /// Every name is taken as complete: there is no origin to add.
    /// - Parameter text: the name alone; `.` is the root.
    /// - Throws: ``DNSNameError`` when it is none.
    public init(parsing text: String) throws(DNSNameError) {
        if text == "." {
            self = .root
            return
        }
        var labels: [[UInt8]] = [[]]
        var rest = Array(text.utf8)[...]
        while let octet = rest.popFirst() {
            if octet == UInt8(ascii: ".") {
                if !rest.isEmpty || labels.last?.isEmpty == true { labels.append([]) }
            } else {
                let isEscape = octet == UInt8(ascii: "\\")
                labels[labels.count - 1].append(isEscape ? try DNSName.escaped(by: &rest) : octet)
            }
        }
        try self.init(labels: labels)
    }

    private static func escaped(by rest: inout ArraySlice<UInt8>) throws(DNSNameError) -> UInt8 {
        guard let first = rest.popFirst() else { throw .badEscape }
        guard first.isDigit else { return first }
        guard let second = rest.popFirst(), let third = rest.popFirst(), second.isDigit, third.isDigit else {
            throw .badEscape
        }
        let code = [first, second, third].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        guard code <= 255 else { throw .badEscape }
        return UInt8(code)
    }

    /// The name under which the host of an address is found: `25.2.0.192.in-addr.arpa` (RFC 1035 §3.5), and by half
    /// octets below `ip6.arpa` (RFC 3596 §2.5).
    public static func reverse(of address: IPAddress) -> DNSName {
        var octets: [UInt8] = []
        func append(_ label: String) {
            octets.append(UInt8(label.utf8.count))
            octets += label.utf8
        }
        switch address {
        case .v4(let address):
            for shift in [0, 8, 16, 24] as [UInt32] { append("\(address.rawValue >> shift & 0xFF)") }
            append("in-addr")
        case .v6(let address):
            for half in [address.low, address.high] {
                for shift in stride(from: 0, to: 64, by: 4) { append(String(half >> UInt64(shift) & 0xF, radix: 16)) }
            }
            append("ip6")
        }
        append("arpa")
        return DNSName(checked: octets + [0])
    }

    /// The labels, the one next to the root last; none of the root.
    public var labels: [ArraySlice<UInt8>] {
        labelStarts.map { octets[($0 + 1)...($0 + Int(octets[$0]))] }
    }

    /// Whether it is the root.
    public var isRoot: Bool { octets.count == 1 }

    /// The name without its first label; nil for the root.
    public var parent: DNSName? {
        isRoot ? nil : DNSName(checked: Array(octets[(1 + Int(octets[0]))...]))
    }

    /// Whether this name is another one or lies below it.
    public func isWithin(_ ancestor: DNSName) -> Bool {
        let start = octets.count - ancestor.octets.count
        guard start >= 0, folded[start...].elementsEqual(ancestor.folded) else { return false }
        return start == octets.count - 1 || labelStarts.contains(start)
    }

    /// Where the labels begin, at their lengths.
    var labelStarts: [Int] {
        var starts: [Int] = []
        var place = 0
        while octets[place] != 0 {
            starts.append(place)
            place += 1 + Int(octets[place])
        }
        return starts
    }

    /// Whether both are the same name in any spelling.
    public static func == (left: DNSName, right: DNSName) -> Bool { left.folded == right.folded }
    /// Hashes what equality compares.
    public func hash(into hasher: inout Hasher) { hasher.combine(folded) }
}

extension DNSName: CustomStringConvertible {
    /// The name as a master file writes it, without the root's dot; dots in labels and what cannot be printed are
    /// escaped.
    public var description: String {
        isRoot ? "." : labels.map { $0.map(DNSName.written).joined() }.joined(separator: ".")
    }

    private static func written(_ octet: UInt8) -> String {
        guard (0x21...0x7E).contains(octet) else {
            let digits = String(octet)
            return "\\" + String(repeating: "0", count: 3 - digits.utf8.count) + digits
        }
        let character = String(UnicodeScalar(octet))
        return octet == UInt8(ascii: ".") || octet == UInt8(ascii: "\\") ? "\\" + character : character
    }
}

extension UInt8 {
    fileprivate var isCapital: Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) }
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
