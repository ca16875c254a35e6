import SMTP
import Testing

/// What the server makes of content: dots, line ends, limits, and attempts to end it early.
@Suite struct ContentReceptionTests {
    private func serverInContent(
        _ change: (inout SMTPServerConfiguration) -> Void = { _ in }
    ) throws -> ServerDriver {
        try ServerDriver(
            after: "EHLO x.example", "MAIL FROM:<a@x.example>", "RCPT TO:<alice@isp.example>", "DATA", change: change)
    }

    // S090 to S093, S101, S110, S111
    @Test(arguments: [
        ("Subject: x\r\n\r\nhi\r\n.\r\n", "Subject: x\r\n\r\nhi\r\n"), (".\r\n", ""), ("\r\n.\r\n", "\r\n"),
        ("..hello\r\n...\r\n.\r\n", ".hello\r\n..\r\n"), (".hello\r\n.\r\n", "hello\r\n"),
        ("a.b.\r\n.\r\n", "a.b.\r\n"),
        ("a\t\u{b}b\r\n.\r\n", "a\t\u{b}b\r\n"), ("..\r\n.\r\n", ".\r\n"),
    ])
    func `content is stored without its stuffing`(wire: String, content: String) throws {
        for size in 1...(wire.utf8.count + 1) {
            var server = try serverInContent()
            #expect(server.send(wire, inPiecesOf: size).replyCodes == [250])
            #expect(server.stored == [content])
        }
    }

    // S095, S096: SMG-7. Each is content, and none starts a second transaction.
    static let smuggling = [
        "\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r.\n", "\n.\r", "\r\n.\r", "\r.\r\n", "\r\r\n.\r\r\n", "\r\n\0.\r\n",
        "\r\n.\0\r\n", "\n\n.\r\n", "\r\n.\r\r\n",
    ]

    @Test(arguments: smuggling, [BareLineEndPolicy.refuse, .replace, .keep])
    func `no other line end ends the content`(pattern: String, policy: BareLineEndPolicy) throws {
        let hidden = "MAIL FROM:<evil@x>\r\nRCPT TO:<alice@isp.example>\r\nDATA\r\nevil\r\n.\r\n"
        let wire = "text" + pattern + hidden
        for size in 1...wire.utf8.count {
            var server = try serverInContent { $0.bareLineEnds = policy }
            let codes = server.send(wire, inPiecesOf: size).replyCodes
            let isRefused = policy == .refuse || pattern.contains("\0")
            #expect(codes == [isRefused ? 554 : 250])
            #expect(server.stored.count == (isRefused ? 0 : 1))
            if policy == .keep, let stored = server.stored.first { #expect(stored.contains("DATA\r\nevil\r\n")) }
            if policy == .replace, let stored = server.stored.first {
                #expect(!stored.replacingCRLF.contains { $0 == 0x0d || $0 == 0x0a })
            }
        }
    }

    // The overlap cases hold a true end.
    @Test(arguments: ["\n\r\n.\r\n", "\r\r\n.\r\n"]) func `a true end after a bare one is an end`(pattern: String)
        throws
    {
        var server = try serverInContent { $0.bareLineEnds = .keep }
        #expect(server.send("text" + pattern + "NOOP\r\n").replyCodes == [250, 250])
    }

    @Test func `bare line ends are kept to the octet when they are to be kept`() throws {
        var server = try serverInContent { $0.bareLineEnds = .keep }
        #expect(server.send("a\n.\nb\r\r\nc\n\r\n.\r\n").replyCodes == [250])
        #expect(server.stored == ["a\n.\nb\r\r\nc\n\r\n"])
    }

    // S099
    @Test func `NUL is refused`() throws {
        var server = try serverInContent()
        #expect(server.send("a\0b\r\n.\r\n").hasPrefix("554 5.6.0 "))
    }

    // S100
    @Test func `octets above 127 are stored unchanged and marked`() throws {
        var server = try serverInContent()
        #expect(server.send([0x80, 0xff, 0x0d, 0x0a, 0x2e, 0x0d, 0x0a]).replyCodes == [250])
        let message = try #require(server.messages.first)
        #expect(message.content == [0x80, 0xff, 0x0d, 0x0a])
        #expect(message.envelope.body == .eightBitMIME)
    }

    // S103, DAT-6
    @Test func `content over the limit is read to its end, refused, and the session goes on`() throws {
        var server = try serverInContent()
        let line = String(repeating: "x", count: 998) + "\r\n"
        #expect(server.send(String(repeating: line, count: 1_000)).isEmpty)
        #expect(server.send("x\r\n.\r\n").hasPrefix("552 5.3.4 "))
        #expect(server.stored.isEmpty)
        let next = "MAIL FROM:<>\r\nRCPT TO:<alice@isp.example>\r\nDATA\r\n"
        #expect(server.send(next + String(repeating: line, count: 1_000) + ".\r\n").replyCodes == [250, 250, 354, 250])
    }

    // S101, S102
    @Test(arguments: [(998, 250), (999, 554), (5_000, 554)])
    func `a line over the limit is refused with 554`(length: Int, code: Int) throws {
        for size in [1, 7, 1_000, 10_000] {
            var server = try serverInContent { $0.limits.textLineLength = 1_000 }
            let line = "." + String(repeating: ".", count: length) + "\r\n"
            #expect(server.send("a\r\n" + line + "b\r\n.\r\n", inPiecesOf: size).replyCodes == [code])
        }
    }

    // S104, S105
    @Test(arguments: [(99, 250), (100, 554)]) func `a message that went round a hundred times is refused`(
        hops: Int, code: Int
    ) throws {
        var server = try serverInContent()
        let header = String(repeating: "Received: x\r\n", count: hops)
        #expect(server.send(header + "\r\nbody\r\n.\r\n").replyCodes == [code])
    }

    // S106
    @Test func `a message that cannot be stored gets the reply of the store`() throws {
        var server = try serverInContent()
        server.storeRefusal = SMTPReply(452, .init(4, 3, 1), "No room")
        #expect(server.send("x\r\n.\r\n") == "452 4.3.1 No room\r\n")
        #expect(server.send("MAIL FROM:<>\r\n").replyCodes == [250])
    }
}

extension String {
    /// The octets that are left when each CR LF is taken out.
    fileprivate var replacingCRLF: [UInt8] {
        var left: [UInt8] = []
        for octet in utf8 {
            if octet == 0x0a, left.last == 0x0d { left.removeLast() } else { left.append(octet) }
        }
        return left
    }
}
