// Network byte order: the one place where octets become numbers and back.

extension RawSpan {
    /// The 16 bits at an offset, most significant octet first. Traps beyond the end: check the length first.
    @inlinable public func bigEndian16(at offset: Int) -> UInt16 {
        UInt16(self[octet: offset]) << 8 | UInt16(self[octet: offset + 1])
    }

    /// The 32 bits at an offset, most significant octet first. Traps beyond the end: check the length first.
    @inlinable public func bigEndian32(at offset: Int) -> UInt32 {
        UInt32(bigEndian16(at: offset)) << 16 | UInt32(bigEndian16(at: offset + 2))
    }

    /// The octet at an offset. Traps beyond the end: check the length first.
    @inlinable public subscript(octet offset: Int) -> UInt8 {
        unsafe unsafeLoad(fromByteOffset: checked(offset), as: UInt8.self)
    }

    @inlinable func checked(_ offset: Int) -> Int {
        precondition(offset >= 0 && offset < byteCount, "an octet is read inside its span")
        return offset
    }
}

extension InlineArray where Element == UInt8 {
    /// Overwrites 16 bits at an index, most significant octet first.
    @inlinable public mutating func set(bigEndian value: UInt16, at index: Int) {
        self[index] = UInt8(truncatingIfNeeded: value >> 8)
        self[index + 1] = UInt8(truncatingIfNeeded: value)
    }

    /// Overwrites 32 bits at an index, most significant octet first.
    @inlinable public mutating func set(bigEndian value: UInt32, at index: Int) {
        set(bigEndian: UInt16(truncatingIfNeeded: value >> 16), at: index)
        set(bigEndian: UInt16(truncatingIfNeeded: value), at: index + 2)
    }
}

extension Array where Element == UInt8 {
    /// Adds 16 bits, most significant octet first.
    @inlinable public mutating func append(bigEndian value: UInt16) {
        append(UInt8(truncatingIfNeeded: value >> 8))
        append(UInt8(truncatingIfNeeded: value))
    }

    /// Adds 32 bits, most significant octet first.
    @inlinable public mutating func append(bigEndian value: UInt32) {
        append(bigEndian: UInt16(truncatingIfNeeded: value >> 16))
        append(bigEndian: UInt16(truncatingIfNeeded: value))
    }

    /// Adds a header that was filled in on its own. Hot path: a header is one append and not one for each octet.
    @inlinable public mutating func append<let count: Int>(_ header: [count of UInt8]) {
        unsafe header.span.bytes.withUnsafeBytes { unsafe append(contentsOf: $0) }
    }

    /// Overwrites 16 bits at an index, most significant octet first.
    @inlinable public mutating func set(bigEndian value: UInt16, at index: Int) {
        self[index] = UInt8(truncatingIfNeeded: value >> 8)
        self[index + 1] = UInt8(truncatingIfNeeded: value)
    }

    /// Overwrites octets from an index on with those of a span.
    @inlinable public mutating func overwrite(at index: Int, with span: RawSpan) {
        precondition(index >= 0 && index + span.byteCount <= count, "octets are overwritten inside their array")
        unsafe withUnsafeMutableBytes { target in
            unsafe span.withUnsafeBytes { source in
                guard let from = source.baseAddress, let base = target.baseAddress else { return }
                unsafe (base + index).copyMemory(from: from, byteCount: source.count)
            }
        }
    }

    /// Adds the octets of a span.
    @inlinable public mutating func append(_ span: RawSpan) {
        unsafe span.withUnsafeBytes { unsafe append(contentsOf: $0) }
    }
}
