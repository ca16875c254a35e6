// The one place where spans are read and copied by address.

extension RawSpan {
    /// The octet at an offset. Traps beyond the end: check the length first.
    subscript(octet offset: Int) -> UInt8 {
        precondition(offset >= 0 && offset < byteCount, "an octet is read inside its span")
        return unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }
}

extension Array where Element == UInt8 {
    /// Adds the octets of a span in one copy.
    mutating func append(_ span: RawSpan) {
        unsafe span.withUnsafeBytes { unsafe append(contentsOf: $0) }
    }

    /// Adds a text in UTF-8, in one copy.
    public mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { unsafe append(contentsOf: $0) }
    }

    /// Adds a whole number in decimal digits.
    public mutating func append(decimal number: Int64) {
        var digits = [20 of UInt8](repeating: 0)
        var rest = number.magnitude
        var first = 20
        repeat {
            first -= 1
            digits[first] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        if number < 0 { append(UInt8(ascii: "-")) }
        for index in first..<20 { append(digits[index]) }
    }

    /// Adds as many octets as a read from a descriptor gives, at most `limit`; answers what `read` answered.
    mutating func append(limit: Int, readBy read: (UnsafeMutableRawBufferPointer) -> Int) -> Int {
        var count = 0
        let octets = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, initialized in
            count = unsafe read(UnsafeMutableRawBufferPointer(buffer))
            initialized = Swift.max(0, count)
        }
        append(contentsOf: octets)
        return count
    }
}
