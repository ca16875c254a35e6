/// Takes the content of one block apart, front to back, in the section's byte order.
struct BlockCursor {
    private let octets: [UInt8]
    private var position: Int
    private let end: Int
    private let isBigEndian: Bool
    /// Where the block begins in the file, for errors.
    let offset: Int

    /// A cursor over the content of a block: without its type and lengths.
    init(_ octets: [UInt8], _ content: Range<Int>, isBigEndian: Bool, offset: Int) {
        self.octets = octets
        position = content.lowerBound
        end = content.upperBound
        self.isBigEndian = isBigEndian
        self.offset = offset
    }

    /// How many octets are left.
    var remaining: Int { end - position }

    /// The error of a problem in this block.
    @inline(never)
    func failure(_ problem: PcapngError.Problem) -> PcapngError { PcapngError(offset: offset, problem: problem) }

    mutating func take(_ count: Int) throws(PcapngError) -> ArraySlice<UInt8> {
        guard count <= remaining else { throw failure(.contentBeyondBlock) }
        defer { position += count }
        return octets[position..<position + count]
    }

    /// Octets with their padding to four, which may be missing at the end of a block.
    mutating func takePadded(_ count: Int) throws(PcapngError) -> ArraySlice<UInt8> {
        let taken = try take(count)
        position = min(end, position + (4 - count % 4) % 4)
        return taken
    }

    mutating func takeUInt16() throws(PcapngError) -> UInt16 {
        UInt16(truncatingIfNeeded: number(try take(2)))
    }

    mutating func takeUInt32() throws(PcapngError) -> UInt32 {
        UInt32(truncatingIfNeeded: number(try take(4)))
    }

    /// A time: the high half comes first in either byte order.
    mutating func takeTicks() throws(PcapngError) -> UInt64 {
        UInt64(try takeUInt32()) << 32 | UInt64(try takeUInt32())
    }

    /// The next option; nil after the last, which the end of the block may be as well.
    mutating func takeOption() throws(PcapngError) -> (option: BlockOption, value: ArraySlice<UInt8>)? {
        guard remaining > 0 else { return nil }
        let code = try takeUInt16()
        let value = try takePadded(Int(try takeUInt16()))
        return code == 0 ? nil : (BlockOption(rawValue: code), value)
    }

    /// A number of up to eight octets.
    func number(_ octets: ArraySlice<UInt8>) -> UInt64 {
        isBigEndian
            ? octets.reduce(0) { $0 << 8 | UInt64($1) }
            : octets.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The number of an option that has a fixed length.
    func number(_ octets: ArraySlice<UInt8>, length: Int) throws(PcapngError) -> UInt64 {
        guard octets.count == length else { throw failure(.contentBeyondBlock) }
        return number(octets)
    }

    /// A text, which may end with zeros.
    func text(_ octets: ArraySlice<UInt8>) throws(PcapngError) -> String {
        guard let text = String(validating: octets.prefix { $0 != 0 }, as: UTF8.self) else {
            throw failure(.unreadableText)
        }
        return text
    }
}
