public import Simulation
import Source

/// A scenario that can be run: the plan of its world, and what must be true in the end.
public struct Scenario: Sendable {
    /// What the world is built from.
    public let plan: WorldPlan
    /// What must be true in the end.
    public let expectations: [Expectation]
    /// The file it came from, as it was named.
    public let fileName: String
    // Everything that was written, with every default filled in.
    let tree: SourceNode

    /// Loads a scenario file with all it includes and names.
    /// - Parameters:
    ///   - path: the file.
    ///   - overrides: values set from outside, each as `clients.branch.modem=v90`.
    /// - Throws: ``ScenarioError`` with everything that is wrong.
    public init(loading path: String, overrides: [String] = []) throws(ScenarioError) {
        let octets: [UInt8]
        do throws(Problem) {
            octets = try FileReader.octets(of: path, limit: FileReader.largestScenario)
        } catch {
            var file = ScenarioFile(mainFolder: FileReader.folder(of: path))
            file.report(error, path: path)
            throw ScenarioError(diagnostics: file.findings.diagnostics)
        }
        try self.init(octets, path: path, overrides: overrides)
    }

    /// Loads a scenario from octets that are at hand.
    /// - Parameters:
    ///   - octets: the file's content.
    ///   - path: what the file is called in diagnostics; its folder is where the files that it names are looked for.
    ///   - overrides: values set from outside, each as `clients.branch.modem=v90`.
    /// - Throws: ``ScenarioError`` with everything that is wrong.
    public init(_ octets: [UInt8], path: String, overrides: [String] = []) throws(ScenarioError) {
        let folder = FileReader.folder(of: path)
        var file = ScenarioFile(mainFolder: folder)
        guard let root = file.read(octets, path: path, overrides: overrides) else {
            throw ScenarioError(diagnostics: file.findings.diagnostics)
        }
        var check = SchemaCheck(findings: file.findings)
        let tree = check.completed(root, as: Schema.scenario)
        var builder = PlanBuilder(findings: check.findings, mainFolder: folder)
        guard let (plan, expectations) = builder.build(tree) else {
            throw ScenarioError(diagnostics: builder.findings.diagnostics)
        }
        self.plan = plan
        self.expectations = expectations
        self.tree = tree
        fileName = path
    }

    /// The `.reg` file that holds the server's registry; nil when that stands in the scenario itself.
    public var registryFile: String? {
        tree["server"]?["registry"]?.text.map { FileReader.path($0, in: FileReader.folder(of: fileName)) }
    }

    /// The JSON Schema (draft 2020-12) of scenario files.
    public static var schemaJSON: String { Schema.json() }
}
