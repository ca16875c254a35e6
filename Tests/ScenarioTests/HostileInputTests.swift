import Foundation
import Source
import TestSupport
import Testing
import Timebase

@testable import Scenario

/// Whatever a file holds, it is a scenario or it is refused: nothing traps, nothing takes long.
struct HostileInputTests {
    private static let text = """
        begins: 1999-03-01T08:00:00Z
        server:
          name: mail.isp.example
          address: 192.0.2.25
          ras:
            number: 555-0100
            users: {a: {count: 2, password: &p "x", address: 10.0.0.1, domains: ["a{n}.example"]}}
          queue: {retry: [15m, 1h]}
        clients:
          a: {count: 2, domains: ["a{n}.example"], dials: {number: 555-0100, user: "a-{n}", password: *p}}
        mail: [{for: a*.example, messages: 2, size: 4KiB..64KiB, at: +2m}]
        happens:
          - {at: +0s..5m, a-*: dial}
          - {when: a-1.link.up, count: 2, after: 9s, do: {drop-carrier: a-2}}
          - {at: "08:20", server: {set: {DisableETRN: 1}}}
        expects: [{flush: a1.example, messages: 2}, {reply: a-*, to: ETRN, is: 253}, {lost: 0}]

        """

    @Test func `every beginning of a file is taken or refused`() throws {
        let octets = Array(HostileInputTests.text.utf8)
        for length in 0..<octets.count {
            do throws(ScenarioError) {
                _ = try Scenario(Array(octets[..<length]), path: "cut.yaml")
            } catch {
                #expect(!error.diagnostics.isEmpty)
            }
        }
        _ = try Scenario(octets, path: "whole.yaml")
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>) func `mutations of a scenario are taken or refused`(seed: UInt64) {
        var luck = RandomStream(seed: seed, thing: "scenario", purpose: "mutations")
        let octets = Array(HostileInputTests.text.utf8)
        var refused = 0
        let count = Mutations.count(3_200) / 8
        for _ in 0..<count {
            do throws(ScenarioError) {
                _ = try Scenario(HostileInputTests.mutated(octets, &luck), path: "mutated.yaml")
            } catch {
                refused += error.description.isEmpty ? 0 : 1
            }
        }
        #expect(refused > count / 2 && refused < count)
    }

    // The octets alone, without what they mean: a tree of nodes, or the reason why there is none.
    @Test(arguments: 1...4 as ClosedRange<UInt64>) func `mutations of YAML are a tree or refused`(
        seed: UInt64
    ) {
        var luck = RandomStream(seed: seed, thing: "YAML", purpose: "mutations")
        let octets = Array("a: &p \"x\"\nb: [*p, {c: 1..2m}]".utf8)
        var refused = 0
        let count = Mutations.count(20_000) / 4
        for _ in 0..<count {
            var file = ScenarioFile(mainFolder: "")
            let tree = file.read(HostileInputTests.mutated(octets, &luck), path: "mutated.yaml", overrides: [])
            if tree != nil { continue }
            refused += 1
            if file.findings.diagnostics.isEmpty { Issue.record("refused without a reason") }
        }
        #expect(refused > count / 2 && refused < count * 49 / 50)
    }

    private static func mutated(_ octets: [UInt8], _ luck: inout RandomStream) -> [UInt8] {
        let pieces = [
            "*p", "&p ", "{", "}", "[", "]", ": ", "\n", "- ", "\"", "999999999999", "-1", "..", "{n}", "~", "!!",
        ]
        var mutated = octets
        for _ in 0..<luck.uniform(in: 1...3) {
            let index = Int(luck.uniform(in: 0...Int64(mutated.count - 1)))
            switch luck.uniform(in: 0...3) {
            case 0: mutated[index] = UInt8(luck.uniform(in: 0...255))
            case 1: mutated.remove(at: index)
            case 2: mutated.insert(contentsOf: Array(pieces[Int(luck.uniform(in: 0...15))].utf8), at: index)
            default:
                let end = min(mutated.count, index + Int(luck.uniform(in: 1...40)))
                let other = Int(luck.uniform(in: 0...Int64(mutated.count)))
                mutated.insert(contentsOf: Array(mutated[index..<end]), at: other)
            }
        }
        return mutated
    }

    @Test(arguments: [
        String(repeating: "[", count: 100_000), String(repeating: "{a: ", count: 2_000),
        String(repeating: "- ", count: 2_000) + "a", "? " + String(repeating: "[", count: 900),
        "a: &a [*a, *a]", "a: *a", "&a a: *a", "*", "&", "!", "%YAML 1.1\n---\na: 1", "--- a\n...\nb", "\"\\uE000\"",
        "\"\\u0000\": \"\\u0000\"", "a\rb: 1", "\u{2028}", "\u{85}", "'", "|", ">\n", "a: |\n  *b\n", "#", "...",
        "{a: 1, a: 1, a: 1}", "[a]: 1\n[a]: 2\n", "\"a\": 1\n'a': 2\n", "é: 1\né: 2\n", "1: 1\n1: 2\n",
    ])
    func `odd YAML is refused`(text: String) {
        #expect(!Office.refusal(of: text).isEmpty)
    }

    // Time that grew with the square of the keys would be minutes here.
    @Test(.timeLimit(.minutes(1))) func `forty thousand keys are read in no time`() {
        let text = (0..<40_000).map { "key-\($0): 1\n" }.joined()
        #expect(Office.refusal(of: text).count == Findings.limit + 1)
    }

    // What each of these entries means would take 400 KB, all of them together four gigabytes.
    @Test(.timeLimit(.minutes(1))) func `many entries that each mean a large group are refused`() {
        let group = Office.shops.replacing("count: 3", with: "count: 50000").replacing("10.0.0.254", with: "10.0.0.1")
        let happens = "happens:\n" + String(repeating: "  - {at: +1s, shop-*: dial}\n", count: 10_000)
        let refusals = Office.refusal(of: group + happens)
        #expect(refusals.count == 1)
        #expect(refusals.first?.hasSuffix("too many hosts and domains are meant") == true)
        let mail = (1...10_000).map { "  - {for: shop-\($0).example, messages: 1}\n" }.joined()
        #expect(Office.refusal(of: group + "mail:\n" + mail) == [])
    }

    @Test func `aliases as keys do not explode`() {
        var text = "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
        for (one, next) in zip("abcdefgh", "bcdefghi") {
            text += "\(next): &\(next) [" + Array(repeating: "*\(one)", count: 10).joined(separator: ", ") + "]\n"
        }
        text += "? *i\n: 1\n? *i\n: 2\n"
        let refusals = Office.refusal(of: text)
        #expect(refusals.count == 1)
        #expect(refusals.first?.hasSuffix("too many values") == true)
    }
}
