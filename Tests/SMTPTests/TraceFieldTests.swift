import SMTP
import Testing
import Timebase

@Suite struct TraceFieldTests {
    private let date = CalendarDate(nanosecondsSince1970: 920_275_200_000_000_000)

    @Test func `a Received field names both ends, how, which, for whom and when`() throws {
        let field = TraceField.received(
            from: try Domain(parsing: "dial1.cust.example"), clientAddress: "198.51.100.7",
            by: try Domain(parsing: "mx.isp.example"), with: "ESMTP", id: "42A",
            for: try ForwardPath(parsing: "<alice@isp.example>"), at: date)
        #expect(
            String(decoding: field, as: UTF8.self)
                == "Received: from dial1.cust.example ([198.51.100.7])\r\n\tby mx.isp.example with ESMTP id 42A\r\n"
                + "\tfor <alice@isp.example>;\r\n\tMon, 1 Mar 1999 08:00:00 +0000\r\n")
    }

    // S112: no recipient is named to the others.
    @Test func `several recipients go unnamed, and nothing foreign enters the field`() throws {
        let field = TraceField.received(
            from: try Domain(parsing: "x"), clientAddress: "2001:db8::7\r\nEvil: 1", by: try Domain(parsing: "y"),
            with: "SMTP",
            id: "4 2\r\n)", for: nil, at: date)
        #expect(
            String(decoding: field, as: UTF8.self)
                == "Received: from x ([IPv6:2001:db8::7Evil:1])\r\n\tby y with SMTP id 42;\r\n"
                + "\tMon, 1 Mar 1999 08:00:00 +0000\r\n")
    }

    @Test func `the way has its registered name`() {
        let names = [(false, false, false), (false, true, false), (false, false, true), (true, true, true)].map {
            TransferProtocol.esmtp.registeredName(isSMTPUTF8: $0.0, isSecure: $0.1, isAuthenticated: $0.2)
        }
        #expect(names == ["ESMTP", "ESMTPS", "ESMTPA", "UTF8SMTPSA"])
        #expect(
            TransferProtocol.smtp.registeredName(isSMTPUTF8: false, isSecure: true, isAuthenticated: false) == "SMTP")
    }

    @Test func `a Return-Path field holds the reverse path`() throws {
        #expect(TraceField.returnPath(.null) == Array("Return-Path: <>\r\n".utf8))
        #expect(
            TraceField.returnPath(try ReversePath(parsing: "<a@x>")) == Array("Return-Path: <a@x>\r\n".utf8))
    }
}
