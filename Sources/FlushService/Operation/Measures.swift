import Events
import Foundation
import Glibc
import MailHost
import MailQueue
import Timebase

/// What a service has done since it began, as Prometheus reads it (text exposition format 0.0.4).
struct Measures {
    private let began: Instant
    // Looked up by the vocabulary, never walked.
    private var events: [Happening.Name: Int] = [:]
    private var deliveredOctets = 0
    private var flushes = 0
    private var flushTime = Interval.zero

    init(began: Instant) { self.began = began }

    /// Something happened.
    mutating func note(_ happening: Happening) {
        events[happening.name, default: 0] += 1
        switch happening {
        case .flushDelivered(_, _, let octets): deliveredOctets += octets
        case .flushCompleted(let report), .flushGaveUp(let report, _):
            flushes += 1
            flushTime = flushTime + report.took
        default: break
        }
    }

    /// All measures as text.
    /// - Parameter mail: the host, for what it holds now.
    /// - Returns: the text.
    func text(of mail: MailHost) -> String {
        var lines: [String] = []
        func add(_ name: String, _ kind: String, _ help: String, _ values: [(label: String, value: String)]) {
            lines += ["# HELP \(name) \(help)", "# TYPE \(name) \(kind)"]
            lines += values.map { "\(name)\($0.label) \($0.value)" }
        }
        add("ringback_messages_held", "gauge", "Messages in the queue.", [("", "\(mail.queue.count)")])
        add("ringback_octets_held", "gauge", "Size of the messages in the queue.", [("", "\(mail.queue.octets)")])
        add("ringback_sessions", "gauge", "Connections, in both directions.", [("", "\(mail.sessionCount)")])
        add("ringback_store_works", "gauge", "Whether the store can be written.", [("", mail.storeWorks ? "1" : "0")])
        add(
            "ringback_events_total", "counter", "What has happened, by the names in the log.",
            Measures.names.map { ("{event=\"\($0.rawValue)\"}", "\(events[$0] ?? 0)") })
        add(
            "ringback_delivered_octets_total", "counter", "Size of the messages delivered.",
            [("", "\(deliveredOctets)")])
        add(
            "ringback_flush_seconds", "summary", "How long flushes took.",
            [("_sum", "\(Double(flushTime.nanoseconds) / 1e9)"), ("_count", "\(flushes)")])
        add(
            "process_start_time_seconds", "gauge", "When the process began, in seconds since 1970.",
            [("", "\(Double(began.nanoseconds / 1_000_000) / 1_000)")])
        add(
            "process_resident_memory_bytes", "gauge", "Memory in use.", [("", "\(Measures.residentOctets)")])
        return lines.joined(separator: "\n") + "\n"
    }

    /// What can happen to a service: it has no modem.
    private static let names = Happening.Name.allCases.filter { name in
        ["flush.", "mail.", "queue.", "storage.", "store."].contains { name.rawValue.hasPrefix($0) }
    }

    private static var residentOctets: Int {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }
}
