import Events
import SMTP
import Testing
import Timebase

@testable import Scenario
@testable import Simulation

/// Client hosts against servers that speak like those that there were: what they get from each, and what it costs them.
struct ServerPersonalityRunTests {
    static let all = ServerPersonality.all.map(\.name)

    /// An office with mail for the first of its two domains, beside a depot that is online and does not ask.
    private static func office(
        _ personality: String, branch: String = "", mail: String = "{for: branch.example, messages: 2, size: 4KiB}",
        server: String = ""
    ) throws -> WorldRun {
        try Office.pair(
            server: "personality: \(personality)\n  \(server)", branch: branch,
            depot: "retrieves: nothing\n    hangs-up: {after: 15m}", mail: mail,
            happens: "[{at: +30s, depot: dial}, {at: +1m, branch: dial}]")
    }

    /// How each names its domain so that the server knows it.
    private static func asking(_ personality: String, _ domains: String...) -> String {
        let names = domains.map { personality == "exim" ? "\"#\($0)\"" : $0 }
        return "asks-for: [\(names.joined(separator: ", "))]"
    }

    private static let disabled =
        "registry: {'HKLM\\System\\CurrentControlSet\\Services\\MSExchangeIMC\\Parameters': {DisableETRN: dword:1}}"

    @Test(arguments: all) func `a host that asks for a domain with mail gets it in one call`(name: String) throws {
        let run = try Self.office(name, branch: Self.asking(name, "branch.example") + "\n    hangs-up: {after: 2m}")
        #expect(
            run.record.flushes.compactMap { $0.etrnAnswered == nil ? nil : $0.replyCode }.first.map { $0 / 100 } == 2)
        #expect(run.stored == (2, 0) && run.held == 0 && run.holds)
        #expect(run.texts(of: .etrnFailed).isEmpty && run.texts(of: .flushFailed).isEmpty)
    }

    @Test(arguments: all) func `a host's own mail goes out in the words of any server`(name: String) throws {
        let run = try Self.office(
            name, branch: "retrieves: nothing\n    hangs-up: {after: 2m}",
            mail: "{from: branch, for: depot.example, messages: 2, size: 3KiB}")
        #expect(run.texts(of: .submissionAccepted).count == 2 && run.held == 2)
    }

    /// What is said of a domain with mail and of one without, and whether the host hangs up knowing that all has come.
    static let twoDomains: [(name: String, codes: [Int], isToldAll: Bool)] = [
        ("generic", [253, 251], true), ("exchange-5.5", [253, 251], true), ("exchange-2000", [253, 251], true),
        ("sendmail-8", [250, 250], false), ("postfix", [250, 250], false), ("exim", [250, 250], false),
        ("indimail", [253, 250], false), ("hmailserver", [250, 250], false),
    ]

    @Test(arguments: twoDomains)
    func `a host that is told 250 of an empty queue waits for a connection that never comes`(
        name: String, codes: [Int], isToldAll: Bool
    ) throws {
        let run = try Self.office(name, branch: Self.asking(name, "branch.example", "quay.example"))
        #expect(run.replyCodes == codes)
        #expect(run.stored == (2, 0))
        #expect(run.texts(of: .retrievalComplete).isEmpty != isToldAll)
        let last = try #require(run.instants(of: .mailStored).last)
        let down = try #require(run.events.last { $0.happening.name == .linkDown && $0.host == "branch" }?.at)
        #expect(isToldAll ? down - last < .seconds(5) : down - last > .seconds(89))
    }

    @Test func `Exim refuses plain names with 501, so the host stops asking and its mail stays`() throws {
        let run = try Self.office("exim")
        #expect(run.replyCodes == [501])
        #expect(run.stored == (0, 0) && run.held == 2)
    }

    @Test func `Exim says 250 of any name, and nothing comes`() throws {
        let run = try Self.office("exim", branch: "asks-for: [\"#urgent\"]")
        #expect(run.replyCodes == [250])
        #expect(run.stored == (0, 0) && run.held == 2)
    }

    @Test func `hMailServer lists no ETRN, so fetchmail does not ask`() throws {
        let run = try Self.office("hmailserver", branch: "asks-like: fetchmail\n    hangs-up: {after: 1m}")
        #expect(run.texts(of: .etrnFailed).count == 1 && run.replyCodes.isEmpty)
        #expect(run.stored == (0, 0) && run.held == 2)
    }

    @Test func `hMailServer starts anybody's queue, and the mail goes to its own host`() throws {
        let run = try Self.office(
            "hmailserver", branch: "asks-for: [depot.example]", mail: "{for: depot.example, messages: 1, size: 4KiB}")
        #expect(run.replyCodes == [250])
        #expect(run.events.filter { $0.happening.name == .mailStored }.map(\.host) == ["depot"])
    }

    @Test(arguments: [("postfix", 459, 1), ("exim", 458, 11), ("sendmail-8", 502, 1), ("exchange-5.5", 502, 1)])
    func `ETRN that is switched off is refused in the server's way, and 458 is asked again in vain`(
        name: String, code: Int, count: Int
    ) throws {
        let run = try Self.office(
            name, branch: Self.asking(name, "branch.example"),
            server: Self.disabled)
        #expect(run.replyCodes == Array(repeating: code, count: count) && run.held == 2)
    }

    @Test func `Postfix lists ETRN when it is switched off, and even fetchmail asks in vain`() throws {
        let run = try Self.office(
            "postfix", branch: "asks-like: fetchmail",
            server: Self.disabled)
        #expect(run.replyCodes == [459] && run.held == 2)
    }

    @Test func `a host of ours reads a reply of two lines as one`() throws {
        let run = try Self.office("{faults: [answers-in-two-lines]}")
        #expect(run.replyCodes == [253, 251])
        #expect(run.stored == (2, 0) && !run.texts(of: .retrievalComplete).isEmpty)
    }

    @Test func `a host that asks until 251 gives up on a server that never says it`() throws {
        let run = try Self.office("postfix", branch: "retrieves: etrn-until-empty\n    asks-for: [branch.example]")
        #expect(run.replyCodes.allSatisfy { $0 == 250 })
        #expect(run.stored == (2, 0) && run.instants(of: .modemOnHook).count == 2)
    }
}

extension WorldRun {
    /// The codes of all replies to ETRN, in order.
    fileprivate var replyCodes: [Int] {
        events.compactMap { if case .etrnAnswered(_, let code, _) = $0.happening { code } else { nil } }
    }
}
