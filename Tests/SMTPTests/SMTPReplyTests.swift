import SMTP
import TestSupport
import Testing

@Suite struct SMTPReplyTests {
    static let whole = [
        "250 2.0.0 Ok\r\n", "220 mx.isp.example ESMTP\r\n", "354 \r\n",
        "250-mx.isp.example\r\n250-SIZE 0\r\n250 ETRN\r\n",
        "550-5.7.1 No.\r\n550 5.7.1 Really.\r\n", "250-2.0.0 \r\n250 2.0.0 \r\n", "299 new\r\n",
    ]

    static let malformed: [(String, ReplyError)] = [
        ("199 a\r\n", .badCode), ("600 a\r\n", .badCode), ("25\r\n", .badCode), ("2x0 a\r\n", .badCode),
        ("\r\n", .badCode),
        ("250+a\r\n", .badSeparator), ("250-a\r\n251 b\r\n", .codesDiffer), ("250 a\n", .bareLineEnd),
        ("250 a\rb\r\n", .bareLineEnd), ("250 a\r\r\n", .bareLineEnd), ("250 a", .incomplete),
        ("250-a\r\n", .incomplete),
        ("250 a\r\n2", .trailingOctets), ("250 " + String(repeating: "x", count: 4_096) + "\r\n", .lineTooLong),
        (String(repeating: "250-x\r\n", count: 501) + "250 x\r\n", .tooManyLines),
    ]

    @Test(arguments: whole) func `a reply is read and written`(text: String) throws {
        var octets: [UInt8] = []
        try SMTPReply(parsing: Array(text.utf8)).append(to: &octets)
        #expect(String(decoding: octets, as: UTF8.self) == text)
    }

    // C009, C070.
    @Test(arguments: malformed) func `what is no reply is refused for its reason`(text: String, reason: ReplyError) {
        #expect(throws: reason) { try SMTPReply(parsing: Array(text.utf8)) }
    }

    // C008.
    @Test func `a code alone is a reply`() throws {
        #expect(try SMTPReply(parsing: Array("220\r\n".utf8)) == SMTPReply(220, nil, ""))
        #expect(try SMTPReply(parsing: Array("220-a\r\n220 b\r\n".utf8)).lines == ["a", "b"])
    }

    @Test func `an enhanced status code counts only in the class of its reply`() throws {
        let reply = try SMTPReply(parsing: Array("250 5.7.1 odd\r\n".utf8))
        #expect(reply.enhancedStatus == nil)
        #expect(reply.lines == ["5.7.1 odd"])
        #expect(try SMTPReply(parsing: Array("550 5.07.1 x\r\n".utf8)).enhancedStatus == nil)
        #expect(try SMTPReply(parsing: Array("550 5.7.1\r\n".utf8)).enhancedStatus == .init(5, 7, 1))
    }

    // C074: nothing a peer sent can end a line.
    @Test func `octets that no reply may hold are escaped`() throws {
        #expect(SMTPReply(250, nil, "a\r\n221 b").lines == ["a\\x0D\\x0A221 b"])
        #expect(try SMTPReply(parsing: Array("250 a\u{7}\u{e9}\r\n".utf8)).lines == ["a\\x07\\xC3\\xA9"])
    }

    @Test func `a long line goes on in a further one`() {
        var octets: [UInt8] = []
        SMTPReply(250, .init(2, 0, 0), String(repeating: "x", count: 1_000)).append(to: &octets)
        let lines = octets.split(separator: 0x0a)
        #expect(lines.map { $0.count + 1 } == [512, 512])
    }

    @Test func `a reply is the same however it was split`() throws {
        let octets = Array(Self.whole.joined().utf8)
        let expected = try Self.whole.map { try SMTPReply(parsing: Array($0.utf8)) }
        for size in 1...octets.count {
            var reader = SMTPReplyReader()
            var replies: [SMTPReply] = []
            for start in stride(from: 0, to: octets.count, by: size) {
                let part = Array(octets[start..<min(start + size, octets.count)])
                var index = 0
                while let reply = try reader.receive(part.span.bytes, from: &index) { replies.append(reply) }
            }
            #expect(replies == expected)
            #expect(!reader.isInsideReply)
        }
    }

    @Test(arguments: whole) func `a reply cut short is incomplete`(text: String) {
        for count in 0..<text.utf8.count {
            #expect(throws: ReplyError.incomplete) { try SMTPReply(parsing: Array(text.utf8.prefix(count))) }
        }
    }

    @Test func `a hundred thousand spoiled replies neither trap nor become what cannot be written`() {
        var mutations = Mutations(ofSMTP: "reply")
        for turn in 0..<Mutations.count(100_000) {
            let octets = mutations.spoil(Array(Self.whole[turn % Self.whole.count].utf8))
            guard let reply = try? SMTPReply(parsing: octets) else { continue }
            var written: [UInt8] = []
            reply.append(to: &written)
            if (try? SMTPReply(parsing: written)) != reply { Issue.record("\(octets) became \(reply)") }
        }
    }

    @Test func `the extensions of a server are read from its reply to EHLO`() throws {
        let text = "250-mx.example hello\r\n250-PIPELINING\r\n250-size 1000\r\n250-X_odd\r\n250 8bitmime\r\n"
        let offered = OfferedExtensions(ehloReply: try SMTPReply(parsing: Array(text.utf8)))
        #expect(offered.hasPipelining && offered.hasSize && offered.hasEightBitMIME && !offered.hasETRN)
        #expect(offered.sizeLimit == 1_000)
        #expect(offered.keywords.map(\.name) == ["PIPELINING", "SIZE", "8BITMIME"])
    }
}
