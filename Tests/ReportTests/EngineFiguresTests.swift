import Report
import Testing
import Timebase

struct EngineFiguresTests {
    @Test func `the cost of a run is two lines`() {
        let figures = EngineFigures(
            packets: 231_800, events: 1_204, steps: 1_000_000, wall: .milliseconds(1_250),
            processor: .milliseconds(2_000), peakResidentOctets: 19_398_656,
            memory: HostMemory(
                hosts: 1_000, before: 1 << 20, built: 5 << 20,
                samples: [
                    .init(online: 50, calls: 50, resident: 6 << 20), .init(online: 90, calls: 90, resident: 7 << 20),
                ]))
        #expect(
            figures.description
                == "231,800 packets (115,900 per CPU second), 1,204 events, 1,000,000 steps (500,000 per CPU second), "
                + "1.25 s wall, 2.00 s CPU, 18.5 MiB peak memory\n"
                + "1,000 client hosts, 4 KiB each; 90 online at once, 25 KiB more each")
    }

    @Test func `a run too short to say has no rates`() {
        let figures = EngineFigures(
            packets: 3, events: 1, steps: 9, wall: .zero, processor: .microseconds(999), peakResidentOctets: 1_024,
            memory: HostMemory(hosts: 1, before: 0, built: 512, samples: []))
        #expect(
            figures.description
                == "3 packets, 1 event, 9 steps, 0.00 s wall, 0.00 s CPU, 1 KiB peak memory\n"
                + "1 client host, 512 octets each; 0 online at once")
    }
}
