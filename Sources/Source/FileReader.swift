import Foundation

/// Reads files of limited size, and names in folders.
package enum FileReader {
    /// A scenario or an included file is at most this large: 1 MiB.
    package static let largestScenario = 1 << 20
    /// A message is at most this large: 16 MiB.
    package static let largestMessage = 16 << 20

    /// The octets of a file.
    ///
    /// Whatever the file is, no more than the limit and one octet are ever read.
    /// - Parameters:
    ///   - path: the file's name.
    ///   - limit: how many octets it may have.
    /// - Returns: the whole content.
    /// - Throws: what is wrong with the file.
    package static func octets(of path: String, limit: Int) throws(Problem) -> [UInt8] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw Problem("no such file: \(path.abridged)")
        }
        guard !isFolder.boolValue else { throw Problem("a folder, not a file: \(path.abridged)") }
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw Problem("the file cannot be read: \(path.abridged)")
        }
        do {
            var octets: [UInt8] = []
            while octets.count <= limit, let part = try file.read(upToCount: min(1 << 16, limit + 1 - octets.count)),
                !part.isEmpty
            {
                octets.append(contentsOf: part)
            }
            try file.close()
            guard octets.count <= limit else {
                throw Problem(
                    "the file is too large: \(path.abridged)",
                    expected: "at most \(Quantity.size.text(of: Int64(limit)))")
            }
            return octets
        } catch let problem as Problem {
            throw problem
        } catch {
            throw Problem("the file cannot be read: \(path.abridged)")
        }
    }

    /// The names in a folder, sorted octet by octet; empty when there is no such folder.
    package static func names(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The same text for the same file, however it was named.
    package static func identity(of path: String) -> String {
        URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    }

    /// A path inside a folder; an absolute one stays what it is.
    package static func path(_ path: String, in folder: String) -> String {
        folder.isEmpty || path.hasPrefix("/") ? path : "\(folder)/\(path)"
    }

    /// The folder of a path: empty when it has none.
    package static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "" }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Whether a name fits a pattern in which `*` stands for any characters, none included. Linear in both.
    package static func matches(_ name: String, pattern: String) -> Bool {
        let (name, pattern) = (Array(name.utf8), Array(pattern.utf8))
        var (index, place) = (0, 0)
        var star: (place: Int, index: Int)?
        while index < name.count {
            if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
                star = (place, index)
                place += 1
            } else if place < pattern.count, pattern[place] == name[index] {
                (index, place) = (index + 1, place + 1)
            } else if let last = star {
                star = (last.place, last.index + 1)
                (index, place) = (last.index + 1, last.place + 1)
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
