public import Foundation

/// A program of this machine that judges what we write.
///
/// It runs without personal settings, in UTC and in English, so that tests see the same on every machine.
public struct ExternalTool: Sendable {
    /// Why a tool said nothing.
    public enum Failure: Error, CustomStringConvertible {
        /// It is not installed.
        case missing(tool: String, package: String)
        /// It ended with another status than zero.
        case failed(tool: String, status: Int32, complaint: String)

        /// What happened, and what to do about it.
        public var description: String {
            switch self {
            case .missing(let tool, let package): "\(tool) is missing: apt-get install \(package)"
            case .failed(let tool, let status, let complaint): "\(tool) ended with \(status): \(complaint)"
            }
        }
    }

    /// How a run of the tool ended.
    public struct Outcome: Sendable {
        /// Its exit code; 128 and the signal's number when a signal ended it, as shells have it.
        public var code: Int32
        /// What it printed on standard output.
        public var output: String
        /// What it printed on standard error.
        public var complaint: String
    }

    private let name: String
    /// Where it is.
    public let executable: URL

    /// A program at a known place.
    public init(at executable: URL) {
        name = executable.lastPathComponent
        self.executable = executable
    }

    /// Looks for a tool in the folders of `PATH`, and in those of an administrator, which not everybody's path has.
    /// - Parameters:
    ///   - name: the program.
    ///   - package: the Debian package it comes in.
    /// - Throws: ``Failure/missing(tool:package:)``, so that a test without its tool fails and is not passed over.
    public init(_ name: String, package: String) throws {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let folders = "\(path):/usr/local/sbin:/usr/sbin".split(separator: ":")
        let found = folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
        guard let found else { throw Failure.missing(tool: name, package: package) }
        self.name = name
        executable = URL(fileURLWithPath: found)
    }

    /// Runs the tool to its end and answers what it printed.
    /// - Throws: ``Failure/failed(tool:status:complaint:)`` when it does not end well.
    public func run(_ arguments: [String]) throws -> String {
        let outcome = try outcome(of: arguments)
        guard outcome.code == 0 else {
            throw Failure.failed(tool: name, status: outcome.code, complaint: outcome.complaint)
        }
        return outcome.output
    }

    /// Runs the tool to its end, whichever that is.
    /// - Parameters:
    ///   - arguments: what stands behind its name.
    ///   - folder: where it runs; nil where this process does.
    ///   - environment: what it finds there besides language, time zone and path.
    ///   - blocksSignals: whether it begins with all signals blocked, as what a pool's thread starts does; or with
    ///     none, as what a shell starts does.
    ///   - act: what is done as soon as it has printed something.
    /// - Returns: how it ended and what it printed.
    /// - Throws: what the system says when it cannot be started.
    public func outcome(
        of arguments: [String], in folder: String? = nil, environment: [String: String] = [:],
        blocksSignals: Bool = false,
        onceItPrints act: (Process) -> Void = { _ in }
    ) throws -> Outcome {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        let usual = ["TZ": "UTC", "LC_ALL": "C.UTF-8", "HOME": "/nonexistent", "PATH": "/usr/bin:/bin"]
        process.environment = usual.merging(environment) { $1 }
        // Complaints go to a file: of two pipes the one that nobody reads would fill up and stop the tool.
        let complaints = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try Data().write(to: complaints)
        defer { try? FileManager.default.removeItem(at: complaints) }
        let printed = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = printed
        process.standardError = try FileHandle(forWritingTo: complaints)
        try ExternalTool.withSignals(blocked: blocksSignals) { try process.run() }
        let beginning = printed.fileHandleForReading.availableData
        act(process)
        let rest = try printed.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let isSignalled = process.terminationReason == .uncaughtSignal
        return try Outcome(
            code: process.terminationStatus + (isSignalled ? 128 : 0),
            output: String(decoding: beginning + rest, as: UTF8.self),
            complaint: String(decoding: Data(contentsOf: complaints), as: UTF8.self))
    }

    // A child begins with the signals blocked that its parent's thread blocks.
    private static func withSignals(blocked: Bool, _ body: () throws -> Void) rethrows {
        var (signals, before) = (sigset_t(), sigset_t())
        if blocked { sigfillset(&signals) } else { sigemptyset(&signals) }
        pthread_sigmask(SIG_SETMASK, &signals, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try body()
    }
}
