import Timebase
import Wire

/// What servers have said, for as long as it may be kept (RFC 1035 §7.3, RFC 2308 §5).
///
/// Bounded: when it is full, what was stored first is forgotten first. What anybody can make a server say thus costs a
/// fixed amount of memory.
struct RecordCache: Sendable {
    /// That a name does not exist holds for all types.
    private struct Key: Hashable {
        var name: DNSName
        var type: DNSType?
    }

    private struct Slot {
        var key: Key
        var finding: Finding
        var until: Instant
    }

    private let capacity: Int
    private let longestKept: Interval
    private let longestKeptMissing: Interval
    private var slots: [Slot] = []
    private var places: [Key: Int] = [:]
    // The slot that is used next when all are in use: the oldest.
    private var hand = 0

    init(_ configuration: ResolverConfiguration) {
        precondition(configuration.mostCachedSets > 0, "there is room for something")
        capacity = configuration.mostCachedSets
        longestKept = configuration.longestKept
        longestKeptMissing = configuration.longestKeptMissing
    }

    /// How many sets there are, those that are over included.
    var count: Int { slots.count }

    /// What is known of a question; nil when it must be asked. Aliases are followed as far as they are known.
    func answer(to question: DNSQuestion, at now: Instant) -> Answer? {
        var name = question.name
        for aliases in 0...Answer.mostAliases {
            if let finding = finding(name, nil, at: now) ?? finding(name, question.type, at: now) {
                return Answer(finding: finding, aliases: aliases)
            }
            guard case .records(let records) = finding(name, .cname, at: now), case .cname(let target) = records.first
            else { return aliases == 0 ? nil : Answer(finding: .alias(name), aliases: aliases) }
            name = target
        }
        return Answer(finding: .unanswered, aliases: Answer.mostAliases + 1)
    }

    /// Keeps records of one name and type.
    mutating func store(_ records: [DNSRecord], of name: DNSName, _ type: DNSType, at now: Instant) {
        // A set has one time to live; where it has several, the shortest holds (RFC 2181 §5.2).
        let seconds = records.map(\.timeToLiveSeconds).min() ?? 0
        store(.records(records.map(\.data)), Key(name: name, type: type), for: seconds, atMost: longestKept, at: now)
        if let place = places.removeValue(forKey: Key(name: name, type: nil)) { slots[place].until = now }
    }

    /// Keeps that a name has no records of a type, or does not exist, for the seconds that the zone's SOA allows.
    mutating func storeMissing(_ name: DNSName, _ type: DNSType?, for seconds: UInt32, at now: Instant) {
        let finding: Finding = type == nil ? .noSuchName : .nothing
        store(finding, Key(name: name, type: type), for: seconds, atMost: longestKeptMissing, at: now)
    }

    private func finding(_ name: DNSName, _ type: DNSType?, at now: Instant) -> Finding? {
        guard let place = places[Key(name: name, type: type)], now < slots[place].until else { return nil }
        return slots[place].finding
    }

    private mutating func store(
        _ finding: Finding, _ key: Key, for seconds: UInt32, atMost limit: Interval, at now: Instant
    ) {
        // Without any time to live it still serves what is being done at this instant (RFC 1035 §3.2.1).
        let kept = max(.nanoseconds(1), min(.seconds(Int64(seconds)), limit))
        let slot = Slot(key: key, finding: finding, until: now + kept)
        if let place = places[key] {
            slots[place] = slot
        } else if slots.count < capacity {
            places[key] = slots.count
            slots.append(slot)
        } else {
            if places[slots[hand].key] == hand { places.removeValue(forKey: slots[hand].key) }
            slots[hand] = slot
            places[key] = hand
            hand = (hand + 1) % capacity
        }
    }
}
