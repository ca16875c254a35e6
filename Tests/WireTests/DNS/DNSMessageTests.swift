import TestSupport
import Testing
import Wire

struct DNSMessageTests {
    private typealias Samples = DNSSamples

    @Test func `DNS-1: DNS-14: T240: a query is 27 octets, and asks for recursion`() throws {
        let octets = Samples.query.octets()
        #expect(octets == Samples.octets("5ad3 0100 0001 0000 0000 0000 01 64 07 6578616d706c65 00 000f 0001"))
        #expect(octets.count == 27)
        #expect(Samples.query.streamOctets == [0, 27] + octets)
    }

    @Test func `DNS-4: T241: a response with compressed names is read`() throws {
        let message = try Samples.read(Samples.response)
        #expect(message.id == 0x5AD3 && message.isResponse && message.isAuthoritative && !message.isTruncated)
        #expect(message.isRecursionDesired && message.isRecursionAvailable && message.responseCode == .noError)
        #expect(message.questions == Samples.query.questions)
        let exchangers: [(UInt16, String)] = [(10, "mx.d.example"), (20, "backup.isp.example"), (20, "mx.isp.example")]
        #expect(
            message.answers.map(\.data)
                == exchangers.map { .mx(preference: $0, exchange: Samples.name($1)) })
        #expect(message.answers.allSatisfy { $0.timeToLiveSeconds == 3_600 && $0.name == Samples.name("d.example") })
        #expect(message.authorities.map(\.data) == [.ns(Samples.name("ns.isp.example"))])
        #expect(
            message.additionals.map(\.name.description)
                == ["mx.d.example", "backup.isp.example", "mx.isp.example", "ns.isp.example"])
        #expect(message.additionals[1].data == .a(IPv4Address(192, 0, 2, 130)))
        #expect(message.additionals[2].data == .aaaa(IPv6Address(high: 0x2001_0db8_0000_0000, low: 7)))
    }

    @Test func `names are compressed as they were in the response`() throws {
        #expect(try Samples.read(Samples.response).octets() == Samples.response)
    }

    @Test func `DNS-4: what is written reads the same, for every type`() throws {
        let message = Samples.everyType
        #expect(message.answers.count == 10 && message.additionals.count == 1)
        #expect(try Samples.read(message.octets(atMost: 65_535)) == message)
        #expect(try Samples.read(Array(message.streamOctets.dropFirst(2))) == message)
    }

    @Test func `DNS-1: every bit of the header that means something survives`() throws {
        for flags in 0...0xFFFF as ClosedRange<UInt16> {
            var octets = [UInt8](repeating: 0, count: 12)
            octets.set(bigEndian: flags, at: 2)
            let written = try Samples.read(octets).octets()
            octets.set(bigEndian: flags & 0xFF8F, at: 2)
            if written != octets { Issue.record("\(flags) became \(written)") }
        }
    }

    @Test func `DNS-3: T250: a time to live with the highest bit set is zero`() throws {
        for (raw, read) in [(0x8000_0001, 0), (0xFFFF_FFFF, 0), (0x7FFF_FFFF, 0x7FFF_FFFF)] as [(UInt32, UInt32)] {
            var octets = Samples.response
            octets.set(bigEndian: UInt16(raw >> 16), at: 33)
            octets.set(bigEndian: UInt16(raw & 0xFFFF), at: 35)
            #expect(try Samples.read(octets).answers.first?.timeToLiveSeconds == read)
        }
    }

    @Test func `known types have no other form`() {
        for type in [DNSType.a, .ns, .cname, .soa, .ptr, .mx, .txt, .aaaa] {
            #expect(DNSOtherData(type: type, octets: [0]) == nil)
        }
        #expect(DNSOtherData(type: .opt, octets: [UInt8](repeating: 0, count: 65_536)) == nil)
        #expect(DNSText([]) == nil && DNSText([[UInt8](repeating: 0, count: 256)]) == nil)
        #expect(DNSText([[UInt8]](repeating: [UInt8](repeating: 0, count: 255), count: 256)) == nil)
    }

    // What does not fit

    @Test func `DNS-7: what exceeds a datagram is cut at the border of a record, with TC`() throws {
        let message = exchangers(40)
        let octets = message.octets()
        let read = try Samples.read(octets)
        #expect(octets.count <= 512 && octets.count > 512 - 40)
        #expect(read.isTruncated && !read.answers.isEmpty && read.additionals.isEmpty)
        #expect(read.answers == Array(message.answers.prefix(read.answers.count)))
        let whole = try Samples.read(message.octets(atMost: 65_535))
        #expect(whole == message)
    }

    @Test func `DNS-7: an additional set that does not fit is left out as a whole, without TC`() throws {
        let message = exchangers(10)
        let read = try Samples.read(message.octets())
        #expect(read.answers == message.answers && !read.isTruncated)
        #expect(!read.additionals.isEmpty && read.additionals.count < message.additionals.count)
        #expect(read.additionals.count % 2 == 0)
        #expect(read.additionals == Array(message.additionals.prefix(read.additionals.count)))
    }

    @Test func `DNS-7: for every limit a message can be read and is not longer`() throws {
        let message = exchangers(12)
        for limit in 12...900 {
            let octets = message.octets(atMost: limit)
            let read = try Samples.read(octets)
            #expect(octets.count <= limit)
            #expect(read.isTruncated == (read.answers.count < 12))
        }
    }

    @Test func `pointers have 14 bits, so that names further on are written out`() throws {
        var message = exchangers(900)
        message.answers += [DNSRecord(Samples.name("late.test"), timeToLiveSeconds: 1, .ptr(Samples.name("late.test")))]
        message.additionals = message.answers.suffix(1)
        #expect(try Samples.read(message.octets(atMost: 65_535)) == message)
    }

    /// A response with so many exchangers of two addresses each.
    private func exchangers(_ count: Int) -> DNSMessage {
        var message = DNSMessage(answering: Samples.query)
        for number in 0..<count {
            let host = Samples.name("mx\(number).d.example")
            message.answers.append(
                DNSRecord(Samples.name("d.example"), timeToLiveSeconds: 60, .mx(preference: 10, exchange: host)))
            for last in [1, 2] as [UInt8] {
                let address = IPv4Address(198, 51, UInt8(number % 256), last)
                message.additionals.append(DNSRecord(host, timeToLiveSeconds: 60, .a(address)))
            }
        }
        return message
    }
}
