import Foundation

/// The files of this package, read once for all rules.
struct PackageFiles {
    /// Every Swift file below `Sources` and `Tests`, in the order of their paths.
    let sources: [SourceFile]
    /// The names of the transcripts that tests follow.
    let transcripts: [String]
    /// What `Package.swift` declares.
    let manifest: Manifest
    /// The conformance tables of the rooms that have one.
    let conformance: [ConformanceTable]

    /// The package that this file is a part of.
    static let shared = Result {
        try PackageFiles(root: URL(filePath: #filePath).appending(path: "../../..").standardized)
    }

    init(root: URL) throws {
        let text = { (path: String) in try String(contentsOf: root.appending(path: path), encoding: .utf8) }
        let paths = try ["Sources", "Tests"].flatMap { folder in
            try FileManager.default.subpathsOfDirectory(atPath: root.appending(path: folder).path)
                .map { "\(folder)/\($0)" }
        }.sorted()
        sources = try paths.filter { $0.hasSuffix(".swift") }.map { SourceFile(path: $0, text: try text($0)) }
        transcripts = paths.filter { $0.hasPrefix("Tests/") && $0.hasSuffix(".txt") }.map { path in
            String(path[path.index(after: path.lastIndex(of: "/") ?? path.startIndex)...])
        }
        conformance = try paths.filter { $0.hasSuffix("/Conformance.md") }.map {
            ConformanceTable(path: $0, text: try text($0))
        }
        manifest = Manifest(SourceFile(path: "Package.swift", text: try text("Package.swift")))
    }
}
