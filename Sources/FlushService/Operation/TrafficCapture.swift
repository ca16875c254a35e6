import Capture
import Dispatch
import Events
import Synchronization
import Timebase

/// A capture that goes on beside a service: nobody who tells it something waits for the disk.
final class TrafficCapture: Sendable {
    private struct Inbox {
        var news = TrafficRecorder.News()
        /// Whether it will be looked at soon, even if no packet comes.
        var isLookedAt = false
        /// Whether nobody looks at it any more.
        var isClosed = false
    }

    /// What tells of packets, and keeps this object until it is cancelled, which any thread may do.
    private struct Going: @unchecked Sendable {
        let source: any DispatchSourceRead
        /// Hears of an early end.
        let tell: @Sendable (String) -> Void
    }

    private let order: MailService.Capture
    private let queue = DispatchQueue(label: "ringback.capture")
    private let inbox = Mutex(Inbox())
    private let recorder: Mutex<TrafficRecorder>
    /// From ``begin(tell:)`` to the end.
    private let going = Mutex<Going?>(nil)

    /// Begins to see packets, for which a process needs root's rights; none is recorded before ``begin(tell:)``.
    /// - Parameters:
    ///   - order: what is recorded, and where.
    ///   - filter: which packets, in tcpdump's language.
    /// - Throws: ``CaptureError`` when this process may not.
    init(_ order: MailService.Capture, filter: String) throws(CaptureError) {
        self.order = order
        recorder = Mutex(try TrafficRecorder(filter: filter))
    }

    /// Hears the secrets of every TLS session, a line each, if they are wanted.
    var keyLog: (@Sendable ([UInt8]) -> Void)? {
        guard order.withSecrets else { return nil }
        return { [self] line in put { $0.secrets += line } }
    }

    /// Makes the file and begins.
    /// - Parameter tell: hears why the capture ends before ``finish()``, if it does.
    /// - Throws: ``CaptureError`` when there is a file of that name, or none can be made.
    func begin(tell: @escaping @Sendable (String) -> Void) throws(CaptureError) {
        let descriptor = try recorder.withLock { recorder throws(CaptureError) in
            try recorder.begin(path: order.path)
            return recorder.descriptor
        }
        let begun = Going(
            source: DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue), tell: tell)
        begun.source.setEventHandler { [self] in record() }
        going.withLock { $0 = begun }
        begun.source.activate()
    }

    /// Something has happened.
    func note(_ event: Event) {
        let fields = JournalFields(event)
        put { $0.events.append((ServiceClock.wholeMicrosecond, fields)) }
    }

    /// Other packets are recorded from now on.
    /// - Parameter filter: which, in tcpdump's language.
    /// - Throws: ``CaptureError`` when that is no filter.
    func setFilter(_ filter: String) throws(CaptureError) {
        try recorder.withLock { recorder throws(CaptureError) in try recorder.setFilter(filter) }
    }

    /// Records what has passed until now, and ends.
    func finish() async {
        await withCheckedContinuation { done in
            later { [self] in
                record(isLast: true)
                done.resume()
            }
        }
    }

    private func put(_ change: (inout TrafficRecorder.News) -> Void) {
        let isFirst = inbox.withLock { inbox in
            guard !inbox.isClosed else { return false }
            change(&inbox.news)
            defer { inbox.isLookedAt = true }
            return !inbox.isLookedAt
        }
        if isFirst { later { [self] in record() } }
    }

    private func later(_ body: @escaping @Sendable () -> Void) {
        let patience = DispatchTimeInterval.nanoseconds(Int(TrafficRecorder.patience.nanoseconds))
        queue.asyncAfter(deadline: .now() + patience, execute: body)
    }

    // On the queue.
    private func record(isLast: Bool = false) {
        guard let going = self.going.withLock({ $0 }) else { return }
        var isOver = isLast
        do throws(CaptureError) {
            let isWaiting = try recorder.withLock { recorder throws(CaptureError) in
                try recorder.record(isLast: isLast, takeNews)
                return recorder.isWaiting
            }
            if isWaiting { later { [self] in record() } }
        } catch {
            isOver = true
            going.tell("the capture \(order.path) ends here: \(error)")
        }
        guard isOver else { return }
        inbox.withLock { $0 = Inbox(isClosed: true) }
        self.going.withLock { $0 = nil }
        going.source.cancel()
    }

    private func takeNews() -> (news: TrafficRecorder.News, now: CalendarDate) {
        inbox.withLock { inbox in
            defer { inbox = Inbox() }
            return (inbox.news, ServiceClock.wholeMicrosecond)
        }
    }
}
