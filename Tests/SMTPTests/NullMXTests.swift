import SMTP
import Testing
import Timebase

/// Domains that take no mail (RFC 7505), as the server's driver finds them in DNS.
struct NullMXTests {
    private func server(after lines: String..., authenticated: Bool = true) throws -> ServerDriver {
        var server = try ServerDriver(after: "EHLO dial1.cust.example") {
            $0.looksUpDomains = true
            $0.relaysForAnybody = authenticated
        }
        server.nullMXDomains = [try Domain(parsing: "nullmx.example")]
        for line in lines { _ = server.send(line + "\r\n") }
        server.actions = []
        return server
    }

    private func lookUp(_ name: String) throws -> SMTPServerSession.Action { .lookUp(try Domain(parsing: name)) }

    @Test func `S057: a sender to whom nobody could answer is refused, and no transaction begins`() throws {
        var server = try server()
        #expect(server.send("MAIL FROM:<a@nullmx.example>\r\n").hasPrefix("550 5.7.27 "))
        #expect(server.send("RCPT TO:<alice@isp.example>\r\n").replyCodes == [503])
        #expect(server.send("MAIL FROM:<a@x.example>\r\nRCPT TO:<alice@isp.example>\r\n").replyCodes == [250, 250])
        #expect(server.actions == [try lookUp("nullmx.example"), try lookUp("x.example")])
    }

    @Test func `S068: a recipient whose domain takes no mail is refused alone`() throws {
        var server = try server(after: "MAIL FROM:<a@x.example>")
        #expect(server.send("RCPT TO:<u@nullmx.example>\r\n").hasPrefix("556 5.1.10 "))
        #expect(server.send("DATA\r\n").replyCodes == [554])
        #expect(server.send("RCPT TO:<u@y.example>\r\nDATA\r\nx\r\n.\r\n").replyCodes == [250, 354, 250])
        #expect(server.envelopes.map { $0.forwardPaths.map(\.description) } == [["<u@y.example>"]])
    }

    @Test func `nothing is looked up for the null path, a literal, and whom mail is taken for anyway`() throws {
        var server = try server()
        #expect(server.send("MAIL FROM:<>\r\nRSET\r\nMAIL FROM:<a@[192.0.2.9]>\r\n").replyCodes == [250, 250, 250])
        let recipients = ["alice@isp.example", "u@cust.example", "Postmaster", "u@[192.0.2.9]"]
        for recipient in recipients { #expect(server.send("RCPT TO:<\(recipient)>\r\n").replyCodes == [250]) }
        #expect(server.actions == [])
    }

    @Test func `nobody learns of a domain to which he could not send`() throws {
        var server = try server(after: "MAIL FROM:<a@x.example>", authenticated: false)
        #expect(server.send("RCPT TO:<u@nullmx.example>\r\n").replyCodes == [550])
        #expect(server.send("MAIL FROM:<a@nullmx.example>\r\n").replyCodes == [503])
        #expect(server.actions == [])
    }

    @Test func `what is pipelined waits for the answer, and time does not run meanwhile`() throws {
        var server = try server()
        server.answersAtOnce = false
        #expect(server.send("MAIL FROM:<a@x.example>\r\nRCPT TO:<u@nullmx.example>\r\nNOOP\r\n").isEmpty)
        #expect(server.session.state == .domainAsked && server.waits(.minutes(6)).isEmpty)
        #expect(server.answerWhatIsOwed().replyCodes == [250, 556, 250])
    }

    @Test func `all else of a command is judged as ever, and once`() throws {
        var server = try server()
        let mail = "MAIL FROM:<a@x.example> SIZE=900 BODY=8BITMIME\r\n"
        #expect(server.send(mail + mail).replyCodes == [250, 503])
        #expect(server.send("RSET\r\nMAIL FROM:<a@x.example> SIZE=9000000\r\n").replyCodes == [250, 552])
        #expect(server.actions == [try lookUp("x.example")])
    }

    @Test func `an answer that comes after the end is told to nobody`() throws {
        var server = try server()
        server.answersAtOnce = false
        _ = server.send("MAIL FROM:<a@nullmx.example>\r\n")
        #expect(server.shutDown().replyCodes == [421])
        #expect(server.answerWhatIsOwed().isEmpty)
    }

    @Test func `unless it is switched on nothing is looked up`() throws {
        var server = try ServerDriver(after: "EHLO c.example")
        #expect(server.send("MAIL FROM:<a@nullmx.example>\r\n").replyCodes == [250])
    }
}
