import TCPIP
import Timebase
import Wire

/// The frames that one end of a call has sent, first in, first out: those that wait for the line, then those on it.
///
/// A line never overtakes, so its frames need no pool and no index: their octets lie one after the other in a ring that
/// grows to what is in flight, and no further: there are many lines.
struct FrameQueue: Sendable {
    private struct Entry: Sendable {
        var departure: Instant
        var arrival: Instant
        var length: Int32
    }

    private var entries: [Entry] = []
    private var octets = OctetRing()
    private var firstEntry = 0
    // The first frame that still waits for the line, and how many octets are on it.
    private var waitingEntry = 0
    private var departedOctets = 0

    /// When the first frame that waits goes out; nil when none waits.
    var nextDeparture: Instant? { waitingEntry < entries.count ? entries[waitingEntry].departure : nil }

    /// When the first frame arrives; nil when none is on its way.
    var nextArrival: Instant? { firstEntry < entries.count ? entries[firstEntry].arrival : nil }

    /// Puts a frame last. It must not arrive before the one ahead of it.
    mutating func append(_ frame: [UInt8], departure: Instant, arrival: Instant) {
        precondition(entries.last.map { $0.arrival <= arrival } ?? true, "a line never overtakes")
        if entries.count == entries.capacity { closeGap() }
        octets.append(frame.span.bytes)
        entries.append(Entry(departure: departure, arrival: arrival, length: Int32(frame.count)))
    }

    /// The first frame that waits goes out: its octets are added to some others.
    /// - Returns: how many octets it has.
    mutating func depart(appendingTo others: inout [UInt8]) -> Int {
        precondition(waitingEntry < entries.count, "a frame waits")
        let length = Int(entries[waitingEntry].length)
        octets.copy(from: departedOctets, count: length, to: &others)
        departedOctets += length
        waitingEntry += 1
        return length
    }

    /// Takes the first frame out, replacing the contents of `frame`.
    mutating func takeFirst(into frame: inout [UInt8]) {
        precondition(firstEntry < entries.count, "a frame is on its way")
        let length = Int(entries[firstEntry].length)
        if !frame.isEmpty { frame.removeAll(keepingCapacity: true) }
        octets.copy(from: 0, count: length, to: &frame)
        octets.drop(length)
        if firstEntry == waitingEntry { waitingEntry += 1 } else { departedOctets -= length }
        firstEntry += 1
    }

    /// Loses what waits and what is on its way, and the memory with it.
    mutating func removeAll() { self = FrameQueue() }

    // Moves the entries to the front before their array would grow.
    private mutating func closeGap() {
        guard firstEntry > 0 else { return }
        entries.removeSubrange(..<firstEntry)
        waitingEntry -= firstEntry
        firstEntry = 0
    }
}
