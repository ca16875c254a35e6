/// Reads a pcapng file block by block and holds no more of it than one block.
///
/// Both byte orders, all time resolutions. Blocks and options that we do not write are skipped, among them simple
/// packet blocks, which have no time. After an error the reader stays where it was and reports the same again.
public struct PcapngReader: ~Copyable, Sendable {
    /// The longest block that is read, unless told otherwise: libpcap's limit.
    public static let defaultLimit = 16 * 1_024 * 1_024

    private var source: OctetSource
    private let limit: Int
    private var isBigEndian = false
    private var isInSection = false
    /// The clocks of the section's interfaces.
    var clocks: [TimeResolution] = []

    /// A reader of a capture in memory.
    /// - Parameters:
    ///   - octets: the whole file.
    ///   - limit: the longest block taken, in octets.
    public init(_ octets: [UInt8], limit: Int = PcapngReader.defaultLimit) {
        source = OctetSource(octets)
        self.limit = limit
    }

    /// A reader of a file.
    /// - Parameters:
    ///   - path: the file's name.
    ///   - limit: the longest block taken, in octets.
    /// - Throws: ``CaptureError`` when the file cannot be opened.
    public init(path: String, limit: Int = PcapngReader.defaultLimit) throws(CaptureError) {
        source = try OctetSource(path: path)
        self.limit = limit
    }

    /// The next block; nil at the end of the file.
    /// - Throws: ``PcapngError`` with the place of the block that cannot be read.
    public mutating func next() throws(PcapngError) -> PcapngBlock? {
        while let length = try lookAtBlock() {
            var cursor = BlockCursor(
                source.window, source.start + 8..<source.start + length - 4, isBigEndian: isBigEndian,
                offset: source.offset)
            let block = try BlockType(rawValue: word(at: 0)).flatMap { type throws(PcapngError) in
                try decode(type, &cursor)
            }
            source.skip(length)
            if let block { return block }
        }
        return nil
    }

    /// Brings the next block into the window whole; answers its length, and nil at the end of the file.
    private mutating func lookAtBlock() throws(PcapngError) -> Int? {
        let ahead = try look(12)
        if ahead == 0, isInSection { return nil }
        let isSection = ahead >= 4 && word(at: 0) == BlockType.section.rawValue
        guard isInSection || isSection else { throw failure(.notPcapng) }
        guard ahead == 12 else { throw failure(.cutShort) }
        if isSection { try beginSection() }
        let length = word(at: 4)
        guard length >= 12, length % 4 == 0 else { throw failure(.impossibleLength(length)) }
        guard length <= limit else { throw failure(.tooLong(length)) }
        guard try look(Int(length)) == length else { throw failure(.cutShort) }
        let again = word(at: Int(length) - 4)
        guard again == length else { throw failure(.lengthsDiffer(length, again)) }
        return Int(length)
    }

    private mutating func beginSection() throws(PcapngError) {
        isBigEndian = false
        switch word(at: 8) {
        case 0x1A2B_3C4D: break
        case 0x4D3C_2B1A: isBigEndian = true
        case let magic: throw failure(.unknownByteOrder(magic))
        }
        isInSection = true
        clocks = []
    }

    private func word(at position: Int) -> UInt32 {
        let octets = source.window[source.start + position..<source.start + position + 4]
        let number = octets.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return isBigEndian ? number : number.byteSwapped
    }

    private mutating func look(_ count: Int) throws(PcapngError) -> Int {
        do throws(CaptureError) {
            return try source.look(count)
        } catch {
            throw failure(.unreadable(error))
        }
    }

    @inline(never)
    private func failure(_ problem: PcapngError.Problem) -> PcapngError {
        PcapngError(offset: source.offset, problem: problem)
    }
}
