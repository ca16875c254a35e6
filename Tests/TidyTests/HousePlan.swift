/// Which rooms there are, lowest first, and what each may import at most.
enum HousePlan {
    struct Room {
        var name: String
        /// Nil may import anything.
        var imports: [String]?
        /// Whether it stands below the worlds, where nothing but the machines themselves may decide what happens.
        var isBelowTheWorlds = false
    }

    static let rooms = [
        Room(name: "Timebase", imports: [], isBelowTheWorlds: true),
        Room(name: "Wire", imports: [], isBelowTheWorlds: true),
        Room(name: "Telephony", imports: ["Timebase"], isBelowTheWorlds: true),
        Room(name: "PPP", imports: ["Timebase", "Wire"], isBelowTheWorlds: true),
        Room(name: "TCPIP", imports: ["Timebase", "Wire"], isBelowTheWorlds: true),
        Room(name: "SMTP", imports: ["Timebase"], isBelowTheWorlds: true),
        Room(name: "MailQueue", imports: ["Timebase", "SMTP"], isBelowTheWorlds: true),
        Room(name: "Resolver", imports: ["Timebase", "Wire", "SMTP", "MailQueue"], isBelowTheWorlds: true),
        Room(name: "Registry", imports: ["Timebase"], isBelowTheWorlds: true),
        Room(name: "Events", imports: ["Timebase"], isBelowTheWorlds: true),
        Room(
            name: "Source", imports: ["Timebase", "Wire", "SMTP", "Registry", "Events", "Yams", "Foundation", "Glibc"]),
        Room(
            name: "MailHost", imports: ["Timebase", "SMTP", "MailQueue", "Registry", "Events"], isBelowTheWorlds: true),
        Room(name: "Simulation", imports: machines, isBelowTheWorlds: true),
        Room(name: "CPcap", imports: []),
        Room(name: "Capture", imports: ["Timebase", "Events", "CPcap", "Glibc"]),
        Room(name: "Scenario", imports: machines + ["Simulation", "Capture", "Source", "Foundation"]),
        Room(
            name: "Report",
            imports: ["Timebase", "Wire", "Events", "Simulation", "Capture", "Scenario", "Foundation"]),
        Room(
            name: "FlushService",
            imports: [
                "Timebase", "Wire", "SMTP", "MailQueue", "Resolver", "Registry", "Events", "MailHost", "Capture",
                "Source", "Crypto", "Foundation", "Logging", "ServiceLifecycle", "UnixSignals", "Glibc", "Dispatch",
                "Synchronization",
                "GRDB", "NIOCore", "NIOHTTP1", "NIOPosix", "NIOSSL", "NIOTLS",
            ]),
        Room(name: "ringback", imports: nil),
    ]

    /// The rooms with a table of what their RFCs demand.
    static let protocols = ["PPP", "TCPIP", "SMTP", "MailQueue", "Resolver"]

    /// What is started and not imported.
    static let executables = ["ringback"]

    /// Modules that come with the toolchain or the system, and so stand in no manifest.
    static let toolchain = ["Foundation", "Glibc", "Dispatch", "Synchronization", "Testing"]

    private static let machines = [
        "Timebase", "Wire", "Telephony", "PPP", "TCPIP", "SMTP", "MailQueue", "Registry", "Events", "MailHost",
    ]

    /// The room that a file is in; nil for tests.
    static func room(of file: SourceFile) -> Room? {
        file.isSource ? rooms.first { $0.name == file.target } : nil
    }
}
