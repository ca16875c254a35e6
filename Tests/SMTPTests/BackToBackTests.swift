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
}
