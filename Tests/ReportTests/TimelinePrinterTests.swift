import Events
import Report
import Testing
import Timebase

struct TimelinePrinterTests {
    private func printer(_ palette: Palette = .plain) throws -> TimelinePrinter {
        let begins = try #require(CalendarDate(parsing: "1999-03-01T23:58:00Z"))
        return TimelinePrinter(begins: begins, hosts: ["branch", "server"], palette: palette)
    }

    private func event(_ milliseconds: Int64, _ host: String, _ happening: Happening) -> Event {
        Event(at: .beginning + .milliseconds(milliseconds), host: host, happening: happening)
    }

    @Test func `a run reads like a log, with a line for every new day`() throws {
        var printer = try printer()
        let lines = [
            event(0, "server", .mailQueued(domain: "branch.example", messages: 12, octets: 48_000)),
            event(60_000, "branch", .modemDials(number: "555-0100")),
            event(86_214, "branch", .carrierUp(call: 1, port: 1, receiveRate: 31_200, transmitRate: 31_200)),
            event(125_001, "branch", .etrnSent(domain: "branch.example")),
        ].map { printer.text(of: $0) }
        #expect(
            lines.joined(separator: "\n") == """
                Mon, 1 Mar 1999
                23:58:00.000  server  queue     accepts 12 messages for branch.example, 48,000 octets
                23:59:00.000  branch  modem     dials 555-0100
                23:59:26.214  branch  modem     CONNECT 31200
                Tue, 2 Mar 1999
                00:00:05.001  branch  smtpd     ETRN branch.example
                """)
    }

    @Test func `a reply cannot drive the terminal`() throws {
        var printer = try printer()
        _ = printer.text(of: event(0, "branch", .etrnConnected))
        let reply = Happening.etrnAnswered(domain: "branch.example", code: 250, text: "\u{1b}]0;owned\u{7}\r\nOK")
        #expect(
            printer.text(of: event(1, "branch", reply))
                == #"23:58:00.001  branch  smtpd     250 \u{1b}]0;owned\u{7}\r\nOK"#)
    }

    @Test(arguments: [
        (Happening.modemNoCarrier, "\u{1b}[33mNO CARRIER\u{1b}[0m"),
        (.etrnFailed(reason: "reset"), "\u{1b}[31mcould not ask for mail: reset\u{1b}[0m"),
        (.etrnConnected, "\u{1b}[2mconnected\u{1b}[0m"), (.etrnSent(domain: "a.example"), "  ETRN a.example"),
    ])
    func `colours tell how much an event matters`(happening: Happening, end: String) throws {
        var printer = try printer(.coloured)
        let text = printer.text(of: event(0, "branch", happening))
        #expect(text.hasPrefix("\u{1b}[1mMon, 1 Mar 1999\u{1b}[0m\n\u{1b}[2m23:58:00.000\u{1b}[0m  branch  "))
        #expect(text.hasSuffix(end))
    }
}
