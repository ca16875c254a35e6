import TestSupport
import Testing

extension TemporaryFolder {
    /// Writes over a page of the database in which some words stand, as a bad disk does: of several, the middle one.
    func damageDatabase(at words: String) throws {
        let size = 4_096
        var octets = try octets(of: "queue.db")
        let pages = stride(from: size, to: octets.count, by: size).filter { start in
            // 0x0D: a leaf of a table.
            octets[start] == 0x0D && octets[start..<start + size].contains(words)
        }
        try #require(pages.count > 2)
        let page = pages[pages.count / 2]
        for index in page..<page + size { octets[index] = 0xAA }
        try write(octets, to: "queue.db")
    }
}

extension ArraySlice<UInt8> {
    fileprivate func contains(_ words: String) -> Bool {
        let words = Array(words.utf8)
        return indices.contains { self[$0] == words[0] && self[$0...].starts(with: words) }
    }
}
