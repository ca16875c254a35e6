import Testing

/// Every rule can fail: it catches what is planted here, and lets the innocent neighbour pass.
struct RuleTests {
    private func source(_ text: String, in path: String = "Sources/Simulation/World.swift") -> SourceFile {
        SourceFile(path: path, text: text)
    }

    private func complaints(_ findings: [Finding]) -> [String] { findings.map(\.complaint) }

    @Test func `an import that the house plan forbids is caught`() {
        let file = source("import Timebase\npublic import struct Foundation.Data\n", in: "Sources/Wire/Frame.swift")
        #expect(
            ImportRule.findings(in: file).map(\.description) == [
                "Sources/Wire/Frame.swift:1: Wire may not import Timebase",
                "Sources/Wire/Frame.swift:2: Wire may not import Foundation",
            ])
        #expect(complaints(ImportRule.findings(in: source("", in: "Sources/Utils/A.swift"))).count == 1)
        #expect(ImportRule.findings(in: source("import Timebase", in: "Sources/PPP/LCP.swift")) == [])
    }

    @Test func `a manifest that declares too much or too little is caught`() {
        let manifest = Manifest(
            source(
                """
                func room(_ name: String, on: [String]) -> Target { .target(name: name) }
                let targets = [
                    room("PPP", on: ["Timebase", .product(name: "Yams", package: "yams")]),
                    tests("PPPTests", on: []),
                    .executableTarget(name: "ringback", dependencies: ["PPP"]),
                ]
                """, in: "Package.swift"))
        #expect(manifest.targets.map(\.name) == ["PPP", "PPPTests", "ringback"])
        #expect(manifest.targets.map(\.dependencies) == [["Timebase", "Yams"], [], ["PPP"]])
        let files = [
            source("import Yams\nimport Wire", in: "Sources/PPP/LCP.swift"),
            source("import Testing", in: "Tests/PPPTests/LCPTests.swift"),
            source("import PPP\nimport Foundation", in: "Sources/ringback/Command.swift"),
        ]
        #expect(
            complaints(ImportRule.findings(in: manifest, files: files)) == [
                "PPP imports Wire undeclared", "PPP never imports its Timebase",
            ])
    }

    @Test(arguments: [
        "let now = Date()", "let id = UUID()", "let now = ContinuousClock().now", "let x = Int.random(in: 1...2)",
        "list.shuffled()", "func run() async {}", "Task { }", "print(x)", "a.hashValue", "let x = \"\\(Date())\"",
        "var generator = SystemRandomNumberGenerator()", "struct A: @unchecked Sendable {}",
    ])
    func `a clock, luck, a task and output below the worlds are caught`(line: String) {
        #expect(BannedWordRule.findings(in: source(line)).count == 1)
        #expect(BannedWordRule.findings(in: source(line, in: "Sources/ringback/Run.swift")) == [])
        #expect(BannedWordRule.findings(in: source("// \(line)")) == [])
    }

    @Test func `a name that only contains a banned word passes`() {
        #expect(BannedWordRule.findings(in: source("let date = CalendarDate(random: printed, luck.random)")) == [])
    }

    @Test(arguments: ["a!", "a!.b", "f()!", "a[1]!", "try! f()", "a as! B", "let x: Int!", "a?.b!", "\"\\(a!)\""])
    func `force is caught`(line: String) {
        #expect(ForceRule.findings(in: source(line)).count == 1)
        #expect(ForceRule.findings(in: source(line, in: "Tests/ATests/ATests.swift")) == [])
    }

    @Test(arguments: ["a != b", "a!=b", "!a", "(!a)", "return !a", "\"a!\"", "// a!"])
    func `an exclamation mark that forces nothing passes`(line: String) {
        #expect(ForceRule.findings(in: source(line)) == [])
    }

    @Test func `a long file is caught, a test may be longer`() {
        let text = String(repeating: "\n", count: 501)
        #expect(complaints(LimitRule.findings(in: source(text))) == ["501 lines in one file"])
        #expect(LimitRule.findings(in: source(text, in: "Tests/ATests/ATests.swift")) == [])
        #expect(LimitRule.findings(in: source(String(repeating: "\n", count: 500))) == [])
    }

    @Test func `a long line is caught by its characters, not its octets`() {
        #expect(complaints(LimitRule.findings(in: source(String(repeating: "é", count: 121)))) == ["121 columns"])
        #expect(LimitRule.findings(in: source(String(repeating: "é", count: 120))) == [])
    }

    @Test(arguments: ["func f(a: () -> Int = { 1 })", "init?<A>(_ a: A) where A: B", "var x: [Int]", "deinit"])
    func `a long function is caught`(declaration: String) {
        let body = { (lines: Int) in
            "struct A {\n\(declaration) {\n" + String(repeating: "a()\n", count: lines) + "}\n}"
        }
        #expect(complaints(LimitRule.findings(in: source(body(69)))) == ["71 lines in one function"])
        #expect(LimitRule.findings(in: source(body(68))) == [])
    }

    @Test func `an RFC's table may be one long function`() {
        let text = "func f() {\n" + String(repeating: "a()\n", count: 700) + "}"
        #expect(LimitRule.findings(in: source(text, in: "Sources/PPP/Automaton+Table.swift")) == [])
        #expect(LimitRule.findings(in: source(text, in: "Sources/PPP/Automaton+Cells.swift")).count == 2)
    }

    @Test func `deep nesting is caught`() {
        let nested = { (depth: Int) in
            "func f() { " + String(repeating: "if a { ", count: depth) + String(repeating: "} ", count: depth) + "}"
        }
        #expect(complaints(LimitRule.findings(in: source(nested(5)))) == ["nested deeper than 4"])
        #expect(LimitRule.findings(in: source(nested(4))) == [])
    }

    @Test(arguments: [
        "var a: [Int: B]\nfor (key, value) in a {}", "let a: Set<Int>\nfor x in self.a where x > 1 {}",
        "var a = [\"x\": 1]\nb = a.map { $0 }", "var a = Set<Int>()\nb = Array(a)",
        "func f(a: inout Dictionary<Int, B>) { a.values.forEach(g) }", "var a: [B: C] = [:]\nb = a.keys.sorted()",
    ])
    func `a walk over a dictionary or set is caught`(text: String) {
        #expect(complaints(IterationRule.findings(in: [source(text)])) == ["walks a, which has no order"])
        #expect(IterationRule.findings(in: [source(text, in: "Sources/Report/A.swift")]) == [])
    }

    @Test func `a walk in an extension's file is caught`() {
        let files = [
            source("var a: [Int: B]", in: "Sources/PPP/LCP.swift"),
            source("for x in a {}", in: "Sources/PPP/LCP+Options.swift"),
            source("for x in a {}", in: "Sources/PPP/IPCP.swift"),
        ]
        #expect(IterationRule.findings(in: files).map(\.path) == ["Sources/PPP/LCP+Options.swift"])
    }

    @Test(arguments: [
        "var a: [Int]\nfor x in a {}", "var a: [Int: B]\nb = a[1]", "let a = [b ? c : d]\nfor x in a {}",
        "var a: [(Int, B)]\na.map { $0 }", "var a: [Int: B]\nfor x in plan.a {}", "let a: Set = [1]\nb = a.contains(1)",
    ])
    func `what is in order or only looked up passes`(text: String) {
        #expect(IterationRule.findings(in: [source(text)]) == [])
    }

    @Test func `a conformance row without its test is caught`() {
        let table = ConformanceTable(
            path: "Sources/PPP/Conformance.md",
            text: """
                | Requirement | Source | Test |
                | --- | :-: | --- |
                | MUST ack | RFC 1661 §5.2 | `an ack is sent` |
                | MUST nak | RFC 1661 §5.3 | `a nak is sent`, `an ack is sent`, `echo.txt` |
                | SHOULD wait | RFC 1661 §4.6 | by reading |

                Not supported: LQR.
                """)
        let tests = source("@Test func `an ack is sent`() {}", in: "Tests/PPPTests/LCPTests.swift")
        #expect(
            ConformanceRule.findings(in: table, tests: ["echo.txt"] + ConformanceRule.tests(in: [tests]))
                .map(\.description) == [
                    "Sources/PPP/Conformance.md:4: no test is called a nak is sent",
                    "Sources/PPP/Conformance.md:5: names no test",
                ])
    }

    @Test func `a conformance file without a table is caught`() {
        let table = ConformanceTable(path: "Sources/PPP/Conformance.md", text: "# PPP\n")
        #expect(ConformanceRule.findings(in: table, tests: []).count == 1)
    }

    @Test(arguments: ["// TODO: mend", "/* FIXME */", "let a = 1  // HACK"])
    func `a left-over is caught`(line: String) {
        #expect(LeftoverRule.findings(in: source(line)).count == 1)
        #expect(LeftoverRule.findings(in: source("let a = \"TODO\"")) == [])
    }
}
