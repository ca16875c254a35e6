import Events
import Report
import Testing
import Timebase

struct EventLineTests {
    @Test func `an event is one object on one line`() {
        let happening = Happening.etrnAnswered(
            domain: "branch.example", code: 253, text: "OK, 2 \"pending\" messages\r\n")
        #expect(
            EventLine(Event(at: Instant(nanoseconds: 1_500_000_001), host: "branch", happening: happening)).text
                == #"{"v":1,"t":1500000001,"host":"branch","event":"etrn.answered","severity":"notice","#
                + #""domain":"branch.example","reply-code":253,"reply-text":"OK, 2 \"pending\" messages\r\n"}"#)
    }

    @Test(arguments: [
        (Happening.modemOffHook, "informational"), (.modemNoCarrier, "warning"),
        (.diallerGaveUp(attempts: 3, reason: .noAttemptsLeft), "error"),
    ])
    func `severities are written as syslog names them`(happening: Happening, word: String) {
        let text = EventLine(Event(at: .beginning, host: "branch", happening: happening)).text
        #expect(text.contains(#""severity":"\#(word)""#))
    }
}
