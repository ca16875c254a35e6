import SMTP
import Testing

struct DialogueByHandTests {
    @Test func `each line is said after the reply to the one before, sense or nonsense`() throws {
        var client = try ClientDriver(.dialogue(["EHLO a.example", "ETRN a\rb", ""]))
        #expect(client.hears("220 isp.example") == "EHLO a.example\r\n")
        #expect(client.hears("250-isp.example", "250 ETRN") == "ETRN a\rb\r\n")
        #expect(client.hears("501 what") == "\r\n")
        #expect(client.hears("500 what") == "QUIT\r\n")
        #expect(client.actions.count { if case .lineAnswered = $0 { true } else { false } } == 3)
    }

    @Test func `after 354 all lines up to the dot go out, and one reply answers them`() throws {
        var client = try ClientDriver(.dialogue(["DATA", "Subject: x", "", "ETRN a.example", ".", "NOOP"]))
        _ = client.hears("220 isp.example")
        #expect(client.hears("354 go") == "Subject: x\r\n\r\nETRN a.example\r\n.\r\n")
        #expect(client.hears("250 taken") == "NOOP\r\n")
    }

    @Test func `content without a dot is ended with the lines`() throws {
        var client = try ClientDriver(.dialogue(["DATA"]))
        _ = client.hears("220 isp.example")
        #expect(client.hears("354 go") == "QUIT\r\n")
    }

    @Test func `a server that has heard QUIT is not told again`() throws {
        var client = try ClientDriver(.dialogue(["QUIT", "NOOP"]))
        _ = client.hears("220 isp.example")
        #expect(client.hears("221 bye").isEmpty)
        #expect(client.outcomes.last == .close)
    }
}
