public import Timebase

/// What a run cost the machine it ran on: the one thing in a report that differs from run to run.
public struct EngineFigures: Hashable, Sendable {
    /// Frames that passed a capture point.
    public var packets: Int
    /// Events that happened, as many as `events.jsonl` has lines.
    public var events: Int
    /// Entries that the event queue gave out.
    public var steps: Int
    /// How long it took.
    public var wall: Interval
    /// Processor time of all threads.
    public var processor: Interval
    /// The greatest resident set, in octets.
    public var peakResidentOctets: Int
    /// What the client hosts took of it.
    public var memory: HostMemory

    /// The figures of a run.
    /// - Parameters:
    ///   - packets: frames that passed a capture point.
    ///   - events: events that happened.
    ///   - steps: entries that the event queue gave out.
    ///   - wall: how long it took.
    ///   - processor: processor time of all threads.
    ///   - peakResidentOctets: the greatest resident set.
    ///   - memory: what the client hosts took of it.
    public init(
        packets: Int, events: Int, steps: Int, wall: Interval, processor: Interval, peakResidentOctets: Int,
        memory: HostMemory
    ) {
        self.packets = packets
        self.events = events
        self.steps = steps
        self.wall = wall
        self.processor = processor
        self.peakResidentOctets = peakResidentOctets
        self.memory = memory
    }

    /// Packets for each second of processor time; nil when the run was too short to say.
    public var packetsPerProcessorSecond: Int? { rate(packets) }
    /// Steps for each second of processor time; nil when the run was too short to say.
    public var stepsPerProcessorSecond: Int? { rate(steps) }

    private func rate(_ count: Int) -> Int? {
        let milliseconds = Int(processor.nanoseconds / 1_000_000)
        return milliseconds > 0 ? count * 1_000 / milliseconds : nil
    }
}

extension EngineFigures: CustomStringConvertible {
    /// The lines that `--stats` prints.
    public var description: String {
        let cost = [
            "\(packets.grouped) packets" + perSecond(packetsPerProcessorSecond), events.counted("event"),
            "\(steps.grouped) steps" + perSecond(stepsPerProcessorSecond),
            "\(wall.stopwatch) wall", "\(processor.stopwatch) CPU", "\(peakResidentOctets.octetCount) peak memory",
        ].joined(separator: ", ")
        let online = memory.octetsEachOnline.map { ", \($0.octetCount) more each" } ?? ""
        return "\(cost)\n\(memory.hosts.counted("client host")), \(memory.octetsEach.octetCount) each; "
            + "\(memory.mostOnline) online at once\(online)"
    }

    private func perSecond(_ rate: Int?) -> String { rate.map { " (\($0.grouped) per CPU second)" } ?? "" }
}
