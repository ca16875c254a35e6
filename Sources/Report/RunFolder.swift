public import Capture
import Events
import Foundation
public import Simulation
public import Timebase
import Wire

/// The output folder of a run: capture, events, mail and figures.
///
/// Everything is written beside its final place and takes that place at ``finish(report:)``, so what an earlier run
/// left stays whole until this one has something whole to put there.
public struct RunFolder: ~Copyable {
    /// What is written besides events, mail and figures.
    public struct Captures: Sendable {
        /// Whether `capture.pcapng` is written.
        public var pcapng: Bool
        /// Where a classic capture goes; nil for none.
        public var classic: String?
        /// What both are to hold, in the language of tcpdump; nil for everything.
        public var filter: PacketFilter?

        /// What is captured.
        public init(pcapng: Bool, classic: String?, filter: PacketFilter?) {
            self.pcapng = pcapng
            self.classic = classic
            self.filter = filter
        }
    }

    private let folder: URL
    private let unfinishedMail: URL
    private let filter: PacketFilter?
    private var events: PartialFile
    private var capture: PcapngWriter?
    private var classic: PcapWriter?
    private var mail: MailFolder

    /// Opens the files of a run.
    /// - Parameters:
    ///   - path: the folder; it is made when it is not there.
    ///   - captures: what is captured.
    ///   - begins: what the calendar says at the beginning of the run.
    ///   - application: what writes the capture, as in `Ringback 1.0`.
    ///   - names: the names of the addresses.
    /// - Throws: a ``CaptureError`` or a ``FolderError`` when something cannot be written there.
    public init(
        path: String, captures: Captures, begins: CalendarDate, application: String, names: [CapturedName]
    ) throws {
        let folder = URL(filePath: path, directoryHint: .isDirectory)
        let unfinishedMail = folder.appending(path: "mail.partial", directoryHint: .isDirectory)
        try FolderError.explaining("make", folder) {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }
        try RunFolder.remove(unfinishedMail)
        // Every file is made before the first is kept: a failure leaves none of them behind.
        let events = try PartialFile(path: folder.appending(path: "events.jsonl").path)
        let capture = try RunFolder.capture(
            captures.pcapng ? RunFolder.capture(in: folder).path : nil, begins, application, names)
        let classic = try RunFolder.classic(captures.classic, begins)
        self.folder = folder
        self.unfinishedMail = unfinishedMail
        mail = MailFolder(at: unfinishedMail, begins: begins)
        filter = captures.filter
        self.events = events
        self.capture = capture
        self.classic = classic
    }

    private static func capture(
        _ path: String?, _ begins: CalendarDate, _ application: String, _ names: [CapturedName]
    ) throws(CaptureError) -> PcapngWriter? {
        guard let path else { return nil }
        return try PcapngWriter(path: path, begins: begins, application: application, names: names)
    }

    private static func classic(_ path: String?, _ begins: CalendarDate) throws(CaptureError) -> PcapWriter? {
        guard let path else { return nil }
        return try PcapWriter(path: path, begins: begins)
    }

    /// Whether a path leads to something that a run keeps in its folder, so that nothing else may be written there.
    public static func keeps(_ path: String, in folder: String) -> Bool {
        let folder = URL(filePath: folder, directoryHint: .isDirectory).resolvingSymlinksInPath().pathComponents
        let file = URL(filePath: path).resolvingSymlinksInPath().pathComponents
        guard file.starts(with: folder), file.count > folder.count else { return false }
        return ["capture.pcapng", "events.jsonl", "mail", "mail.partial", "run.json"].contains(file[folder.count])
    }

    /// Writes the frames and events that have come out of a world. Hot path for the frames.
    public mutating func take(_ trace: borrowing Trace) throws {
        let octets = trace.octets.span.bytes
        var offset = 0
        for entry in trace.entries {
            switch entry {
            case .frame(let at, let interface, let direction, let length):
                let frame = octets.extracting(offset..<offset + Int(length))
                offset += Int(length)
                try take(frame, CapturedPacket(at: at, interface: Int(interface), direction: .init(direction)))
            case .interface(let index): try capture?.append(CapturedInterface(trace.interfaces[index]))
            case .event(let index): try take(trace.events[index])
            }
        }
    }

    /// Writes mail that client hosts have received. The more of it at a time, the less work.
    public mutating func take(_ received: borrowing ReceivedMail) throws { try mail.take(received) }

    /// Gives every file its place.
    ///
    /// First everything is written to its end, which a full disk can prevent; then names change, which takes no room.
    /// So the folder never holds the capture of one run beside the figures of another; where this run has no capture,
    /// an older one goes.
    /// - Parameter report: the text of `run.json`.
    /// - Throws: what could not be written or named.
    public mutating func finish(report: String) throws {
        var figures = try PartialFile(path: folder.appending(path: "run.json").path)
        try figures.append(report)
        try figures.seal()
        try events.seal()
        try capture?.seal()
        try classic?.seal()
        try finishMail()
        try finishCapture()
        try classic?.finish()
        try events.finish()
        try figures.finish()
    }

    // A run without a capture leaves none: that of an earlier run would tell another story.
    private mutating func finishCapture() throws {
        guard capture != nil else { return try RunFolder.remove(RunFolder.capture(in: folder)) }
        try capture?.finish()
    }

    private mutating func finishMail() throws {
        mail.discardArriving()
        let finished = folder.appending(path: "mail", directoryHint: .isDirectory)
        try RunFolder.remove(finished)
        guard !mail.isEmpty else { return }
        try FolderError.explaining("rename", unfinishedMail) { [unfinishedMail] in
            try FileManager.default.moveItem(at: unfinishedMail, to: finished)
        }
    }

    /// Takes everything away that was not finished.
    public mutating func abandon() {
        capture?.abandon()
        classic?.abandon()
        events.abandon()
        mail.discardArriving()
        // What cannot be removed now is removed by the next run.
        try? RunFolder.remove(unfinishedMail)
    }

    private mutating func take(_ frame: RawSpan, _ packet: CapturedPacket) throws {
        if let filter, !filter.matches(frame) { return }
        try capture?.append(frame, as: packet)
        try classic?.append(frame, at: packet.at)
    }

    private mutating func take(_ event: Event) throws {
        let row = event.happening.row
        try events.append(EventLine(event, row).octets)
        try capture?.append(journal: JournalFields(event, row), at: event.at)
    }

    private static func capture(in folder: URL) -> URL { folder.appending(path: "capture.pcapng") }

    private static func remove(_ item: URL) throws {
        guard FileManager.default.fileExists(atPath: item.path) else { return }
        try FolderError.explaining("remove", item) { try FileManager.default.removeItem(at: item) }
    }
}

extension CapturedPacket.Direction {
    fileprivate init(_ direction: Trace.Direction) {
        self = direction == .inbound ? .inbound : .outbound
    }
}

extension CapturedInterface {
    /// `branch-call-1`, with port and rates in its description.
    fileprivate init(_ leg: CaptureInterface) {
        self.init(
            name: "\(leg.client)-call-\(leg.call)",
            description: "RAS port \(leg.port), call \(leg.call) from \(leg.client): "
                + "transmits \(leg.transmitRate) bit/s, receives \(leg.receiveRate) bit/s",
            bitsPerSecond: max(leg.transmitRate, leg.receiveRate))
    }
}
