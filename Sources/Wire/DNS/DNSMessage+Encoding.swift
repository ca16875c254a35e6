extension DNSMessage {
    /// The message as octets, with compressed names.
    ///
    /// What does not fit is left out from the first question or record on that does not (RFC 2181 §9): with TC set when
    /// it would have been part of the answer, and without when it is additional, of which a set of records is left out
    /// as a whole, so that nobody takes a part of it for all.
    /// - Parameter limit: how many octets it may have: by UDP, and on a connection ``mostStreamOctets``.
    /// - Returns: the message, without a length before it.
    public func octets(atMost limit: Int = DNSMessage.mostDatagramOctets) -> [UInt8] {
        precondition(
            (DNSMessage.headerLength...DNSMessage.mostStreamOctets).contains(limit),
            "a message has a header, and its length fits into 16 bits")
        var encoder = DNSEncoder(limit: limit)
        encoder.octets.append(bigEndian: id)
        encoder.octets.append(bigEndian: flags)
        for _ in 0..<4 { encoder.octets.append(bigEndian: 0 as UInt16) }
        encoder.append(questions.map { .question($0) }, countedAt: 4)
        encoder.append(answers.map { .record($0) }, countedAt: 6)
        encoder.append(authorities.map { .record($0) }, countedAt: 8)
        if encoder.isFull {
            encoder.octets.set(bigEndian: flags | 0x0200, at: 2)
        } else {
            encoder.appendSets(of: additionals, countedAt: 10)
        }
        return encoder.octets
    }

    /// The message as a connection carries it: its length in two octets, and as much of it as fits behind them.
    public var streamOctets: [UInt8] {
        let message = octets(atMost: DNSMessage.mostStreamOctets)
        var stream: [UInt8] = []
        stream.append(bigEndian: UInt16(message.count))
        return stream + message
    }
}

/// A message that is being written, and where in it the names are that a pointer may point to.
private struct DNSEncoder {
    enum Entry {
        case question(DNSQuestion)
        case record(DNSRecord)
    }

    var octets: [UInt8] = []
    /// Whether something has been left out.
    private(set) var isFull = false

    private let limit: Int
    // By spelling, so that each name is read as it was written (RFC 1035 §2.3.3).
    private var places: [ArraySlice<UInt8>: Int] = [:]

    init(limit: Int) { self.limit = limit }

    /// Adds what fits of a section and puts its count into the header.
    mutating func append(_ entries: [Entry], countedAt place: Int) {
        var count: UInt16 = 0
        for entry in entries where !isFull {
            let end = octets.count
            append(entry)
            if octets.count > limit {
                octets.removeLast(octets.count - end)
                isFull = true
            } else {
                count += 1
            }
        }
        octets.set(bigEndian: count, at: place)
    }

    /// Adds records as long as all of the same name and type fit.
    mutating func appendSets(of records: [DNSRecord], countedAt place: Int) {
        var count: UInt16 = 0
        var rest = records[...]
        while let first = rest.first {
            let set = rest.prefix { $0.name == first.name && $0.type == first.type }
            let end = octets.count
            for record in set where octets.count <= limit { append(.record(record)) }
            if octets.count > limit {
                octets.removeLast(octets.count - end)
                break
            }
            count += UInt16(set.count)
            rest = rest.dropFirst(set.count)
        }
        octets.set(bigEndian: count, at: place)
    }

    private mutating func append(_ entry: Entry) {
        switch entry {
        case .question(let question):
            append(question.name)
            octets.append(bigEndian: question.type.rawValue)
            octets.append(bigEndian: question.questionClass.rawValue)
        case .record(let record):
            append(record.name)
            octets.append(bigEndian: record.type.rawValue)
            octets.append(bigEndian: record.recordClass.rawValue)
            octets.append(bigEndian: record.timeToLiveSeconds)
            let start = octets.count
            octets.append(bigEndian: 0 as UInt16)
            append(record.data)
            octets.set(bigEndian: UInt16(octets.count - start - 2), at: start)
        }
    }

    // Only these types may hold compressed names (RFC 3597 §4).
    private mutating func append(_ data: DNSRecord.Data) {
        switch data {
        case .a(let address): octets.append(bigEndian: address.rawValue)
        case .aaaa(let address): for group in address.groups { octets.append(bigEndian: group) }
        case .ns(let name), .cname(let name), .ptr(let name): append(name)
        case .mx(let preference, let exchange):
            octets.append(bigEndian: preference)
            append(exchange)
        case .txt(let text):
            for string in text.strings {
                octets.append(UInt8(string.count))
                octets += string
            }
        case .soa(let authority):
            append(authority.primaryServer)
            append(authority.mailbox)
            octets.append(bigEndian: authority.serial)
            octets.append(bigEndian: authority.refreshSeconds)
            octets.append(bigEndian: authority.retrySeconds)
            octets.append(bigEndian: authority.expireSeconds)
            octets.append(bigEndian: authority.minimumSeconds)
        case .other(let other): octets += other.octets
        }
    }

    /// Adds a name: the labels that have not been written yet, and a pointer to the others (RFC 1035 §4.1.4).
    private mutating func append(_ name: DNSName) {
        for start in name.labelStarts {
            let rest = name.octets[start...]
            if let place = places[rest] {
                octets.append(bigEndian: 0xC000 | UInt16(place))
                return
            }
            // A pointer has 14 bits.
            if octets.count < 0x4000 { places[rest] = octets.count }
            octets += name.octets[start...(start + Int(name.octets[start]))]
        }
        octets.append(0)
    }
}
