import Foundation
import Simulation
import Source
import Testing

@testable import Scenario

/// The table of keys against the loader, the JSON Schema and the explained scenario.
struct SchemaTests {
    private struct Spot: CustomStringConvertible {
        var path: String
        var section: Section
        var description: String { path }
    }

    // Every section of the table with the path at which it stands.
    private static func sections(of shape: Shape, path: String) -> [Spot] {
        switch shape {
        case .scalar: []
        case .section(let section):
            [Spot(path: path, section: section)]
                + section.keys.flatMap { sections(of: $0.shape, path: path.isEmpty ? $0.name : "\(path).\($0.name)") }
                + (section.hosts.map { sections(of: $0, path: "\(path).HOST") } ?? [])
        case .names(let names): sections(of: names.value, path: "\(path).NAME")
        case .list(let element, _): sections(of: element, path: "\(path)[]")
        case .variants(let variants): variants.flatMap { sections(of: .section($0), path: path) }
        case .either(_, let mapping, let list):
            [mapping, list].compactMap(\.self).flatMap { sections(of: $0, path: path) }
        }
    }

    @Test func `each key is taken and no other`() {
        for place in SchemaTests.sections(of: .section(Schema.scenario), path: "") {
            var findings = Findings()
            let source = findings.add(SourceText(name: "all", folder: "", isOverride: false, text: ""))
            let nowhere = Place(source: source, line: 1, column: 1)
            func pair(_ key: String) -> SourceNode.Pair {
                SourceNode.Pair(key: key, keyPlace: nowhere, value: SourceNode(content: .refused, place: nowhere))
            }
            let names = place.section.keys.map(\.name) + ["no-such-key"]
            var check = SchemaCheck(findings: findings)
            _ = check.completed(
                SourceNode(content: .mapping(names.map(pair)), place: nowhere), as: place.section)
            let unknown = check.findings.diagnostics.filter { $0.problem == "unknown key" }.map(\.path)
            #expect(unknown == (place.section.hosts == nil ? ["no-such-key"] : []), "\(place)")
            let later = check.findings.diagnostics.filter { $0.problem.hasSuffix("is not supported yet") }.map(\.path)
            #expect(later == place.section.keys.filter { !$0.isUsable }.map(\.name), "\(place)")
        }
    }

    @Test func `each key has a sentence`() {
        for place in SchemaTests.sections(of: .section(Schema.scenario), path: "") {
            for key in place.section.keys { #expect(key.doc.hasSuffix("."), "\(place).\(key.name)") }
        }
    }

    @Test func `each default is what its own key takes`() {
        for place in SchemaTests.sections(of: .section(Schema.scenario), path: "") {
            for key in place.section.keys {
                guard let standing = key.standing else { continue }
                var findings = Findings()
                _ = findings.add(SourceText(name: "default", folder: "", isOverride: false, text: ""))
                var check = SchemaCheck(findings: findings)
                _ = check.completed(standing, as: key.shape, path: key.name)
                #expect(check.findings.isEmpty, "\(place).\(key.name)")
            }
        }
    }

    @Test func `the JSON Schema has each key of the table`() throws {
        let json = try JSONSerialization.jsonObject(with: Data(Scenario.schemaJSON.utf8))
        let root = try #require(json as? [String: Any])
        #expect(root["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
        let properties = try #require(root["properties"] as? [String: Any])
        #expect(properties.keys.sorted() == Schema.scenario.keys.map(\.name).sorted())
        let server = try #require(properties["server"] as? [String: Any])
        let ofServer = try #require(server["properties"] as? [String: Any])
        #expect(ofServer.keys.sorted() == Schema.server.keys.filter(\.isUsable).map(\.name).sorted())
        #expect(server["additionalProperties"] as? Bool == false)
    }

    private static let rich =
        Office.shops + #"""
            title: "Odd: # text, with \"quotes\" and \\"
            exchange: {setup: {one-of: {2s: 3, 4s: 1}}, answer: {normal: [2s, 500ms]}}
            mail:
              - {for: shop-*.example, messages: 3, size: {normal: [8KiB, 2KiB]}, every: 10s}
            happens:
              - {at: +0s..10m, shop-*: dial}
              - {when: shop-*.link.down, count: 3, where: {reason: "peer: done"}, after: 5s, branch: dial}
              - {at: +5m, server: {set: {DisableETRN: dword:1}}}
              - {at: "01:00", do: {hang-up: branch}}
            lasts: 2h
            expects:
              - {reply: branch, to: ETRN, is: [253, 502]}
              - {event: shop-*.modem.busy, where: {number: "555-0100"}, at-least: 1, at-most: 9}
              - {packets: "tcp port 25 and tcp[tcpflags] & tcp-rst != 0", count: 0}
            """#

    static let loadable = [Office.plain, Office.shops, SchemaTests.rich]

    @Test(arguments: loadable) func `an explained scenario loads to the same plan`(text: String) throws {
        let scenario = try Office.scenario(text)
        let explained = scenario.explain()
        let again = try Office.scenario(explained)
        #expect("\(again.plan)" == "\(scenario.plan)")
        #expect(again.expectations.map { "\($0.check)" } == scenario.expectations.map { "\($0.check)" })
        #expect(again.explain() == explained.replacing("  # default", with: ""))
    }

    @Test func `what was filled in is marked`() throws {
        let lines = try Office.scenario(Office.plain).explain().split(separator: "\n")
        #expect(lines.contains("lasts: 1h  # default"))
        #expect(lines.contains("    modem: v34  # default"))
        #expect(lines.contains("      - 15m  # default"))
        #expect(lines.contains("  name: mail.isp.example"))
    }
}
