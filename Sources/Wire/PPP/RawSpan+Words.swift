// The unchecked loads of this folder: its loops read every octet of every packet, and a check at each load costs more
// than the work. Each caller bounds its loop by the span's length beforehand.

extension RawSpan {
    /// Eight octets, the first in the lowest bits. The caller has checked that they are there.
    @inline(__always) func word(uncheckedAt offset: Int) -> UInt64 {
        UInt64(littleEndian: unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
    }

    /// One octet. The caller has checked that it is there.
    @inline(__always) func octet(uncheckedAt offset: Int) -> UInt8 {
        unsafe unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
    }
}
