import Capture
import Events
import Testing
import Timebase

struct JournalFieldsTests {
    @Test func `an event becomes fields that Wireshark shows`() {
        let happening = Happening.flushDeferred(domain: "branch.example", message: 7, code: 451, text: "try\nlater")
        let fields = JournalFields(Event(at: .beginning + .seconds(2), host: "branch", happening: happening))
        #expect(
            fields == [
                "__MONOTONIC_TIMESTAMP": "2000000", "MESSAGE": "server defers message 7: 451 try\\nlater",
                "PRIORITY": "4",
                "_HOSTNAME": "branch", "SYSLOG_IDENTIFIER": "smtpd", "RINGBACK_EVENT": "flush.deferred",
                "RINGBACK_DOMAIN": "branch.example", "RINGBACK_MESSAGE": "7", "RINGBACK_REPLY_CODE": "451",
                "RINGBACK_REPLY_TEXT": "try\\nlater",
            ])
    }
}
