import Foundation
import Source

/// The service's configuration, read and checked.
public struct ServiceConfiguration: Sendable {
    /// How lines of the log are written.
    public enum LogFormat: String, Hashable, Sendable {
        /// For people.
        case text
        /// One JSON object each.
        case json
    }

    /// What the service is made of.
    public let plan: MailService.Plan
    /// How the log is written.
    public let logFormat: LogFormat
    /// The least important level of the log that is written: info, notice, warning or error.
    public let logLevel: String

    /// The file's text, what was set from outside, and the registry file's content: what a journal begins with.
    let text: String
    let overrides: [String]
    /// Where it was read.
    let path: String
    let registry: Data?

    /// Reads a configuration file.
    /// - Parameters:
    ///   - path: the file.
    ///   - overrides: values set from outside, each as `store=/srv/mail`; the last one of a path counts.
    /// - Throws: ``ConfigurationError`` with everything that is wrong.
    public init(loading path: String, overrides: [String] = []) throws(ConfigurationError) {
        var findings = Findings()
        let folder = FileReader.folder(of: path)
        guard let (text, root) = ServiceConfiguration.tree(path, overrides, &findings) else {
            throw ConfigurationError(diagnostics: findings.diagnostics)
        }
        var check = SchemaCheck(findings: findings)
        let tree = check.completed(root, as: ServiceKeys.service)
        var builder = ServiceBuilder(findings: check.findings, folder: folder)
        guard let plan = builder.build(tree), let format = tree["log"]?["format"]?.text.flatMap(LogFormat.init),
            let level = tree["log"]?["level"]?.text
        else { throw ConfigurationError(diagnostics: builder.findings.diagnostics) }
        self.plan = plan
        self.text = text
        self.overrides = overrides
        self.path = path
        logFormat = format
        logLevel = level
        registry = tree["registry"]?.text.flatMap {
            try? Data(FileReader.octets(of: FileReader.path($0, in: folder), limit: FileReader.largestScenario))
        }
    }

    /// A configuration as a journal holds it.
    init(text: String, overrides: [String], registry: Data?) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("ringback.yaml")
        try Data(text.utf8).write(to: path)
        var overrides = overrides
        if let registry {
            try registry.write(to: folder.appendingPathComponent("registry.reg"))
            overrides.append("registry=registry.reg")
        }
        try self.init(loading: path.path, overrides: overrides)
    }

    private static func tree(
        _ path: String, _ overrides: [String], _ findings: inout Findings
    ) -> (text: String, root: SourceNode)? {
        do throws(Problem) {
            let octets = try FileReader.octets(of: path, limit: FileReader.largestScenario)
            guard let text = String(validating: octets, as: UTF8.self) else {
                throw Problem("not UTF-8", expected: "YAML in UTF-8")
            }
            let source = findings.add(SourceText(name: path, folder: "", isOverride: false, text: text))
            guard var root = YAMLReader.read(text, source: source, findings: &findings) else { return nil }
            for text in overrides { Override.apply(text, to: &root, findings: &findings) }
            return findings.isEmpty ? (text, root) : nil
        } catch {
            let source = findings.add(SourceText(name: path, folder: "", isOverride: false, text: ""))
            findings.report(
                error.problem, at: Place(source: source, line: 0, column: 0), path: "", expected: error.expected)
            return nil
        }
    }
}
