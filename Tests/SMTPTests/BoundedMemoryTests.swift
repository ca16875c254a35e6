import Testing
import Timebase

@testable import SMTP

/// Whatever a peer goes on saying, a session keeps no more of it than it may.
@Suite struct BoundedMemoryTests {
    private let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 65_536)

    // S026: LIM-14
    @Test func `of a line without an end one octet is kept`() throws {
        var server = try ServerDriver(after: "EHLO dial1.cust.example")
        for _ in 0..<256 { #expect(server.send(piece) == "") }
        #expect(server.session.keptOctets <= 1)
        #expect(server.send("\r\n").replyCodes == [500])
    }

    @Test func `of a response of AUTH without an end, too`() throws {
        var server = try ServerDriver(after: "EHLO dial1.cust.example") {
            $0.mechanisms = [.plain]
            $0.takesPasswordsInClear = true
        }
        _ = server.send("AUTH PLAIN\r\n")
        for _ in 0..<256 { #expect(server.send(piece) == "") }
        #expect(server.session.keptOctets <= 1)
    }

    // S070
    @Test func `of recipients without an end a hundred are kept`() throws {
        var server = try ServerDriver(after: "EHLO dial1.cust.example", "MAIL FROM:<a@x.example>")
        for number in 0..<20_000 { _ = server.send("RCPT TO:<u\(number)@cust.example>\r\n") }
        #expect(server.session.openEnvelope?.forwardPaths.count == 100)
    }

    // S103
    @Test(arguments: ["DATA\r\n", "BDAT 2147483647 LAST\r\n"])
    func `of content without an end no more is kept than a message may have`(command: String) throws {
        var server = try ServerDriver(
            after: "EHLO dial1.cust.example", "MAIL FROM:<a@x.example>", "RCPT TO:<alice@isp.example>"
        ) { $0.offersChunking = true }
        _ = server.send(command)
        for _ in 0..<256 {
            _ = server.send(piece)
            _ = server.send("\r\n")
        }
        var content: [UInt8] = []
        server.session.exchangeContent(for: &content)
        #expect(content.count <= 1_000_000)
        #expect(server.session.keptOctets <= 1)
    }

    @Test func `of content for which there is no room nothing is kept, and at its end it is refused`() throws {
        var server = try ServerDriver(
            after: "EHLO dial1.cust.example", "MAIL FROM:<a@x.example>", "RCPT TO:<alice@isp.example>")
        server.session.dropContent()
        _ = server.send("DATA\r\n")
        _ = server.send(piece)
        #expect(server.session.keptContentCount == 65_536)
        server.session.dropContent()
        #expect(server.send(piece) == "")
        #expect(server.session.keptContentCount == 0)
        #expect(server.send("\r\n.\r\nNOOP\r\n").replyCodes == [452, 250])
    }

    @Test func `of a dialogue that its client does not read nothing more is read`() throws {
        var server = try ServerDriver(after: "EHLO dial1.cust.example")
        server.answersAtOnce = false
        _ = server.send("ETRN cust.example\r\n")
        #expect(server.session.answerIsDue)
    }

    // MARK: The client

    private func client() throws -> ClientDriver {
        var client = try ClientDriver(messages: [ClientDriver.message()])
        _ = client.hears("220 d.example")
        return client
    }

    @Test func `a reply line without an end ends the session`() throws {
        var client = try client()
        client.take(piece)
        #expect(client.actions.last == .close)
    }

    @Test func `a reply of lines without an end ends the session`() throws {
        var client = try client()
        for _ in 0..<500 { client.take(Array("250-8BITMIME\r\n".utf8)) }
        #expect(client.actions.last != .close)
        client.take(Array("250-8BITMIME\r\n".utf8))
        #expect(client.actions.last == .close)
    }

    @Test func `replies that nobody asked for end the session`() throws {
        var client = try client()
        _ = client.hears("250 d.example")
        for _ in 0..<100_000 where client.actions.last != .close { client.take(Array("250 ok\r\n".utf8)) }
        #expect(client.actions.last == .close)
    }
}
