/// A value that may hold any character, written in those that a parameter may have (RFC 3461 §4): what is relayed is
/// relayed exactly as it came.
public struct XText: Hashable, Sendable {
    /// As it goes on the wire: visible characters, with `+` and two digits in upper case for all others.
    public let encoded: String

    /// Reads a value; nil when it is none.
    init?(parsing octets: ArraySlice<UInt8>) {
        var rest = octets
        while let octet = rest.popFirst() {
            if octet == UInt8(ascii: "+") {
                guard rest.prefix(2).count == 2, rest.prefix(2).allSatisfy(\.isUpperHexDigit) else { return nil }
                rest = rest.dropFirst(2)
            } else {
                guard octet.isVisible, octet != UInt8(ascii: "=") else { return nil }
            }
        }
        encoded = octets.text
    }

    /// Writes a value; nil when it is not all printable US-ASCII, and so could not stand in a report (RFC 3461 §4.4).
    public init?(encoding text: String) {
        guard !text.isEmpty, text.utf8.allSatisfy(\.isPrintable) else { return nil }
        encoded = text.utf8.map { octet in
            guard octet == UInt8(ascii: "+") || octet == UInt8(ascii: "=") || !octet.isVisible else {
                return [octet][...].text
            }
            return "+" + (octet < 0x10 ? "0" : "") + String(octet, radix: 16, uppercase: true)
        }.joined()
    }

    /// The value itself, in octets.
    public var decoded: [UInt8] {
        var octets: [UInt8] = []
        var rest = Array(encoded.utf8)[...]
        while let octet = rest.popFirst() {
            if octet == UInt8(ascii: "+"), let value = UInt8(rest.prefix(2).text, radix: 16) {
                octets.append(value)
                rest = rest.dropFirst(2)
            } else {
                octets.append(octet)
            }
        }
        return octets
    }

    /// The value itself where all of it is printable US-ASCII, as RFC 3461 §4.4 asks of an ENVID; otherwise as it goes
    /// on the wire, so that nothing foreign enters a report.
    public var printable: String {
        let octets = decoded
        return octets.allSatisfy(\.isPrintable) ? octets[...].text : encoded
    }
}

extension UInt8 {
    fileprivate var isUpperHexDigit: Bool { isDigit || (self >= 0x41 && self <= 0x46) }
}
