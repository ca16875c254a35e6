// swift-tools-version: 6.2
import PackageDescription

// The rooms of the house, lowest first: a target leans only on targets above it in this list, and only on those that
// it needs. Tests/TidyTests holds the imports of the sources against it.

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

func room(
    _ name: String, on dependencies: [Target.Dependency] = [], exclude: [String] = [], more: [SwiftSetting] = []
) -> Target {
    .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings + more)
}

func tests(_ name: String, on dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

let package = Package(
    name: "ringback",
    products: [
        .executable(name: "ringback", targets: ["ringback"]),
        // What Benchmarks/ measures.
        .library(name: "Timebase", targets: ["Timebase"]), .library(name: "SMTP", targets: ["SMTP"]),
        .library(name: "MailQueue", targets: ["MailQueue"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        room("Timebase"),
        room("Wire", more: [.strictMemorySafety()]),
        room("Telephony", on: ["Timebase"]),
        room("PPP", on: ["Timebase", "Wire"], exclude: ["Conformance.md"]),
        room("TCPIP", on: ["Timebase", "Wire"], exclude: ["Conformance.md"]),
        room("SMTP", on: ["Timebase"], exclude: ["Conformance.md"]),
        room("MailQueue", on: ["Timebase", "SMTP"], exclude: ["Conformance.md"]),
        room("Resolver", on: ["Timebase", "Wire", "SMTP", "MailQueue"], exclude: ["Conformance.md"]),
        room("Registry", exclude: ["Conformance.md"]),
        room("Events", on: ["Timebase"]),
        room(
            "Source",
            on: ["Timebase", "Wire", "SMTP", "Registry", "Events", .product(name: "Yams", package: "Yams")]),
        room("MailHost", on: ["Timebase", "SMTP", "MailQueue", "Registry", "Events"]),
        room(
            "Simulation",
            on: [
                "Timebase", "Wire", "Telephony", "PPP", "TCPIP", "SMTP", "MailQueue", "Registry", "Events", "MailHost",
            ]),
        .systemLibrary(name: "CPcap", pkgConfig: "libpcap", providers: [.apt(["libpcap-dev"])]),
        room("Capture", on: ["Timebase", "Events", "CPcap"], more: [.strictMemorySafety()]),
        room(
            "Scenario",
            on: [
                "Timebase", "Wire", "Telephony", "SMTP", "MailQueue", "Registry", "Events", "Simulation", "Capture",
                "Source",
            ]),
        room("Report", on: ["Timebase", "Wire", "Events", "Simulation", "Capture", "Scenario"]),
        room(
            "FlushService",
            on: [
                "Timebase", "Wire", "SMTP", "MailQueue", "Resolver", "Registry", "Events", "MailHost", "Capture",
                "Source",
                .product(name: "Crypto", package: "swift-crypto"), .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]),
        .executableTarget(
            name: "ringback",
            dependencies: [
                "Timebase", "Wire", "Registry", "Events", "Simulation", "Capture", "Scenario", "Report", "FlushService",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: settings),
        .target(name: "TestSupport", dependencies: ["Timebase"], path: "Tests/TestSupport", swiftSettings: settings),
        tests("TidyTests", on: []),
        tests("TimebaseTests", on: ["Timebase"]),
        tests("WireTests", on: ["Timebase", "Wire", "TestSupport"]),
        tests("TelephonyTests", on: ["Timebase", "Telephony"]),
        tests("PPPTests", on: ["Timebase", "Wire", "PPP"]),
        tests("TCPIPTests", on: ["Timebase", "Wire", "TCPIP"]),
        tests("SMTPTests", on: ["Timebase", "SMTP", "TestSupport"], exclude: ["Dialogues"]),
        tests("MailQueueTests", on: ["Timebase", "SMTP", "MailQueue", "TestSupport"]),
        tests("ResolverTests", on: ["Timebase", "Wire", "SMTP", "MailQueue", "Resolver", "TestSupport"]),
        tests("RegistryTests", on: ["Registry", "TestSupport"]),
        tests("EventsTests", on: ["Timebase", "Events"]),
        tests("MailHostTests", on: ["Timebase", "SMTP", "MailQueue", "MailHost"]),
        tests(
            "SimulationTests",
            on: ["Timebase", "Wire", "Telephony", "SMTP", "MailQueue", "Registry", "Events", "MailHost", "Simulation"]),
        tests("CaptureTests", on: ["Timebase", "Events", "Capture", "TestSupport"]),
        tests(
            "ScenarioTests",
            on: [
                "Timebase", "Wire", "Telephony", "SMTP", "MailQueue", "Events", "MailHost", "Simulation", "Source",
                "Scenario", "FlushService", "TestSupport",
            ],
            exclude: ["Refused"]),
        tests(
            "ReportTests",
            on: ["Timebase", "Events", "Simulation", "Scenario", "Report", "TestSupport"]),
        tests(
            "FlushServiceTests",
            on: [
                "Timebase", "Wire", "SMTP", "MailQueue", "Resolver", "Events", "MailHost", "Source", "FlushService",
                "TestSupport",
            ]),
        tests("RunTests", on: ["ringback", "TestSupport"], exclude: ["Ledger"]),
    ]
)
