import PPP
import Testing
import Timebase

struct ControlProtocolAutomatonTests {
    typealias Automaton = ControlProtocolAutomaton

    // RFC 1661 §4.1, both halves side by side.
    private static let table = """
        Up    2         irc,scr/6 -     -             -     -     -         -         -         -
        Down  -         -         0     tls/1         0     1     1         1         1         tld/1
        Open  tls/1     1     irc,scr/6 3r            5r    5r    6         7         8         9r
        Close 0         tlf/0     2     2             4     4     irc,str/4 irc,str/4 irc,str/4 tld,irc,str/4
        TO+   -         -         -     -             str/4 str/5 scr/6     scr/6     scr/8     -
        TO-   -         -         -     -             tlf/2 tlf/3 tlf/3p    tlf/3p    tlf/3p    -
        RCR+  -         -         sta/2 irc,scr,sca/8 4     5     sca/8     sca,tlu/9 sca/8     tld,scr,sca/8
        RCR-  -         -         sta/2 irc,scr,scn/6 4     5     scn/6     scn/7     scn/6     tld,scr,scn/6
        RCA   -         -         sta/2 sta/3         4     5     irc/7     scr/6x    irc,tlu/9 tld,scr/6x
        RCN   -         -         sta/2 sta/3         4     5     irc,scr/6 scr/6x    irc,scr/8 tld,scr/6x
        RTR   -         -         sta/2 sta/3         sta/4 sta/5 sta/6     sta/6     sta/6     tld,zrc,sta/5
        RTA   -         -         2     3             tlf/2 tlf/3 6         6         8         tld,scr/6
        RUC   -         -         scj/2 scj/3         scj/4 scj/5 scj/6     scj/7     scj/8     scj/9
        RXJ+  -         -         2     3             4     5     6         6         8         9
        RXJ-  -         -         tlf/2 tlf/3         tlf/2 tlf/3 tlf/3     tlf/3     tlf/3     tld,irc,str/5
        RXR   -         -         2     3             4     5     6         7         8         ser/9
        """

    @Test(arguments: Automaton.Event.allCases)
    func `every cell is the cell of RFC 1661`(event: Automaton.Event) {
        let rows = Self.table.split(separator: "\n").map { $0.split(separator: " ") }
        let row = rows[Int(event.rawValue)]
        #expect(row.count == 11)
        for state in Automaton.State.allCases {
            #expect(
                printed(Automaton.cell(state, event)) == String(row[Int(state.rawValue) + 1]), "\(state), \(row[0])")
        }
    }

    private func printed(_ cell: Automaton.Cell?) -> String {
        guard let cell else { return "-" }
        let operations = cell.operations.map(\.rawValue).joined(separator: ",")
        return (operations.isEmpty ? "" : operations + "/") + "\(cell.next.rawValue)" + (cell.note?.rawValue ?? "")
    }

    @Test(arguments: Automaton.State.allCases, Automaton.Event.allCases)
    func `an event leads where the table says, and one that cannot happen leads nowhere`(
        state: Automaton.State, event: Automaton.Event
    ) {
        var automaton = Self.automaton(in: state)
        let deadline = automaton.deadline
        let operations = automaton.handle(event, at: at(50))
        if let cell = Automaton.cell(state, event) {
            #expect(operations == cell.operations)
            #expect(automaton.state == cell.next)
        } else {
            #expect(operations.isEmpty)
            #expect(automaton.state == state)
            #expect(automaton.deadline == deadline)
        }
    }

    @Test(arguments: Automaton.State.allCases)
    func `the restart timer runs while an answer is awaited`(state: Automaton.State) {
        let awaits: [Automaton.State] = [.closing, .stopping, .reqSent, .ackRcvd, .ackSent]
        #expect((Self.automaton(in: state).deadline != nil) == awaits.contains(state))
    }

    @Test func `a Configure-Request is sent ten times, three seconds apart`() {
        var automaton = Self.automaton(in: .reqSent)
        for round in 1...9 {
            #expect(automaton.deadlineReached(at: at(Int64(3 * round))) == [.scr])
        }
        #expect(automaton.deadlineReached(at: at(30)) == [.tlf])
        #expect(automaton.state == .stopped)
        #expect(automaton.deadline == nil)
    }

    @Test func `a Terminate-Request is sent twice`() {
        var automaton = Self.automaton(in: .closing)
        #expect(automaton.deadlineReached(at: at(3)) == [.str])
        #expect(automaton.deadlineReached(at: at(6)) == [.tlf])
        #expect(automaton.state == .closed)
    }

    @Test func `a Terminate-Ack gets one period to arrive`() {
        var automaton = Self.automaton(in: .stopping)
        #expect(automaton.deadline == at(3))
        #expect(automaton.deadlineReached(at: at(3)) == [.tlf])
    }

    @Test func `an answer gives the requests their whole count again`() {
        var automaton = Self.automaton(in: .reqSent)
        for round in 1...9 { _ = automaton.deadlineReached(at: at(Int64(3 * round))) }
        #expect(automaton.handle(.receiveConfigureNak, at: at(28)) == [.irc, .scr])
        for round in 1...9 { #expect(automaton.deadlineReached(at: at(28 + Int64(3 * round))) == [.scr]) }
        #expect(automaton.deadlineReached(at: at(58)) == [.tlf])
    }

    @Test func `a wakeup that comes early or for nothing is harmless`() {
        var automaton = Self.automaton(in: .reqSent)
        #expect(automaton.deadlineReached(at: .beginning) == [])
        #expect(automaton.deadline == at(3))
        automaton = Self.automaton(in: .opened)
        #expect(automaton.deadlineReached(at: at(100)) == [])
        #expect(automaton.state == .opened)
    }

    @Test func `timer and counters can be set`() {
        let restart = RestartConfiguration(interval: .seconds(12), maximumConfigure: 2)
        var automaton = Automaton(restart: restart)
        _ = automaton.handle(.open, at: .beginning)
        _ = automaton.handle(.up, at: .beginning)
        #expect(automaton.deadlineReached(at: at(12)) == [.scr])
        #expect(automaton.deadlineReached(at: at(24)) == [.tlf])
    }

    private static func automaton(in state: Automaton.State) -> Automaton {
        let opened: [Automaton.Event] = [.open, .up, .receiveGoodConfigureRequest, .receiveConfigureAck]
        let path: [Automaton.Event] =
            switch state {
            case .initial: []
            case .starting: [.open]
            case .closed: [.up]
            case .stopped: [.open, .up, .receiveFatalReject]
            case .closing: [.open, .up, .close]
            case .stopping: opened + [.receiveTerminateRequest]
            case .reqSent: [.open, .up]
            case .ackRcvd: [.open, .up, .receiveConfigureAck]
            case .ackSent: [.open, .up, .receiveGoodConfigureRequest]
            case .opened: opened
            }
        var automaton = Automaton(restart: RestartConfiguration())
        for event in path { _ = automaton.handle(event, at: .beginning) }
        #expect(automaton.state == state)
        return automaton
    }
}
