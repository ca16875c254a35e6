import Glibc

/// What this process has used of the machine, as the kernel counts it.
struct ProcessUsage {
    /// Processor time of all threads, in nanoseconds.
    var cpuNanoseconds: Int64
    /// Time since some fixed moment, in nanoseconds.
    var wallNanoseconds: Int64
    /// The greatest resident set so far, in octets.
    var peakResidentOctets: Int
    /// What is resident now and belongs to this process alone, in octets: no code, no files.
    var ownResidentOctets: Int

    /// What has been used until now.
    static func now() -> ProcessUsage {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return ProcessUsage(
            cpuNanoseconds: clock(CLOCK_PROCESS_CPUTIME_ID), wallNanoseconds: clock(CLOCK_MONOTONIC),
            peakResidentOctets: usage.ru_maxrss * 1_024, ownResidentOctets: ownResident())
    }

    private static func clock(_ id: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(id, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    // Of the numbers in /proc/self/statm the second counts resident pages, the third those of files among them.
    static func ownResident() -> Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, Int32(line.count), file) != nil else { return 0 }
        let fields = line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }.split(separator: UInt8(ascii: " "))
        let pages = fields.prefix(3).compactMap { Int(String(decoding: $0, as: UTF8.self)) }
        guard pages.count == 3 else { return 0 }
        return (pages[1] - pages[2]) * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}
