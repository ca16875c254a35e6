import Foundation

/// A folder for the files of one test, gone when the test is over.
public final class TemporaryFolder: Sendable {
    /// Where it is.
    public let path: String

    /// Makes a folder of its own.
    /// - Throws: what the system says when it cannot.
    public init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("ringback-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of a file in it.
    public func file(_ name: String) -> String { "\(path)/\(name)" }

    /// The names of its files, in the order of the alphabet.
    public var files: [String] {
        get throws { try TemporaryFolder.names(in: path) }
    }

    /// The names in a folder, in the order of the alphabet.
    /// - Throws: what the system says when there is no such folder.
    public static func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    /// The octets of a file in it.
    /// - Throws: what the system says when there is none.
    public func octets(of name: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: URL(fileURLWithPath: file(name))))
    }

    /// Writes a file into it.
    /// - Throws: what the system says when it cannot.
    public func write(_ octets: [UInt8], to name: String) throws {
        try Data(octets).write(to: URL(fileURLWithPath: file(name)))
    }
}
