/// A place in one direction of a TCP connection, modulo 2^32 (RFC 9293 §3.4).
///
/// Sequence numbers have distances and no order: which of two comes first makes sense only for numbers less than 2^31
/// apart, and is asked by name.
public struct SequenceNumber: Hashable, Sendable {
    /// The number as it stands in a header.
    public var rawValue: UInt32

    /// The sequence number of this value.
    @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// So many octets further on.
    @inlinable public static func + (left: SequenceNumber, count: Int) -> SequenceNumber {
        SequenceNumber(rawValue: left.rawValue &+ UInt32(truncatingIfNeeded: count))
    }

    /// Moves on by so many octets.
    @inlinable public static func += (left: inout SequenceNumber, count: Int) { left = left + count }

    /// How far it is from the right number to the left; negative when the left comes first.
    @inlinable public static func - (left: SequenceNumber, right: SequenceNumber) -> Int {
        Int(Int32(bitPattern: left.rawValue &- right.rawValue))
    }

    /// Whether this number comes before another.
    @inlinable public func isBefore(_ other: SequenceNumber) -> Bool { self - other < 0 }

    /// Whether this number comes after another.
    @inlinable public func isAfter(_ other: SequenceNumber) -> Bool { self - other > 0 }
}
