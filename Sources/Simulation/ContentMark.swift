import Wire

/// A 64-bit mark of some octets by which equal ones are known again, in however many pieces they came.
///
/// It is FNV-1a over words of eight octets, in two chains side by side: a multiplication waits for the one before it.
struct ContentMark: Sendable {
    private static let beginning: UInt64 = 0xcbf2_9ce4_8422_2325

    private var even = ContentMark.beginning
    private var odd = ContentMark.beginning
    private var count: UInt64 = 0
    // The words begun: they wait for their octets.
    private var nextEven: UInt64 = 0
    private var nextOdd: UInt64 = 0

    /// The mark of all octets so far.
    var value: UInt64 {
        var whole = self
        whole.end()
        return ContentMark.mixed(whole.even, whole.odd)
    }

    /// Looks at more octets.
    mutating func mix(_ octets: RawSpan) {
        var index = 0
        while index < octets.byteCount, count % 16 != 0 {
            mix(octets[octet: index])
            index += 1
        }
        let start = index
        // Here, and not in their places: there each word would wait for the one before it to be stored.
        var (even, odd) = (even, odd)
        while index + 16 <= octets.byteCount {
            even = ContentMark.mixed(even, octets.littleEndianWord(at: index))
            odd = ContentMark.mixed(odd, octets.littleEndianWord(at: index + 8))
            index += 16
        }
        (self.even, self.odd) = (even, odd)
        count += UInt64(index - start)
        while index < octets.byteCount {
            mix(octets[octet: index])
            index += 1
        }
    }

    /// Sets what came so far apart from what comes then.
    mutating func end() {
        mixWords(nextEven, nextOdd)
        mixWords(count, 0)
        count = 0
    }

    private mutating func mix(_ octet: UInt8) {
        let place = count % 16
        if place < 8 { nextEven |= UInt64(octet) << (8 * place) } else { nextOdd |= UInt64(octet) << (8 * place - 64) }
        count += 1
        if count % 16 == 0 { mixWords(nextEven, nextOdd) }
    }

    private mutating func mixWords(_ first: UInt64, _ second: UInt64) {
        even = ContentMark.mixed(even, first)
        odd = ContentMark.mixed(odd, second)
        nextEven = 0
        nextOdd = 0
    }

    private static func mixed(_ value: UInt64, _ word: UInt64) -> UInt64 {
        let product = (value ^ word) &* 0x0000_0100_0000_01b3
        return product ^ (product >> 29)
    }
}

extension RawSpan {
    fileprivate func littleEndianWord(at offset: Int) -> UInt64 {
        UInt64(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
}
