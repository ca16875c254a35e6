import Timebase
import Wire

/// The frames that one end of a call has sent, first in, first out: those that wait for the line, then those on it.
///
/// A line never overtakes, so its frames need no pool and no index: their octets lie one after the other in one buffer
/// that grows to what is in flight and is used again.
struct FrameQueue: Sendable {
    private struct Entry: Sendable {
        var departure: Instant
        var arrival: Instant
        var length: Int32
    }

    private var entries: [Entry] = []
    private var octets: [UInt8] = []
    private var firstEntry = 0
    private var firstOctet = 0
    // The first frame that still waits for the line.
    private var waitingEntry = 0
    private var waitingOctet = 0

    /// When the first frame that waits goes out; nil when none waits.
    var nextDeparture: Instant? { waitingEntry < entries.count ? entries[waitingEntry].departure : nil }

    /// When the first frame arrives; nil when none is on its way.
    var nextArrival: Instant? { firstEntry < entries.count ? entries[firstEntry].arrival : nil }

    /// Puts a frame last. It must not arrive before the one ahead of it.
    mutating func append(_ frame: [UInt8], departure: Instant, arrival: Instant) {
        precondition(entries.last.map { $0.arrival <= arrival } ?? true, "a line never overtakes")
        if firstOctet > octets.count / 2 { closeGap() }
        if octets.count + frame.count > octets.capacity {
            closeGap()
            // Not twice as much: a window is soon full, and there are many lines.
            let needed = octets.count + frame.count
            octets.reserveCapacity(needed + needed / 2)
        }
        octets.append(frame.span.bytes)
        entries.append(Entry(departure: departure, arrival: arrival, length: Int32(frame.count)))
    }

    /// The first frame that waits goes out: its octets are added to some others.
    /// - Returns: how many octets it has.
    mutating func depart(appendingTo others: inout [UInt8]) -> Int {
        precondition(waitingEntry < entries.count, "a frame waits")
        let end = waitingOctet + Int(entries[waitingEntry].length)
        others.append(octets.span.bytes.extracting(waitingOctet..<end))
        defer {
            waitingOctet = end
            waitingEntry += 1
        }
        return end - waitingOctet
    }

    /// Takes the first frame out, replacing the contents of `frame`.
    mutating func takeFirst(into frame: inout [UInt8]) {
        precondition(firstEntry < entries.count, "a frame is on its way")
        let end = firstOctet + Int(entries[firstEntry].length)
        if !frame.isEmpty { frame.removeAll(keepingCapacity: true) }
        frame.append(octets.span.bytes.extracting(firstOctet..<end))
        firstOctet = end
        firstEntry += 1
        waitingOctet = max(waitingOctet, firstOctet)
        waitingEntry = max(waitingEntry, firstEntry)
    }

    /// Loses what waits and what is on its way, and the memory with it.
    mutating func removeAll() { self = FrameQueue() }

    // Moves the frames to the front, before the buffer would grow or when the gap there has become the greater part:
    // constant work per octet.
    private mutating func closeGap() {
        guard firstEntry > 0 else { return }
        entries.removeSubrange(..<firstEntry)
        octets.removeSubrange(..<firstOctet)
        waitingEntry -= firstEntry
        waitingOctet -= firstOctet
        firstEntry = 0
        firstOctet = 0
    }
}
