import Events
import Foundation
import SMTP
import Timebase

/// Flushes as an operator reads them.
enum FlushText {
    static func list(of name: String?, most: Int, in store: SQLiteStore) -> QueueRequest.Answer {
        if let name, (try? Domain(parsing: name)) == nil {
            return QueueRequest.Answer("`\(name)` is no domain\n", isDone: false)
        }
        return answer { () throws(StoreError) in
            let flushes = try store.flushes(of: name?.lowercased(), most: most)
            return flushes.reversed().map { line($0.number, $0.flush) }.joined()
        }
    }

    static func report(_ number: Int, in store: SQLiteStore) -> QueueRequest.Answer {
        answer { () throws(StoreError) in
            try store.flush(number).map { description(number, $0) }
        }
    }

    private static func answer(_ text: () throws(StoreError) -> String?) -> QueueRequest.Answer {
        do throws(StoreError) {
            return try text().map { QueueRequest.Answer($0) }
                ?? QueueRequest.Answer("there is no such flush, or it is too long ago\n", isDone: false)
        } catch {
            return QueueRequest.Answer("\(error)\n", isDone: false)
        }
    }

    private static func line(_ number: Int, _ flush: FlushRecord) -> String {
        let report = flush.report
        let end = flush.reason.map { ": \($0)" } ?? ""
        return "\(number)  \(date(flush.ended))  \(report.domain)  \(report.delivered) delivered, "
            + "\(report.octets) octets, \(report.left) left, in \(time(report.took))\(end)\n"
    }

    private static func description(_ number: Int, _ flush: FlushRecord) -> String {
        let report = flush.report
        var lines = [
            "flush \(number) of \(report.domain), " + (flush.reason.map { "given up: \($0)" } ?? "completed"),
            "began \(date(flush.ended - report.took)), ended \(date(flush.ended)), took \(time(report.took))",
            report.connections == 1 ? "1 connection" : "\(report.connections) connections",
            "\(report.delivered) delivered, \(report.octets) octets",
            "\(report.deferred) put off, \(report.refused) refused, \(report.left) left",
        ]
        if report.heldBack > 0 { lines.append("\(report.heldBack) held back by the rules for size and budget") }
        if report.unanswered > 0 { lines.append("\(report.unanswered) sent to their end without an answer (RFC 1047)") }
        if report.possibleDuplicates > 0 { lines.append("\(report.possibleDuplicates) perhaps delivered twice") }
        if report.delivered > 0, report.took > .zero {
            let seconds = Double(report.took.nanoseconds) / 1e9
            lines.append("\(Int(Double(report.octets) / seconds)) octets per second")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// To the millisecond.
    private static func time(_ interval: Interval) -> Interval { .milliseconds(interval.nanoseconds / 1_000_000) }

    private static func date(_ instant: Instant) -> String {
        Date(timeIntervalSince1970: Double(instant.nanoseconds / 1_000_000) / 1_000).formatted(.iso8601)
    }
}
