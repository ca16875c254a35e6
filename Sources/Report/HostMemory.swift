/// What client hosts cost in memory: of the pages that are resident, those that belong to the process alone. The
/// program's code and its libraries are not among them.
public struct HostMemory: Hashable, Sendable {
    /// A look at the process while more hosts were online than ever before.
    public struct Sample: Hashable, Sendable {
        /// How many hosts had a carrier.
        public var online: Int
        /// How many had got one since the run began.
        public var calls: Int
        /// What was resident, in octets.
        public var resident: Int

        /// A look at the process.
        public init(online: Int, calls: Int, resident: Int) {
            self.online = online
            self.calls = calls
            self.resident = resident
        }
    }

    /// How many client hosts there are.
    public var hosts: Int
    /// What loading the scenario and building the world took for each of them, in octets: nobody was online yet.
    public var octetsEach: Int
    /// How many were online when most of them were.
    public var mostOnline: Int
    /// What a host took more when it came online, in octets; nil when too few did to tell it from all else.
    ///
    /// Taken from the second half of those who came before the first one went: the others also fill buffers that serve
    /// all, or come when the records of finished calls have grown.
    public var octetsEachOnline: Int?

    /// The figures of a run.
    /// - Parameters:
    ///   - hosts: how many client hosts there are.
    ///   - before: octets resident before the scenario was loaded.
    ///   - built: octets resident when the world was built and nothing had happened in it.
    ///   - samples: one look for each time that more hosts were online than ever before.
    public init(hosts: Int, before: Int, built: Int, samples: [Sample]) {
        self.hosts = hosts
        octetsEach = max(0, built - before) / max(1, hosts)
        mostOnline = samples.last?.online ?? 0
        guard let last = samples.last(where: { $0.calls == $0.online }), last.online >= 10,
            let half = samples.first(where: { $0.online >= last.online / 2 }), half.online < last.online
        else { return }
        octetsEachOnline = max(0, last.resident - half.resident) / (last.online - half.online)
    }
}
