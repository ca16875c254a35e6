import Glibc
import MailQueue
import SMTP
import Timebase

/// What the queue's index takes in memory, and what its operations cost, whatever it holds.
///
/// The store keeps nothing: it is the index that is measured. All domains are met in an order without a pattern, so that
/// the memory they lie in is cold, and each at an instant of its own, as mail comes and hosts fail.
@main enum QueueBenchmark {
    /// Says yes to everything, and remembers one message for all.
    private struct EmptyStore: QueueStore {
        var durableBatches = 0
        var lastNumber: Int { 0 }
        var deadline: Instant? { nil }
        var sample: HeldMessage?
        mutating func write(_ batch: [QueueChange], at now: Instant) {
            durableBatches += 1
            if sample == nil, case .hold(let message) = batch.first { sample = message }
        }
        mutating func deadlineReached(at now: Instant) {}
        func message(_ id: MessageID) -> HeldMessage? { sample }
        func forEachEntry(_ body: (Domain, QueueEntry) -> Void) {}
    }

    private static let messagesPerDomain = 10
    private static let operations = 100_000

    static func main() {
        if let count = CommandLine.arguments.dropFirst().first.flatMap({ Int($0) }) { return measure(count) }
        print("the queue's index: octets for each message, and CPU nanoseconds for each operation")
        print("      messages         octets    enqueue       ETRN       next  slowest enqueue")
        fflush(nil)
        // Each in a process of its own, so that none lies in memory that another has left.
        for count in [10_000, 100_000, 1_000_000, 10_000_000] {
            system("\(CommandLine.arguments[0]) \(count)")
        }
    }

    static func measure(_ count: Int) {
        let before = residentOctets()
        var queue = Filled(domains: count / messagesPerDomain)
        let slowest = queue.fill()
        let octets = Double(residentOctets() - before) / Double(count)
        let enqueue = queue.nanosecondsToEnqueue()
        let lookup = queue.nanosecondsToStartFlush()
        let next = queue.nanosecondsForNextAttempt()
        print(
            column(Double(count)) + column(octets, width: 15) + column(enqueue, width: 11) + column(lookup, width: 11)
                + column(next, width: 11) + column(slowest, width: 17))
    }

    /// A queue, and the order in which its domains are met.
    private struct Filled {
        private var queue: MailQueue
        private var envelopes: [Envelope] = []
        private var outbox = Outbox<MailQueue.Action>()
        private let content = MessageContent.octets(Array("hello\r\n".utf8))
        private var now = Instant.beginning

        init(domains count: Int) {
            var configuration = QueueConfiguration()
            configuration.onDemandDomains = [QueueBenchmark.domain("example")]
            configuration.triesUnasked = true
            configuration.concurrentFlushes = .max
            configuration.lifetime = .days(365)
            queue = MailQueue(configuration, store: EmptyStore())
            var luck = RandomStream(seed: 1, thing: "queue", purpose: "benchmark")
            first = Int(luck.uniform(in: 0...Int64(count - 1)))
            domainCount = count
        }

        private let domainCount: Int
        private let first: Int

        /// The domain that is met as the nth: all of them once, and then all again. A step of a prime number that does
        /// not divide their count.
        private func shuffled(_ n: Int) -> Int { (first + n * 7_368_787) % domainCount }

        /// A millisecond goes by.
        private mutating func tick() { now = now + .milliseconds(1) }

        private func envelope(_ number: Int) -> Envelope {
            guard let path = try? ForwardPath(parsing: "<office@branch-\(number).example>") else {
                fatalError("it is a forward-path")
            }
            return Envelope(reversePath: .null, forwardPaths: [path])
        }

        private mutating func hold(_ envelope: Envelope) {
            queue.hold(envelope, content: content, at: now, into: &outbox)
            queue.commit(at: now, into: &outbox)
            while outbox.next() != nil {}
        }

        /// Every domain gets its messages; the host of each turns out not to be there.
        /// - Returns: the CPU nanoseconds that the slowest enqueue took.
        mutating func fill() -> Double {
            var slowest = 0.0
            for n in 0..<QueueBenchmark.messagesPerDomain * domainCount {
                let envelope = envelope(n % domainCount)
                tick()
                let begin = cpuTime()
                hold(envelope)
                slowest = max(slowest, cpuTime() - begin)
                if n < domainCount { fail(QueueBenchmark.domain("branch-\(n).example")) }
            }
            // From now on they are due in another order than that in which they lie in memory.
            for n in 0..<domainCount {
                let domain = QueueBenchmark.domain("branch-\(shuffled(n)).example")
                tick()
                ask(domain)
                fail(domain)
            }
            return slowest * 1e9
        }

        private mutating func ask(_ domain: Domain) {
            _ = queue.startFlush(.domain(domain), permitted: .everyDomain, at: now, into: &outbox)
            while outbox.next() != nil {}
        }

        private mutating func fail(_ domain: Domain) {
            queue.misdirected(domain, reason: "no answer", at: now, into: &outbox)
            while outbox.next() != nil {}
        }

        mutating func nanosecondsToEnqueue() -> Double {
            let envelopes = (0..<QueueBenchmark.operations).map { envelope(shuffled($0)) }
            let begin = cpuTime()
            for envelope in envelopes { hold(envelope) }
            return (cpuTime() - begin) / Double(QueueBenchmark.operations) * 1e9
        }

        /// ETRN, from the name to the run that it starts: a thousand domains, whose hosts turn out not to be there, and
        /// other thousands then.
        mutating func nanosecondsToStartFlush() -> Double {
            var time = 0.0
            for start in stride(from: 0, to: QueueBenchmark.operations, by: 1_000) {
                let domains = (start..<start + 1_000).map { QueueBenchmark.domain("branch-\(shuffled($0)).example") }
                let begin = cpuTime()
                for domain in domains { ask(domain) }
                time += cpuTime() - begin
                for domain in domains {
                    tick()
                    fail(domain)
                }
            }
            return time / Double(QueueBenchmark.operations) * 1e9
        }

        /// The domain that is due next is found, a run of it begins, its host is not there, and it is due again later.
        mutating func nanosecondsForNextAttempt() -> Double {
            let begin = cpuTime()
            var attempts = 0
            while attempts < QueueBenchmark.operations, let deadline = queue.deadline {
                queue.deadlineReached(at: deadline, into: &outbox)
                while let action = outbox.next() {
                    guard case .connect(let domain) = action else { continue }
                    attempts += 1
                    queue.connectFailed(domain, reason: "no answer", at: deadline, into: &outbox)
                }
            }
            return (cpuTime() - begin) / Double(attempts) * 1e9
        }
    }

    private static func domain(_ text: String) -> Domain {
        guard let domain = try? Domain(parsing: text) else { fatalError("it is a domain") }
        return domain
    }

    /// What of this process lies in memory, in octets.
    private static func residentOctets() -> Int {
        guard let file = fopen("/proc/self/statm", "r") else { fatalError("Linux has it") }
        defer { fclose(file) }
        var (total, resident) = (0, 0)
        withUnsafeMutablePointer(to: &total) { total in
            withUnsafeMutablePointer(to: &resident) { resident in
                _ = withVaList([total, resident]) { vfscanf(file, "%ld %ld", $0) }
            }
        }
        return resident * sysconf(Int32(_SC_PAGESIZE))
    }
}

/// CPU time of this process in seconds, user and system together.
private func cpuTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// A number in a column: whole, with the thousands set apart.
private func column(_ value: Double, width: Int = 14) -> String {
    var digits = String(Int(value.rounded()))
    var text = ""
    while digits.count > 3 {
        text = ",\(digits.suffix(3))" + text
        digits.removeLast(3)
    }
    text = digits + text
    return String(repeating: " ", count: max(0, width - text.count)) + text
}
