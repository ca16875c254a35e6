import Testing

/// Reads the sources of the package and holds them against the house's rules.
struct TidyTests {
    private let files: PackageFiles

    init() throws { files = try PackageFiles.shared.get() }

    @Test func `the sources were found`() {
        #expect(files.sources.contains { $0.path == "Tests/TidyTests/TidyTests.swift" })
        #expect(files.sources.contains { $0.path == "Sources/Timebase/Instant.swift" })
        #expect(files.manifest.targets.contains { $0.name == "Timebase" })
    }

    @Test func `every room imports only what the house plan lets it`() {
        #expect(files.sources.flatMap(ImportRule.findings) == [])
    }

    @Test func `the manifest declares exactly what each target imports`() {
        #expect(ImportRule.findings(in: files.manifest, files: files.sources) == [])
    }

    @Test func `no clock, no luck, no task and no output below the worlds`() {
        #expect(files.sources.flatMap(BannedWordRule.findings) == [])
    }

    @Test func `nothing that ships is done by force`() {
        #expect(files.sources.flatMap(ForceRule.findings) == [])
    }

    @Test func `files, functions and lines stay short and code stays shallow`() {
        #expect(files.sources.flatMap(LimitRule.findings) == [])
    }

    @Test func `no dictionary or set is walked below the worlds`() {
        #expect(IterationRule.findings(in: files.sources) == [])
    }

    @Test func `every row of a conformance table names a test that exists`() {
        let tests = ConformanceRule.tests(in: files.sources) + files.transcripts
        #expect(files.conformance.flatMap { ConformanceRule.findings(in: $0, tests: tests) } == [])
    }

    @Test(arguments: HousePlan.protocols)
    func `every room of protocols has its conformance table`(room: String) {
        #expect(files.conformance.contains { $0.path == "Sources/\(room)/Conformance.md" })
    }

    @Test func `no comment promises work that is not done`() {
        #expect(files.sources.flatMap(LeftoverRule.findings) == [])
    }
}
