import SMTP
import Testing
import Timebase

/// What a client does at one reply, by the numbers of the conformance cases.
@Suite struct NumberedClientTests {
    private func client(_ keywords: String...) throws -> ClientDriver {
        var client = try ClientDriver(messages: [ClientDriver.message()], chunkSize: nil)
        _ = client.hears("220 d.example")
        let lines = ["250-d.example"] + keywords.map { "250-\($0)" } + ["250 HELP"]
        _ = client.hears(lines.joined(separator: "\r\n"))
        return client
    }

    @Test func `C005: a host that greets with 554 gets QUIT, and the next one its turn`() throws {
        var client = try ClientDriver(messages: [ClientDriver.message()])
        #expect(client.hears("554 no service") == "QUIT\r\n")
        #expect(client.outcomes == [.failed(.greetingRefused(SMTPReply(554, nil, "no service")))])
    }

    @Test func `C020: for the reply to content it waits ten minutes at the least, then nothing is known`() throws {
        var client = try client()
        for reply in ["250 ok", "250 ok", "250 ok", "354 go"] { _ = client.hears(reply) }
        #expect(client.waits(.minutes(10) - .seconds(1)).isEmpty)
        #expect(client.waits(.seconds(1)) == [.failed(.timedOut(.contentEnd)), .close])
    }

    @Test func `C024: with PIPELINING the envelope goes in one group, and content waits`() throws {
        var client = try ClientDriver(messages: [ClientDriver.message()], chunkSize: nil)
        _ = client.hears("220 d.example")
        #expect(
            client.hears("250-d.example", "250 PIPELINING")
                == "MAIL FROM:<s@isp.example>\r\nRCPT TO:<r1@d.example>\r\nRCPT TO:<r2@d.example>\r\nDATA\r\n")
        #expect(client.hears("250 ok", "250 ok", "250 ok") == "")
        #expect(client.hears("354 go") == "x\r\n.\r\n")
    }

    @Test(arguments: ["555 5.5.4 no SIZE", "504 no SIZE"], [true, false])
    func `C075: a server that lists SIZE and refuses it is asked once without it`(
        refusal: String, usesPipelining: Bool
    ) throws {
        var client = try ClientDriver(
            messages: [ClientDriver.message(recipients: 1)], usesPipelining: usesPipelining)
        _ = client.hears("220 d.example")
        var said = client.hears("250-d.example", "250-PIPELINING", "250 SIZE 1000")
        #expect(said.hasPrefix("MAIL FROM:<s@isp.example> SIZE=3\r\n"))
        said = usesPipelining ? client.hears(refusal, "503 no", "503 no") : client.hears(refusal)
        #expect(said.hasPrefix("MAIL FROM:<s@isp.example>\r\n"))
        said = usesPipelining ? client.hears(refusal, "503 no", "503 no") : client.hears(refusal)
        #expect(said == "QUIT\r\n")
        let reply = try SMTPReply(parsing: Array((refusal + "\r\n").utf8))
        #expect(client.outcomes == [.messageRefused(reply, permanent: true)])
    }
}
