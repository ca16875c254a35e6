public import Events
import Foundation
import Logging
import Synchronization

/// The log of the service: what happens becomes lines of swift-log, each with the event's name and fields.
public final class ServiceLog: Sendable {
    private let logger: Mutex<Logger>

    /// A log on standard error.
    /// - Parameters:
    ///   - format: how its lines are written.
    ///   - level: the least important lines: info, notice, warning or error.
    public init(format: ServiceConfiguration.LogFormat, level: String) {
        logger = Mutex(ServiceLog.logger(format, level))
    }

    private static func logger(_ format: ServiceConfiguration.LogFormat, _ level: String) -> Logger {
        var logger = Logger(label: "ringback") { _ in LogLines(format: format) }
        logger.logLevel = Logger.Level(rawValue: level) ?? .info
        return logger
    }

    /// From now on lines are written in another way.
    func apply(_ configuration: ServiceConfiguration) {
        logger.withLock { $0 = ServiceLog.logger(configuration.logFormat, configuration.logLevel) }
    }

    /// Writes what happened.
    public func report(_ event: Event) {
        let logger = logger.withLock { $0 }
        let row = event.happening.row
        guard ServiceLog.level(of: row.severity) >= logger.logLevel else { return }
        var metadata: Logger.Metadata = ["event": "\(event.happening.name.rawValue)", "host": "\(event.host)"]
        for field in row.fields { metadata[field.name] = "\(field.value)" }
        logger.log(level: ServiceLog.level(of: row.severity), "\(event.host): \(row.text)", metadata: metadata)
    }

    /// Writes what the service itself does.
    public func note(_ text: String) { logger.withLock { $0 }.notice("\(text)") }

    private static func level(of severity: Severity) -> Logger.Level {
        switch severity {
        case .error: .error
        case .warning: .warning
        case .notice: .notice
        case .informational: .info
        }
    }
}

/// Lines of the log on standard error, in one write each.
private struct LogLines: LogHandler {
    let format: ServiceConfiguration.LogFormat
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let time = Date().formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true))
        let line =
            switch format {
            case .text: "\(time)Z \(event.level) \(event.message)\n"
            case .json: json(time, event)
            }
        FileHandle.standardError.write(Data(line.utf8))
    }

    private func json(_ time: String, _ event: LogEvent) -> String {
        var object: [String: String] = ["time": time + "Z", "level": "\(event.level)", "message": "\(event.message)"]
        for (key, value) in event.metadata ?? [:] { object[key] = "\(value)" }
        let data = try? JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
        return data.map { String(decoding: $0, as: UTF8.self) + "\n" } ?? ""
    }
}
