import SMTP
import TestSupport
import Testing
import Timebase

/// A client session and a server session that speak to each other.
@Suite struct BackToBackTests {
    struct Pair {
        var client: ClientDriver
        var server: ServerDriver
        var mutations: Mutations

        /// Carries octets both ways, in pieces of any size, until nobody has more to say.
        mutating func drive() {
            server.session.connected(at: .beginning)
            while true {
                var said: [UInt8] = []
                server.session.takeOutput(upTo: 1 + mutations.number(below: 50), into: &said)
                client.take(said)
                var asked: [UInt8] = []
                client.session.takeOutput(upTo: 1 + mutations.number(below: 3_000), into: &asked, at: .beginning)
                client.take(Array(server.send(asked).utf8))
                if said.isEmpty, asked.isEmpty, server.session.pendingOutputCount == 0 { return }
            }
        }
    }

    private func randomContent(_ mutations: inout Mutations) -> [UInt8] {
        let pieces: [[UInt8]] = [
            [0x0d, 0x0a], [0x2e], [0x2e, 0x2e], [0x0d, 0x0a, 0x2e], [0x0d, 0x0a, 0x2e, 0x0d, 0x0a], [0x41],
            [0x20, 0xe9],
            Array(repeating: 0x78, count: 77) + [0x0d, 0x0a],
        ]
        return (0..<mutations.number(below: 300)).flatMap { _ in pieces[mutations.number(below: pieces.count)] }
    }

    // X01
    @Test(arguments: [true, false]) func `random content arrives to the octet`(usesPipelining: Bool) throws {
        var mutations = Mutations(of: "back to back")
        for _ in 0..<60 {
            let contents = (0..<5).map { _ in randomContent(&mutations) }
            let messages = try contents.map { content in
                OutgoingMessage(
                    envelope: Envelope(
                        reversePath: .null,
                        forwardPaths: [try ForwardPath(parsing: "<alice@isp.example>"), .postmaster]),
                    content: content)
            }
            var pair = Pair(
                client: try ClientDriver(messages: messages, usesPipelining: usesPipelining),
                server: try ServerDriver(),
                mutations: mutations)
            pair.drive()
            mutations = pair.mutations
            let expected = contents.map { content in
                content.isEmpty || content.last == 0x0a ? content : content + [0x0d, 0x0a]
            }
            #expect(pair.server.messages.map(\.content) == expected)
            #expect(pair.client.actions.last == .close && pair.server.hasClosed)
            #expect(pair.client.outcomes.count == contents.count + 1)
        }
    }

    @Test func `a client asks for its queue`() throws {
        let argument = try ETRNArgument(parsing: "cust.example")
        var pair = Pair(
            client: try ClientDriver(.etrn([argument])), server: try ServerDriver(), mutations: Mutations(of: "etrn"))
        pair.drive()
        #expect(pair.server.actions == [.startQueue(argument), .close])
        #expect(
            pair.client.outcomes == [
                .etrnReply(SMTPReply(253, .init(2, 5, 0), "3 messages pending"), argument), .close,
            ])
    }

    // X01: whatever part of its extensions a server offers, the same octets arrive.
    @Test func `every choice of extensions brings the message through`() throws {
        let content = Array("Subject: .\r\n\r\n.\r\n..\r\n\u{e9}\r\n".utf8)
        let message = OutgoingMessage(
            envelope: Envelope(reversePath: .null, forwardPaths: [try ForwardPath(parsing: "<alice@isp.example>")]),
            content: content)
        for choice in 0..<64 {
            let server = try ServerDriver {
                $0.offersPipelining = choice & 1 != 0
                $0.offersSize = choice & 2 != 0
                $0.offersChunking = choice & 4 != 0
                $0.offersDSN = choice & 8 != 0
                $0.offersCheckpoint = choice & 16 != 0
                $0.offersEnhancedStatusCodes = choice & 32 != 0
            }
            var pair = Pair(
                client: try ClientDriver(messages: [message]), server: server, mutations: Mutations(of: "\(choice)"))
            pair.drive()
            #expect(pair.server.messages.map(\.content) == [content], "choice \(choice)")
        }
    }

    // X03: what a client hands on is one message for servers that end lines at LF, or at CR, as well.
    @Test(arguments: ContentReceptionTests.smuggling) func `smuggled content is one message for lenient servers`(
        pattern: String
    ) throws {
        let hidden = "MAIL FROM:<evil@x>\r\nRCPT TO:<a@d.example>\r\nDATA\r\nevil"
        var client = try ClientDriver(messages: [ClientDriver.message("text" + pattern + hidden, recipients: 1)])
        _ = client.hears("220 d")
        _ = client.hears("250-d", "250 PIPELINING")
        let wire = Array(client.hears("250 ok", "250 ok", "354 go").utf8)
        let lines = wire.split { $0 == 0x0d || $0 == 0x0a }
        #expect(lines.filter { $0 == [0x2e] }.count == 1 && lines.last == [0x2e])
        #expect(wire.split(separator: 0x0a).allSatisfy { $0.firstIndex(of: 0x0d) == $0.endIndex - 1 })
    }
}
