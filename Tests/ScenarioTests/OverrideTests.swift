import MailQueue
import SMTP
import Simulation
import Telephony
import Testing
import Timebase
import Wire

@testable import Scenario

struct OverrideTests {
    private static let text = Office.plain + "mail: [{for: branch.example, messages: 1, size: 4KiB}]\n"

    @Test func `an override stands instead of what the file says`() throws {
        let plan = try Office.scenario(
            OverrideTests.text,
            overrides: [
                "clients.branch.modem=v90", "mail[0].messages=9", "server.queue.retry=[1m, 2m]", "seed=7",
                "server.routes.\"branch.example\"=192.0.2.9", "server.ras.idle-disconnect=3m", "title=a = b",
            ]
        ).plan
        #expect(plan.clients.first?.modem.name == "v90")
        guard case .generated(messages: 9, size: .fixed(4_096))? = plan.mail.first?.source else {
            return #expect(Bool(false))
        }
        #expect(plan.server.queue.retry.pauses == [.minutes(1), .minutes(2)])
        #expect(plan.seed == 7)
        #expect(plan.server.routes.map { "\($0.address)" } == ["192.0.2.9"])
        #expect(plan.server.ras.idleDisconnect == .minutes(3))
        #expect(plan.title == "a = b")
    }

    @Test(arguments: [
        ("clients.branch.modem=v91", "clients.branch.modem: no such choice"),
        ("clients.branch.modm=v90", "clients.branch.modm: unknown key"),
        ("clients.brnch.modem=v90", "clients.brnch.dials: `dials` is missing"),
        ("lasts=90", "lasts: the unit is missing"), ("lasts=", "lasts: not an interval"),
        ("mail[1].messages=2", ": `mail` has 1 elements, counted from 0; there is no 1"),
        ("mail.first=2", ": `mail` is not a mapping"), ("server[0]=2", ": `server` is not a list"),
        ("seed", ": not an override"), ("=5", ": not an override"), ("a..b=5", ": not an override"),
        ("mail[x]=5", ": not an override"), ("server.\"x=5", ": not an override"),
        ("include=other.yaml", ": `include` cannot be set"),
        (
            "title=[a",
            ": not YAML: did not find expected ',' or ']' (while parsing a flow sequence that begins on line 1)"
        ),
    ])
    func `an override is held against the same table`(override: String, refusal: String) {
        let refusals = Office.refusal(of: OverrideTests.text, overrides: [override])
        #expect(refusals.first?.hasPrefix("--set:1:") == true)
        #expect(refusals.first?.hasSuffix(refusal) == true, "\(refusals)")
    }

    @Test func `a caret points into the override`() {
        let error = #expect(throws: ScenarioError.self) {
            try Office.scenario(OverrideTests.text, overrides: ["clients.branch.modem=v91"])
        }
        #expect(
            error?.description == """
                --set: error: clients.branch.modem: no such choice
                      | clients.branch.modem=v91
                      |                      ^~~
                      = found: `v91`
                      = expected: one of v22bis, v32bis, v34, v90
                      = did you mean `v90`?
                """)
    }

    @Test func `a password of an override is starred out`() {
        let error = #expect(throws: ScenarioError.self) {
            try Office.scenario(OverrideTests.text, overrides: ["clients.branch.dials.password=[dialtone]"])
        }
        #expect(error?.description.contains("dialtone") == false)
    }
}
