// swift-tools-version: 6.2
import PackageDescription

// Apart from the package that it measures, so that this one has no target that only its authors run.

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"), .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "benchmarks",
    dependencies: [.package(name: "ringback", path: "..")],
    targets: [
        .executableTarget(
            name: "QueueBenchmark",
            dependencies: [
                .product(name: "MailQueue", package: "ringback"), .product(name: "SMTP", package: "ringback"),
                .product(name: "Timebase", package: "ringback"),
            ], swiftSettings: settings),
        .executableTarget(
            name: "SMTPBenchmark",
            dependencies: [
                .product(name: "SMTP", package: "ringback"), .product(name: "Timebase", package: "ringback"),
            ], swiftSettings: settings),
    ]
)
