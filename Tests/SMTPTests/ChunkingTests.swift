import SMTP
import TestSupport
import Testing
import Timebase

/// Content by BDAT (RFC 3030), as the server takes it.
struct ChunkingTests {
    private static let transaction = ["MAIL FROM:<a@x.example>", "RCPT TO:<alice@isp.example>"]

    private func server(after lines: [String] = transaction) throws -> ServerDriver {
        var server = try ServerDriver { $0.offersChunking = true }
        server.session.connected(at: .beginning)
        for line in ["EHLO x.example"] + lines { _ = server.send(line + "\r\n") }
        return server
    }

    @Test func `CHUNKING and BINARYMIME are listed when they are offered, and only then`() throws {
        for isOffered in [true, false] {
            var server = try ServerDriver { $0.offersChunking = isOffered }
            server.session.connected(at: .beginning)
            let list = server.send("EHLO x.example\r\n")
            #expect(list.contains("250-CHUNKING\r\n") == isOffered)
            #expect(list.contains("250-BINARYMIME\r\n") == isOffered)
        }
    }

    // S130, S131, S136: whatever is in a chunk is content, and nothing is taken out of it.
    @Test(arguments: [
        ("BDAT 6 LAST\r\nhi\r\n..", [250], "hi\r\n.."), ("BDAT 3\r\nabcBDAT 0 LAST\r\n", [250, 250], "abc"),
        ("BDAT 17 LAST\r\na\r\n.\r\nQUIT\r\n..b\r\n", [250], "a\r\n.\r\nQUIT\r\n..b\r\n"),
        ("bdat 1\r\naBDAT 2 last\r\nbc", [250, 250], "abc"), ("BDAT 0 LAST\r\n", [250], ""),
        ("BDAT 3\r\na\r\nBDAT 4 LAST\r\n.\r\nb", [250, 250], "a\r\n.\r\nb"),
        ("BDAT 2\r\na\rBDAT 2 LAST\r\n\nb", [250, 250], "a\r\nb"),
    ])
    func `chunks are stored as they are`(wire: String, codes: [Int], content: String) throws {
        for size in 1...(wire.utf8.count + 1) {
            var server = try server()
            #expect(server.send(wire, inPiecesOf: size).replyCodes == codes)
            #expect(server.stored == [content])
        }
    }

    // S132 to S135, S137: the octets of a chunk that is refused are no commands.
    @Test(arguments: [
        (transaction, "BDAT 3 LAST\r\nabcBDAT 1\r\nxNOOP\r\n", [250, 503, 250]),
        (transaction, "BDAT 3\r\nabcDATA\r\nNOOP\r\n", [250, 503, 250]),
        (transaction, "BDAT 3\r\nabcRCPT TO:<bob@isp.example>\r\nBDAT 0 LAST\r\n", [250, 503, 250]),
        (["MAIL FROM:<a@x.example> BODY=BINARYMIME", "RCPT TO:<alice@isp.example>"], "DATA\r\nNOOP\r\n", [503, 250]),
        ([], "BDAT 5\r\nQUIT\nNOOP\r\n", [503, 250]), (["MAIL FROM:<>"], "BDAT 5 LAST\r\nRSET\nNOOP\r\n", [503, 250]),
        (["MAIL FROM:<>", "RCPT TO:<nobody@isp.example>"], "BDAT 2\r\n\r\nRSET\r\n", [554, 250]),
    ])
    func `a chunk out of its order is read to its end and refused`(lines: [String], wire: String, codes: [Int]) throws {
        for size in [1, 3, .max] {
            var server = try server(after: lines)
            #expect(server.send(wire, inPiecesOf: size).replyCodes == codes)
            #expect(!server.hasClosed)
        }
    }

    // S137, BDT-4, BDT-6: nobody knows where the next command begins.
    @Test(arguments: ["x", "99999999999999999999", "-1", "3 FIRST", "", "1 LAST LAST", "2147483648"])
    func `a chunk of an unknown number of octets ends the session`(argument: String) throws {
        var server = try server()
        #expect(server.send("BDAT \(argument)\r\nNOOP\r\n").replyCodes == [501])
        #expect(server.hasClosed)
    }

    // S138
    @Test func `chunks over the size limit are read to their ends, and RSET helps`() throws {
        var server = try server()
        let chunk = "BDAT 600000\r\n" + String(repeating: "x", count: 599_998) + "\r\n"
        #expect(server.send(chunk + chunk + chunk + "NOOP\r\nRSET\r\n").replyCodes == [250, 552, 503, 250, 250])
        #expect(server.stored.isEmpty && server.actions.last == .discardContent)
        let again = "MAIL FROM:<>\r\nRCPT TO:<alice@isp.example>\r\nBDAT 4 LAST\r\nyes\n"
        #expect(server.send(again).replyCodes == [250, 250, 554])
    }

    @Test(arguments: ["a\nb", "a\r", "a\0b"]) func `text by BDAT keeps to lines, and binary content does not`(
        content: String
    ) throws {
        var text = try server()
        let chunk = "BDAT \(content.utf8.count) LAST\r\n\(content)"
        #expect(text.send(chunk).replyCodes == [554])
        var binary = try server(after: ["MAIL FROM:<> BODY=BINARYMIME", "RCPT TO:<alice@isp.example>"])
        #expect(binary.send(chunk).replyCodes == [250])
        #expect(binary.stored == [content] && binary.envelopes.first?.body == .binaryMIME)
    }

    @Test func `without CHUNKING there is neither BDAT nor BINARYMIME`() throws {
        var server = try ServerDriver(after: "EHLO x.example")
        #expect(server.send("MAIL FROM:<> BODY=BINARYMIME\r\nBDAT 5\r\nBDAT x\r\n").replyCodes == [555, 502, 502])
    }

    @Test func `a client that goes in the middle of a chunk has sent nothing`() throws {
        var server = try server()
        _ = server.send("BDAT 10 LAST\r\nabc")
        _ = server.hangUp()
        #expect(server.stored.isEmpty && server.actions.suffix(2) == [.discardContent, .close])
    }

    @Test(arguments: ["RSET", "EHLO again.example"]) func `chunks are forgotten with their transaction`(line: String)
        throws
    {
        var server = try server()
        #expect(server.send("BDAT 3\r\nabc\(line)\r\nBDAT 1 LAST\r\nx").replyCodes.last == 503)
        #expect(server.actions.last == .discardContent)
    }
}

/// Content by BDAT, as the client sends it.
struct ChunkingClientTests {
    private func greeted(_ message: OutgoingMessage, chunkSize: Int?, _ keywords: String...) throws -> ClientDriver {
        var client = try ClientDriver(messages: [message], chunkSize: chunkSize)
        _ = client.hears("220 d.example")
        _ = client.hears((["250-d.example"] + keywords.map { "250-\($0)" } + ["250 HELP"]).joined(separator: "\r\n"))
        return client
    }

    // C030
    @Test func `each chunk waits for the reply to the one before it`() throws {
        var client = try greeted(ClientDriver.message(".a\r\n.\r\nbc", recipients: 1), chunkSize: 5, "CHUNKING")
        #expect(client.hears("250 ok") == "RCPT TO:<r1@d.example>\r\n")
        #expect(client.hears("250 ok") == "BDAT 5\r\n.a\r\n.")
        #expect(client.hears("250 ok") == "BDAT 5\r\n\r\nbc\r")
        #expect(client.hears("250 ok") == "BDAT 1 LAST\r\n\n")
        #expect(client.hears("250 stored") == "QUIT\r\n")
        #expect(client.outcomes == [.messageAccepted(SMTPReply(250, nil, "stored"))])
    }

    @Test func `in groups the next chunk goes out before the reply, and no further one`() throws {
        var client = try greeted(
            ClientDriver.message("aabbccd\r\n", recipients: 1), chunkSize: 2, "PIPELINING", "CHUNKING")
        #expect(client.hears("250 ok", "250 ok") == "BDAT 2\r\naaBDAT 2\r\nbb")
        #expect(client.hears("250 ok") == "BDAT 2\r\ncc")
        #expect(client.hears("250 ok", "250 ok") == "BDAT 2\r\nd\rBDAT 1 LAST\r\n\n")
        #expect(client.hears("250 ok", "250 ok") == "QUIT\r\n")
    }

    // C031
    @Test func `after a refused chunk nothing more of the message is sent`() throws {
        var client = try greeted(
            ClientDriver.message("aabbccd\r\n", recipients: 1), chunkSize: 2, "PIPELINING", "CHUNKING")
        client.messages = [try ClientDriver.message(recipients: 1)]
        _ = client.hears("250 ok", "250 ok")
        #expect(client.hears("452 4.3.1 full").isEmpty)
        #expect(client.hears("503 5.5.1 failed").hasPrefix("RSET\r\nMAIL FROM"))
        #expect(
            client.outcomes == [.messageRefused(SMTPReply(452, .init(4, 3, 1), "full"), permanent: false)])
    }

    @Test func `a reply in the middle of a chunk is no reply to it`() throws {
        var client = try greeted(ClientDriver.message("aabbccd\r\n", recipients: 1), chunkSize: 9, "CHUNKING")
        _ = client.hears("250 ok")
        client.take(Array("250 ok\r\n".utf8))
        var octets: [UInt8] = []
        client.session.takeOutput(upTo: 12, into: &octets, at: client.now)
        client.take(Array("250 ok\r\n".utf8))
        #expect(client.outcomes == [.failed(.unexpectedReply(SMTPReply(250, nil, "ok"))), .close])
        // Inside the chunk QUIT would be content.
        #expect(client.takeOutput().isEmpty)
    }

    // C032
    @Test(arguments: [(nil, ["CHUNKING"]), (32_768, [])] as [(Int?, [String])])
    func `BDAT is used only where it is offered and wanted`(chunkSize: Int?, keywords: [String]) throws {
        var client = try ClientDriver(messages: [ClientDriver.message(recipients: 1)], chunkSize: chunkSize)
        _ = client.hears("220 d.example")
        _ = client.hears((["250-d.example"] + keywords.map { "250-\($0)" } + ["250 HELP"]).joined(separator: "\r\n"))
        _ = client.hears("250 ok")
        #expect(client.hears("250 ok") == "DATA\r\n")
    }

    @Test func `when every recipient is refused there is no chunk`() throws {
        var client = try greeted(ClientDriver.message(recipients: 1), chunkSize: 9, "PIPELINING", "CHUNKING")
        #expect(client.hears("250 ok", "550 no") == "QUIT\r\n")
    }

    @Test func `binary content goes as it is, and only where it can`() throws {
        let envelope = Envelope(
            reversePath: .null, forwardPaths: [try ForwardPath(parsing: "<r@d.example>")], body: .binaryMIME)
        let message = OutgoingMessage(envelope: envelope, content: Array("a\nb\r".utf8))
        var client = try greeted(message, chunkSize: 9, "PIPELINING", "CHUNKING", "BINARYMIME")
        #expect(client.hears("250 ok", "250 ok") == "BDAT 4 LAST\r\na\nb\r")
        var other = try greeted(message, chunkSize: 9, "CHUNKING", "8BITMIME")
        #expect(other.takeOutput().isEmpty)
        guard case .messageRefused(let reply, permanent: true) = other.outcomes.first else {
            return #expect(Bool(false))
        }
        #expect(reply.enhancedStatus == .init(5, 6, 3))
    }

    @Test(arguments: 1...12) func `content in pieces goes in chunks of any size`(chunkSize: Int) throws {
        let text = ".a\r\nbcdefgh\r\n"
        let whole = try ClientDriver.message(recipients: 1)
        var client = try greeted(
            OutgoingMessage(envelope: whole.envelope, plainTextOfSize: text.utf8.count), chunkSize: chunkSize,
            "PIPELINING", "CHUNKING")
        var said = client.hears("250 ok", "250 ok")
        var rest = Array(text.utf8)[...]
        while client.session.state == .chunks {
            if client.session.wantsContent {
                client.session.send(content: Array(rest.prefix(5)))
                rest = rest.dropFirst(5)
                said += client.takeOutput()
            } else {
                said += client.hears("250 ok")
            }
        }
        var server = try ServerDriver(after: "EHLO x", "MAIL FROM:<>", "RCPT TO:<alice@isp.example>") {
            $0.offersChunking = true
        }
        _ = server.send(said)
        #expect(server.stored == [text])
    }
}
