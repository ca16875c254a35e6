import Events
import Foundation
import MailQueue
import SMTP
import Simulation
import Source
import Telephony
import Testing
import Timebase
import Wire

@testable import Scenario

struct ScenarioTests {
    // Everything that the language has and that has machinery behind it.
    private static let story = #"""
        title: A branch office collects its mail over a 33.6k line
        seed: 1985
        begins: 1999-03-01T08:00:00Z      # virtual calendar
        lasts: 30m
        exchange: {setup: 2s..6s, answer: {normal: [2s, 500ms]}}
        server:
          name: mail.isp.example
          address: 192.0.2.25
          ras:
            number: 555-0100
            ports: 4                      # hunt group
            modem: {profile: v34, rate: 28800}
            authentication: [chap, pap]
            users:
              branch: {password: dialtone, address: 192.0.2.130, domains: [branch.example]}
            idle-disconnect: 5m
          queue: {retry: [15m, 30m, 1h, 4h], lifetime: 2d}
          routes: {branch.example: 192.0.2.131}
          registry:
            HKLM\System\CurrentControlSet\Services\MSExchangeIMC\Parameters:
              DisableETRN: dword:0
        clients:
          branch:
            domains: [branch.example]
            modem: v90
            dials: {number: 555-0100, user: branch, password: dialtone, redial: {attempts: 3, pause: 60s}}
            retrieves: etrn
            hangs-up: {after-idle: 60s}
        mail:
          - {for: branch.example, messages: 12, size: 4KiB..64KiB}
          - {for: branch.example, files: letters/good.eml, at: +2m}
          - {for: branch.example, messages: 20, every: 30s, size: 2KiB, via: queue}
        happens:
          - {at: +5m, branch: dial}
          - {when: branch.flush.delivered, count: 7, do: {drop-carrier: branch}}
          - {when: branch.link.down, after: 90s, branch: dial}
          - {when: branch.etrn.answered, where: {reply-code: 253}, do: {route: {branch.example: 192.0.2.130}}}
          - {at: "08:20", server: {set: {DisableETRN: 1}}}
          - {at: 1999-03-01T08:25:00Z, branch: hang-up}
        expects:
          - {flush: branch.example, completes-within: 4m, messages: 12, duplicates: 0}
          - {first-message: branch.example, within: 45s, of: branch.etrn.sent}
          - {call: branch, connects-within: 40s, online-at-most: 6m}
          - {reply: branch, to: ETRN, is: 253}
          - {packets: "tcp port 25 and tcp[tcpflags] & tcp-rst != 0", count: 0}
          - {event: server.queue.expired, count: 0}
          - {lost: 0}
        """#

    private func load() throws -> Scenario {
        let path = Office.folder.appending(path: "Refused/story.yaml").path
        return try Scenario(Array(ScenarioTests.story.utf8), path: path)
    }

    @Test func `the story becomes a plan`() throws {
        let plan = try load().plan
        #expect(plan.title == "A branch office collects its mail over a 33.6k line")
        #expect(plan.seed == 1985)
        #expect("\(plan.begins)" == "1999-03-01T08:00:00Z")
        #expect(plan.lasts == .minutes(30))
        #expect(plan.exchange.setup == .uniform(2_000_000_000...6_000_000_000))
        #expect(plan.exchange.answer == .normal(mean: 2_000_000_000, deviation: 500_000_000))
        #expect(plan.server.ras.modem.rateToCaller == .fixed(28_800))
        #expect(plan.server.ras.authentication == [.chap, .pap])
        #expect(plan.server.ras.idleDisconnect == .minutes(5))
        #expect(plan.server.queue.retry.pauses == [.minutes(15), .minutes(30), .hours(1), .hours(4)])
        #expect(plan.server.queue.onDemandDomains.map(\.spelling) == ["branch.example"])
        #expect(plan.server.routes.map { "\($0.domain) \($0.address)" } == ["branch.example 192.0.2.131"])
        #expect(plan.clients.map(\.name) == ["branch"])
        #expect(plan.clients.first?.modem.name == "v90")
        #expect(plan.clients.first?.hangsUp == .afterIdle(.seconds(60)))
        #expect(plan.clients.first?.dials.attempts == 3)
    }

    @Test func `mail is generated or read`() throws {
        let mail = try load().plan.mail
        #expect(mail.count == 3)
        guard case .generated(messages: 12, size: .uniform(4_096...65_536)) = mail[0].source else {
            return #expect(Bool(false))
        }
        guard case .contents(let contents) = mail[1].source else { return #expect(Bool(false)) }
        #expect(contents.count == 1)
        #expect(contents.first?.starts(with: Array("From: chief@isp.example\r\n".utf8)) == true)
        #expect(mail[1].at == .beginning + .minutes(2))
        #expect(mail[2].every == .seconds(30))
    }

    @Test func `what happens is triggered and done`() throws {
        let script = try load().plan.script.map { "\($0.trigger) \($0.deed)" }
        #expect(script.count == 6)
        #expect(script[0].contains("fixed(300000000000)") && script[0].contains("dial([0])"))
        #expect(script[1].contains("flushDelivered") && script[1].contains("dropCarrier([0])"))
        #expect(script[2].contains("linkDown") && script[2].contains("1m30s"))
        #expect(script[3].contains("reply-code") && script[3].contains("192.0.2.130"))
        #expect(script[4].contains("fixed(1200000000000)") && script[4].contains("setDisableETRN(true)"))
        #expect(script[5].contains("fixed(1500000000000)") && script[5].contains("hangUp([0])"))
    }

    @Test func `an entry with several limits is several expectations, each with its place`() throws {
        let expectations = try load().expectations
        #expect(
            expectations.map(\.text) == [
                "the flush of branch.example completes within 4m", "the flush of branch.example delivers 12 messages",
                "the flush of branch.example stores no duplicate",
                "the first message for branch.example is stored within 45s of branch.etrn.sent",
                "a call of branch connects within 40s", "no call of branch is online longer than 6m",
                "every reply to ETRN of branch is 253",
                "no packet of `tcp port 25 and tcp[tcpflags] & tcp-rst != 0`",
                "no event server.queue.expired", "no message lost",
            ])
        #expect(expectations.map { $0.place.split(separator: "/").last ?? "" }.first == "story.yaml:41:47")
    }

    @Test func `what is left out has the defaults of the field`() throws {
        let plan = try Office.scenario(Office.plain).plan
        #expect(plan.title == "Untitled")
        #expect(plan.seed == 1)
        #expect("\(plan.begins)" == "2000-01-01T00:00:00Z")
        #expect(plan.lasts == .hours(1))
        #expect(plan.exchange == .init())
        #expect(plan.server.ras.ports == 1)
        #expect(plan.server.ras.modem == .v34)
        #expect(plan.server.ras.idleDisconnect == nil)
        var queue = plan.server.queue
        queue.onDemandDomains = []
        #expect(queue == .init())
        #expect(plan.clients.first?.retrieves == .etrn)
        #expect(plan.clients.first?.hangsUp == .whenFlushed)
        #expect(plan.clients.first?.dials.attempts == 1)
    }

    @Test(arguments: ["true", "false"]) func `the modems answer or let it ring`(word: String) throws {
        let text = Office.plain.replacing("    users:", with: "    auto-answer: \(word)\n    users:")
        #expect(try Office.scenario(text).plan.server.ras.autoAnswer == (word == "true"))
        #expect(try Office.scenario(Office.plain).plan.server.ras.autoAnswer)
        #expect(
            Office.refusal(of: text.replacing(word, with: "maybe")) == [
                "office.yaml:6:18: server.ras.auto-answer: no such choice"
            ])
    }

    @Test func `a group has names, users, domains and addresses of its own`() throws {
        let plan = try Office.scenario(
            Office.shops + "mail: [{for: shop-*.example, messages: 2}]\nhappens: [{at: +0s..30m, shop-*: dial}]\n"
        ).plan
        #expect(plan.clients.map(\.name) == ["shop-1", "shop-2", "shop-3", "branch"])
        #expect(plan.clients.map(\.dials.user) == ["shop-1", "shop-2", "shop-3", "branch"])
        #expect(
            plan.server.ras.users.map { "\($0.name) \($0.address?.description ?? "-") \($0.domains)" } == [
                "shop-1 10.0.0.254 [shop-1.example]", "shop-2 10.0.0.255 [shop-2.example]",
                "shop-3 10.0.1.0 [shop-3.example]", "branch 192.0.2.130 [branch.example]",
            ])
        #expect(plan.mail.map(\.domain.spelling) == ["shop-1.example", "shop-2.example", "shop-3.example"])
        #expect(
            plan.script.map { "\($0)" }.first?.contains("uniform(ClosedRange(0...1800000000000))) deed") != nil)
        guard case .dial(let hosts)? = plan.script.first?.deed else { return #expect(Bool(false)) }
        #expect(hosts == [0, 1, 2])
    }

    @Test(arguments: ["shop-2", "shop-*", "shop"]) func `a name means one host or all of a group`(name: String) throws {
        let plan = try Office.scenario(Office.shops + "happens: [{at: +1m, do: {drop-carrier: \(name)}}]\n").plan
        guard case .dropCarrier(let hosts)? = plan.script.first?.deed else { return #expect(Bool(false)) }
        #expect(hosts == (name == "shop-2" ? [1] : [0, 1, 2]))
    }

    @Test func `an alias means what its anchor holds`() throws {
        let plan = try Office.scenario(
            Office.plain.replacing("password: dialtone, address", with: "password: &secret dialtone, address")
                .replacing("user: branch, password: dialtone", with: "user: branch, password: *secret")
        ).plan
        #expect(plan.clients.first?.dials.password == "dialtone")
    }

    @Test func `the text may come from Windows`() throws {
        let plan = try Office.scenario("\u{FEFF}" + Office.plain.replacing("\n", with: "\r\n")).plan
        #expect(plan.clients.map(\.name) == ["branch"])
    }

    static let examples = FileReader.names(in: examplesFolder.path).filter { $0.hasSuffix(".yaml") }
    private static let examplesFolder = Office.folder.deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Scenarios")

    @Test(arguments: examples) func `every scenario that comes with the program loads`(name: String) throws {
        let scenario = try Scenario(loading: ScenarioTests.examplesFolder.appending(path: name).path)
        #expect(name == "provider.yaml" || !scenario.expectations.isEmpty)
    }
}
