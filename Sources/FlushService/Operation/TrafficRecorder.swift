import Capture
import Timebase

/// Puts the packets of this machine's interfaces and what happens between them into a capture, in the order of time.
struct TrafficRecorder: ~Copyable {
    /// What is recorded besides packets.
    struct News: Sendable {
        /// Lines of a key log of TLS.
        var secrets: [UInt8] = []
        /// Events, in the order of their dates.
        var events: [(date: CalendarDate, fields: JournalFields)] = []
    }

    /// How long an event waits for the packets before it: ten times as long as the kernel gathers some.
    static let patience = Interval.milliseconds(100)

    private let filter: String
    private var interface: LiveInterface
    /// Nil before the capture begins and after its end.
    private var file: GrowingCapture?
    /// Events that wait for the packets before them.
    private var events: ArraySlice<(date: CalendarDate, fields: JournalFields)> = []

    /// Begins to see packets; none is recorded before ``begin(path:)``.
    /// - Parameter filter: which, in tcpdump's language.
    /// - Throws: ``CaptureError`` when this process may not.
    init(filter: String) throws(CaptureError) {
        self.filter = filter
        interface = try LiveInterface(filter: filter)
    }

    /// Becomes readable when there are packets.
    var descriptor: Int32 { interface.descriptor }

    /// Whether events wait that no packet may push.
    var isWaiting: Bool { !events.isEmpty }

    /// Makes the file.
    /// - Throws: ``CaptureError`` when there is a file of that name, or none can be made.
    mutating func begin(path: String) throws(CaptureError) {
        file = try GrowingCapture(
            path: path, application: "Ringback",
            interface: CapturedInterface(
                name: "any", description: "all interfaces of this machine", filter: filter, linkType: .linuxCooked))
    }

    /// Sees other packets from now on.
    /// - Parameter filter: which, in tcpdump's language.
    /// - Throws: ``CaptureError`` when that is no filter.
    mutating func setFilter(_ filter: String) throws(CaptureError) { try interface.setFilter(filter) }

    /// Records the packets that are there, each behind the events before it, and then the events that have waited long
    /// enough.
    /// - Parameters:
    ///   - isLast: whether nothing more is recorded: then no event waits, and the file is closed.
    ///   - takeNews: what has been told since the last time; whatever is told later is not older than `now`.
    /// - Throws: ``CaptureError`` when the disk is full or fails; then the capture has ended.
    mutating func record(isLast: Bool, _ takeNews: () -> (news: News, now: CalendarDate)) throws(CaptureError) {
        guard var file = file.take() else { return }
        var (news, now) = takeNews()
        let begun = now
        var secrets = news.secrets
        var events = events + news.events
        try interface.takeFrames { frame, originalLength, date in
            if date >= now {
                (news, now) = takeNews()
                secrets += news.secrets
                events += news.events
            }
            TrafficRecorder.append(&events, until: date, to: &file)
            file.append(cooked: frame, originalLength: originalLength, at: date)
        }
        if isLast {
            TrafficRecorder.append(&events, until: now, to: &file)
        } else {
            let longAgo = begun.nanosecondsSince1970 - TrafficRecorder.patience.nanoseconds
            TrafficRecorder.append(&events, until: CalendarDate(nanosecondsSince1970: longAgo), to: &file)
        }
        self.events = events
        // They decrypt no packet that is older than they are.
        if !secrets.isEmpty { file.append(secrets: secrets) }
        try file.write()
        if isLast { return try file.finish(at: now, dropped: interface.droppedCount) }
        self.file = file
    }

    private static func append(
        _ events: inout ArraySlice<(date: CalendarDate, fields: JournalFields)>, until date: CalendarDate,
        to file: inout GrowingCapture
    ) {
        while let event = events.first, event.date <= date {
            events.removeFirst()
            file.append(journal: event.fields, at: event.date)
        }
    }
}
