extension DNSMessage {
    /// Reads a message.
    ///
    /// Of a message that is marked as truncated the records count as far as they can be read: some servers cut in the
    /// middle of one, and whoever asked will ask again by TCP (RFC 2181 §9).
    /// - Parameter message: all of its octets, without the length that stands before it on a connection.
    /// - Throws: ``DNSError`` when they are none.
    public init(parsing message: RawSpan) throws(DNSError) {
        try self.init(headerOf: message)
        var cursor = DNSCursor(offset: DNSMessage.headerLength, end: message.byteCount)
        for _ in 0..<message.bigEndian16(at: 4) { questions.append(try cursor.question(in: message)) }
        do throws(DNSError) {
            for _ in 0..<message.bigEndian16(at: 6) { answers.append(try cursor.record(in: message)) }
            for _ in 0..<message.bigEndian16(at: 8) { authorities.append(try cursor.record(in: message)) }
            for _ in 0..<message.bigEndian16(at: 10) { additionals.append(try cursor.record(in: message)) }
            try cursor.finish()
        } catch {
            guard isTruncated else { throw error }
        }
    }

    /// Reads the header alone, so that even a query that is not understood can be answered.
    /// - Parameter message: the message's octets.
    /// - Throws: ``DNSError`` when there are fewer octets than a header has.
    public init(headerOf message: RawSpan) throws(DNSError) {
        guard message.byteCount >= DNSMessage.headerLength else {
            throw DNSError(at: 0, found: message.byteCount, expected: .octets(DNSMessage.headerLength))
        }
        self.init(id: message.bigEndian16(at: 0), flags: message.bigEndian16(at: 2))
    }
}

/// A place in a message that is being read, and where what it is in ends.
///
/// The message comes as a parameter each time, because a span cannot be kept.
private struct DNSCursor {
    private static let mostPointers = 64

    var offset: Int
    let end: Int

    mutating func question(in message: RawSpan) throws(DNSError) -> DNSQuestion {
        let name = try name(in: message)
        let type = DNSType(rawValue: try number16(in: message))
        return DNSQuestion(name, type, in: DNSClass(rawValue: try number16(in: message)))
    }

    mutating func record(in message: RawSpan) throws(DNSError) -> DNSRecord {
        let name = try name(in: message)
        let type = DNSType(rawValue: try number16(in: message))
        let recordClass = DNSClass(rawValue: try number16(in: message))
        let timeToLive = try number32(in: message)
        let length = Int(try number16(in: message))
        try require(length)
        var data = DNSCursor(offset: offset, end: offset + length)
        offset += length
        return DNSRecord(
            name, timeToLiveSeconds: timeToLive, try data.data(of: type, recordClass, in: message))
    }

    /// Nothing may be left: a record ends exactly where its length says (DNS-3).
    func finish() throws(DNSError) {
        guard offset == end else { throw DNSError(at: offset, found: end - offset, expected: .end) }
    }

    // All of the data of a record, which is where this cursor ends.
    private mutating func data(
        of type: DNSType, _ recordClass: DNSClass, in message: RawSpan
    ) throws(DNSError) -> DNSRecord.Data {
        let all = octets(to: end, in: message)
        if let other = DNSOtherData(type: type, recordClass: recordClass, octets: all) { return .other(other) }
        let data: DNSRecord.Data
        switch type {
        case .a:
            try requireLength(4)
            data = .a(IPv4Address(rawValue: try number32(in: message)))
        case .aaaa:
            try requireLength(16)
            let high = try number64(in: message)
            data = .aaaa(IPv6Address(high: high, low: try number64(in: message)))
        case .ns: data = .ns(try name(in: message))
        case .cname: data = .cname(try name(in: message))
        case .ptr: data = .ptr(try name(in: message))
        case .mx:
            let preference = try number16(in: message)
            data = .mx(preference: preference, exchange: try name(in: message))
        case .soa: data = .soa(try authority(in: message))
        default: data = .txt(try text(in: message))
        }
        try finish()
        return data
    }

    private mutating func authority(in message: RawSpan) throws(DNSError) -> DNSAuthority {
        let primaryServer = try name(in: message)
        let mailbox = try name(in: message)
        let serial = try number32(in: message)
        let refresh = try number32(in: message)
        let retry = try number32(in: message)
        let expire = try number32(in: message)
        return DNSAuthority(
            primaryServer: primaryServer, mailbox: mailbox, serial: serial, refreshSeconds: refresh,
            retrySeconds: retry, expireSeconds: expire, minimumSeconds: try number32(in: message))
    }

    private mutating func text(in message: RawSpan) throws(DNSError) -> DNSText {
        var strings: [[UInt8]] = []
        repeat {
            try require(1)
            let length = Int(message[octet: offset])
            offset += 1
            try require(length)
            strings.append(octets(to: offset + length, in: message))
            offset += length
        } while offset < end
        guard let text = DNSText(strings) else { throw DNSError(at: offset, found: 0, expected: .octets(1)) }
        return text
    }

    /// Reads a name and goes on behind it. A pointer must point to before where the name begins, and the next one to
    /// before where that part begins (DNS-2): so there is no loop, however the octets are.
    private mutating func name(in message: RawSpan) throws(DNSError) -> DNSName {
        var octets: [UInt8] = []
        var pointers = 0
        var part = DNSCursor(offset: offset, end: end)
        var partStart = offset
        while true {
            try part.require(1)
            let length = message[octet: part.offset]
            guard length < 0xC0 else {
                let target = Int(try part.number16(in: message) & 0x3FFF)
                if pointers == 0 { offset = part.offset }
                pointers += 1
                guard target < partStart else {
                    throw DNSError(at: part.offset - 2, found: target, expected: .pointerBackwards)
                }
                guard pointers <= DNSCursor.mostPointers else {
                    throw DNSError(at: part.offset - 2, found: pointers, expected: .fewerPointers)
                }
                part = DNSCursor(offset: target, end: partStart)
                partStart = target
                continue
            }
            guard length <= 63 else {
                throw DNSError(at: part.offset, found: Int(length), expected: .labelOrPointer)
            }
            try part.require(1 + Int(length))
            octets += part.octets(to: part.offset + 1 + Int(length), in: message)
            guard octets.count <= DNSName.mostOctets else {
                throw DNSError(at: part.offset, found: octets.count, expected: .shorterName)
            }
            part.offset += 1 + Int(length)
            guard length > 0 else { break }
        }
        if pointers == 0 { offset = part.offset }
        return DNSName(checked: octets)
    }

    private mutating func number16(in message: RawSpan) throws(DNSError) -> UInt16 {
        try require(2)
        defer { offset += 2 }
        return message.bigEndian16(at: offset)
    }

    private mutating func number32(in message: RawSpan) throws(DNSError) -> UInt32 {
        try require(4)
        defer { offset += 4 }
        return message.bigEndian32(at: offset)
    }

    private mutating func number64(in message: RawSpan) throws(DNSError) -> UInt64 {
        let high = try number32(in: message)
        return UInt64(high) << 32 | UInt64(try number32(in: message))
    }

    private func octets(to end: Int, in message: RawSpan) -> [UInt8] {
        var octets: [UInt8] = []
        octets.append(message.extracting(offset..<end))
        return octets
    }

    private func require(_ count: Int) throws(DNSError) {
        guard end - offset >= count else { throw DNSError(at: offset, found: end - offset, expected: .octets(count)) }
    }

    private func requireLength(_ count: Int) throws(DNSError) {
        guard end - offset == count else {
            throw DNSError(at: offset, found: end - offset, expected: .dataOfLength(count))
        }
    }
}
