import Foundation

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

    private let name: String
    private let executable: URL

    /// Looks for a tool in the folders of `PATH`.
    /// - Parameters:
    ///   - name: the program.
    ///   - package: the Debian package it comes in.
    /// - Throws: ``Failure/missing(tool:package:)``, so that a test without its tool fails and is not passed over.
    public init(_ name: String, package: String) throws {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        let found = folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
        guard let found else { throw Failure.missing(tool: name, package: package) }
        self.name = name
        executable = URL(fileURLWithPath: found)
    }

    /// Runs the tool to its end and answers what it printed.
    /// - Throws: ``Failure/failed(tool:status:complaint:)`` when it does not end well.
    public func run(_ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.environment = ["TZ": "UTC", "LC_ALL": "C.UTF-8", "HOME": "/nonexistent", "PATH": "/usr/bin:/bin"]
        // Complaints go to a file: of two pipes the one that nobody reads would fill up and stop the tool.
        let complaints = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try Data().write(to: complaints)
        defer { try? FileManager.default.removeItem(at: complaints) }
        let printed = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = printed
        process.standardError = try FileHandle(forWritingTo: complaints)
        try process.run()
        let output = try printed.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let complaint = try String(decoding: Data(contentsOf: complaints), as: UTF8.self)
            throw Failure.failed(tool: name, status: process.terminationStatus, complaint: complaint)
        }
        return String(decoding: output, as: UTF8.self)
    }
}
