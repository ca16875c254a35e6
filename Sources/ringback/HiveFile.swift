import Capture
import Foundation
import Registry

/// A hive in a `.reg` file.
struct HiveFile {
    /// A hive file is at most this large.
    private static let largest = 16 << 20

    let path: String
    /// What the file holds; nil when there is none.
    let octets: [UInt8]?

    /// The hive and the generation of its file; without a file it is empty.
    func contents() throws(RegistryRefusal) -> (hive: RegistryHive, format: RegistryFileFormat) {
        var hive = RegistryHive()
        guard let octets else { return (hive, .version5) }
        do throws(RegistryFileError) {
            let format = try hive.importFile(octets)
            return (hive, format)
        } catch {
            throw .refused("\(path): \(error)")
        }
    }

    /// Keeps the hive as it was in the next free file beside it, and then writes the new one.
    /// - Returns: the file that holds the old one; nil when there was none.
    func replace(by hive: RegistryHive, format: RegistryFileFormat) throws(RegistryRefusal) -> String? {
        let new = try HiveFile.file(of: hive, format: format)
        var kept: String?
        if let octets {
            let name = HiveFile.nextFree(beside: path)
            try HiveFile.write(octets, to: name)
            kept = name
        }
        try HiveFile.write(new, to: path)
        return kept
    }

    /// The octets of a hive's file.
    static func file(of hive: RegistryHive, format: RegistryFileFormat) throws(RegistryRefusal) -> [UInt8] {
        do throws(RegistryEncodingError) {
            return try hive.file(format)
        } catch {
            throw .refused("\(error)")
        }
    }

    /// Writes a file that appears under its name only when it is whole.
    static func write(_ octets: [UInt8], to path: String) throws(RegistryRefusal) {
        do throws(CaptureError) {
            var file = try PartialFile(path: path)
            try file.append(octets)
            try file.finish()
        } catch {
            throw .unwritten("\(error)")
        }
    }

    /// Reads a file of limited size.
    static func octets(of path: String) throws(RegistryRefusal) -> [UInt8] {
        guard exists(path) else { throw .refused("\(path): no such file") }
        guard let file = FileHandle(forReadingAtPath: path) else { throw .refused("\(path): cannot be read") }
        var octets: [UInt8] = []
        do {
            while octets.count <= largest, let part = try file.read(upToCount: largest + 1 - octets.count),
                !part.isEmpty
            {
                octets.append(contentsOf: part)
            }
        } catch {
            throw .refused("\(path): cannot be read")
        }
        guard octets.count <= largest else { throw .refused("\(path): larger than \(largest >> 20) MiB") }
        return octets
    }

    /// Whether something has this name.
    static func exists(_ path: String) -> Bool {
        (try? FileManager.default.attributesOfItem(atPath: path)) != nil
    }

    /// Whether two names lead to the same file.
    static func isSame(_ path: String, as other: String) -> Bool {
        let resolved = [path, other].map { URL(filePath: $0).resolvingSymlinksInPath().standardizedFileURL.path }
        return resolved[0] == resolved[1]
    }

    private static func nextFree(beside path: String) -> String {
        var number = 1
        while exists("\(path).before-\(number).reg") { number += 1 }
        return "\(path).before-\(number).reg"
    }
}
