import MailQueue
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

    /// Reads a configuration file.
    /// - Parameters:
    ///   - path: the file.
    ///   - overrides: values set from outside, each as `store=/srv/mail`; the last one of a path counts.
    /// - Throws: ``ConfigurationError`` with everything that is wrong.
    public init(loading path: String, overrides: [String] = []) throws(ConfigurationError) {
        var findings = Findings()
        let folder = FileReader.folder(of: path)
        guard let root = ServiceConfiguration.tree(path, folder, overrides, &findings) else {
            throw ConfigurationError(diagnostics: findings.diagnostics)
        }
        var check = SchemaCheck(findings: findings)
        let tree = check.completed(root, as: ServiceKeys.service)
        var builder = ServiceBuilder(findings: check.findings, folder: folder)
        guard let configuration = builder.build(tree) else {
            throw ConfigurationError(diagnostics: builder.findings.diagnostics)
        }
        self = configuration
    }

    init(plan: MailService.Plan, logFormat: LogFormat, logLevel: String) {
        self.plan = plan
        self.logFormat = logFormat
        self.logLevel = logLevel
    }

    private static func tree(
        _ path: String, _ folder: String, _ overrides: [String], _ findings: inout Findings
    ) -> SourceNode? {
        do throws(Problem) {
            let octets = try FileReader.octets(of: path, limit: FileReader.largestScenario)
            guard let text = String(validating: octets, as: UTF8.self) else {
                throw Problem("not UTF-8", expected: "YAML in UTF-8")
            }
            let source = findings.add(SourceText(name: path, folder: "", isOverride: false, text: text))
            guard var root = YAMLReader.read(text, source: source, findings: &findings) else { return nil }
            for text in overrides { Override.apply(text, to: &root, findings: &findings) }
            return findings.isEmpty ? root : nil
        } catch {
            let source = findings.add(SourceText(name: path, folder: "", isOverride: false, text: ""))
            findings.report(
                error.problem, at: Place(source: source, line: 0, column: 0), path: "", expected: error.expected)
            return nil
        }
    }
}
