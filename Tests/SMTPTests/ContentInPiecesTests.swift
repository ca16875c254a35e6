import SMTP
import Testing
import Timebase

/// Content that the driver takes while it comes.
struct ContentInPiecesTests {
    private var session: SMTPServerSession
    private var outbox = Outbox<SMTPServerSession.Action>()
    private var taken: [UInt8] = []

    init() throws {
        var configuration = try ServerDriver.configuration()
        configuration.limits.hops = 3
        configuration.limits.messageSize = 65_536
        session = SMTPServerSession(configuration: configuration)
        session.connected(at: .beginning)
        _ = receive("EHLO x.example\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<alice@isp.example>\r\nDATA\r\n")
    }

    /// Receives octets, then takes what has come of the content; answers with what the driver is to do.
    private mutating func receive(_ text: String) -> [SMTPServerSession.Action] {
        session.receive(Array(text.utf8).span.bytes, at: .beginning, into: &outbox)
        return takeAll()
    }

    private mutating func takeAll() -> [SMTPServerSession.Action] {
        var content: [UInt8] = []
        session.exchangeContent(for: &content)
        taken += content
        var actions: [SMTPServerSession.Action] = []
        while let action = outbox.next() { actions.append(action) }
        return actions
    }

    private mutating func lastReply() -> String {
        var octets: [UInt8] = []
        session.takeOutput(upTo: .max, into: &octets)
        return String(decoding: octets, as: UTF8.self).split(separator: "\r\n").last.map(String.init) ?? ""
    }

    private var envelope: Envelope {
        get throws {
            Envelope(
                reversePath: try ReversePath(parsing: "<a@x.example>"),
                forwardPaths: [try ForwardPath(parsing: "<alice@isp.example>")])
        }
    }

    @Test func `the driver hears when content begins and when it is whole`() throws {
        var fresh = try Self()
        fresh.session = SMTPServerSession(configuration: try ServerDriver.configuration())
        fresh.session.connected(at: .beginning)
        let greeting = "EHLO x.example\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<alice@isp.example>\r\n"
        #expect(fresh.receive(greeting).isEmpty)
        #expect(fresh.receive("DATA\r\n") == [.beginContent(try envelope)])
        #expect(fresh.receive("text\r\n").isEmpty)
        #expect(fresh.receive(".\r\n") == [.store(try envelope)])
    }

    @Test func `what is taken while it comes is the whole content in the end`() throws {
        let wire = "Subject: x\r\n\r\n..hi\r\nthere\r\n.\r\n"
        for size in 1...wire.utf8.count {
            var server = try Self()
            let octets = Array(wire)
            for start in stride(from: 0, to: octets.count, by: size) {
                _ = server.receive(String(octets[start..<min(start + size, octets.count)]))
            }
            #expect(String(decoding: server.taken, as: UTF8.self) == "Subject: x\r\n\r\n.hi\r\nthere\r\n")
            #expect(server.session.state == .storing)
        }
    }

    @Test mutating func `a lent buffer comes back with the content`() {
        var buffer: [UInt8] = []
        buffer.reserveCapacity(100)
        session.exchangeContent(for: &buffer)
        #expect(buffer.isEmpty)
        session.receive(Array("text\r\n".utf8).span.bytes, at: .beginning, into: &outbox)
        session.exchangeContent(for: &buffer)
        #expect(buffer == Array("text\r\n".utf8) && buffer.capacity >= 100)
    }

    @Test mutating func `content that is refused at its end is to be discarded`() {
        #expect(receive("good\r\n").isEmpty)
        #expect(receive("bad\n\r\n.\r\n") == [.discardContent])
        #expect(lastReply().hasPrefix("554 5.6.0 "))
        #expect(session.state == .greeted)
    }

    @Test mutating func `content that breaks off is to be discarded`() {
        _ = receive("half\r\n")
        session.peerClosed(at: .beginning, into: &outbox)
        #expect(takeAll() == [.discardContent, .close])
    }

    @Test mutating func `content that is being stored is not discarded when the client goes`() throws {
        #expect(receive("all\r\n.\r\n") == [.store(try envelope)])
        session.peerClosed(at: .beginning, into: &outbox)
        #expect(takeAll().isEmpty)
        session.messageStored(id: "1", at: .beginning, into: &outbox)
        #expect(takeAll() == [.close])
    }

    // S103
    @Test mutating func `what was taken counts for the size limit`() {
        let line = String(repeating: "x", count: 1_022) + "\r\n"
        for _ in 0..<64 { #expect(receive(line).isEmpty) }
        #expect(receive("\r\n.\r\n") == [.discardContent])
        #expect(lastReply().hasPrefix("552 5.3.4 "))
    }

    // S104, S105: in pieces of any size, folded lines and the body are not counted.
    @Test(arguments: [
        ("Received: a\r\n\tReceived: folded\r\nreceived: b\r\nSubject: c\r\n\r\nReceived: body\r\n", "250 "),
        ("\r\nReceived: a\r\nReceived: b\r\nReceived: c\r\n", "250 "), ("Received : a\r\nXReceived: b\r\n", "250 "),
        ("Received: a\r\nReceived: b\r\nRECEIVED: c\r\n\r\n", "554 5.4.6 "),
    ])
    func `hops are counted in the header alone`(content: String, reply: String) throws {
        for size in 1...content.utf8.count {
            var server = try Self()
            let octets = Array(content.utf8) + Array(".\r\n".utf8)
            for start in stride(from: 0, to: octets.count, by: size) {
                let part = octets[start..<min(start + size, octets.count)]
                _ = server.receive(String(decoding: part, as: UTF8.self))
            }
            if server.session.state == .storing {
                server.session.messageStored(id: "1", at: .beginning, into: &server.outbox)
            }
            #expect(server.lastReply().hasPrefix(reply))
        }
    }
}
