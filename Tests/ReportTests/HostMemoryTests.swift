import Report
import Testing

struct HostMemoryTests {
    @Test func `a host's memory is what the built world took, shared by all hosts`() {
        let memory = HostMemory(hosts: 4, before: 1_000, built: 9_000, samples: [])
        #expect(memory.octetsEach == 2_000)
        #expect(memory.mostOnline == 0 && memory.octetsEachOnline == nil)
    }

    @Test func `what a host takes online is told by the second half of those who came`() {
        let memory = HostMemory(
            hosts: 100, before: 0, built: 0,
            samples: [
                .init(online: 1, calls: 1, resident: 900_000), .init(online: 20, calls: 20, resident: 1_000_000),
                .init(online: 40, calls: 40, resident: 1_400_000),
            ])
        #expect(memory.mostOnline == 40)
        #expect(memory.octetsEachOnline == 20_000)
    }

    @Test func `what comes after the first call has ended is not looked at`() {
        let memory = HostMemory(
            hosts: 100, before: 0, built: 0,
            samples: [
                .init(online: 10, calls: 10, resident: 1_000_000), .init(online: 20, calls: 20, resident: 1_100_000),
                .init(online: 21, calls: 500, resident: 9_000_000),
            ])
        #expect(memory.mostOnline == 21)
        #expect(memory.octetsEachOnline == 10_000)
    }

    @Test func `a few hosts do not tell`() {
        let memory = HostMemory(
            hosts: 3, before: 0, built: 0,
            samples: [.init(online: 1, calls: 1, resident: 4_096), .init(online: 3, calls: 3, resident: 8_192)])
        #expect(memory.mostOnline == 3 && memory.octetsEachOnline == nil)
    }
}
