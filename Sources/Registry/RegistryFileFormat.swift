/// The two generations of `.reg` files.
public enum RegistryFileFormat: String, CaseIterable, Hashable, Sendable {
    /// What Windows 2000 and later write: UTF-16, little end first, with a byte order mark.
    case version5 = "Windows Registry Editor Version 5.00"
    /// What Windows NT 4 and 95 write: the code page of the machine, here Windows-1252.
    case regedit4 = "REGEDIT4"

    /// The first line.
    public var signature: String { rawValue }

    /// The generation of a file, by its first line; nil when the octets are no `.reg` file.
    public init?(ofFile octets: [UInt8]) {
        guard let text = RegistryFileFormat.text(ofFile: octets) else { return nil }
        self.init(rawValue: String(text.unicodeScalars.prefix { $0 != "\n" }).trimmed)
    }

    /// The octets of a text in the generation's encoding: what `hex(2):` and `hex(7):` hold. A character that
    /// Windows-1252 lacks becomes a question mark; see ``RegistryHive/file(_:)`` for what prevents that.
    func octets(of text: String) -> [UInt8] {
        switch self {
        case .version5: text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        case .regedit4: text.unicodeScalars.map { Windows1252.octet(of: $0) ?? UInt8(ascii: "?") }
        }
    }

    /// Whether the generation has an octet or more for each character.
    func holds(_ text: String) -> Bool {
        self == .version5 || text.unicodeScalars.allSatisfy { Windows1252.octet(of: $0) != nil }
    }

    /// The text that octets hold, with or without the zero that ends it.
    func text(in octets: [UInt8]) throws(RegistryValueError) -> String {
        let pieces = try pieces(of: octets)
        guard pieces.dropFirst().allSatisfy(\.isEmpty) else { throw .textAfterEnd }
        return pieces[0]
    }

    /// The list of texts that octets hold: each ended by zero, the list by an empty one.
    func texts(in octets: [UInt8]) throws(RegistryValueError) -> [String] {
        let pieces = try pieces(of: octets)
        let texts = Array(pieces.prefix { !$0.isEmpty })
        guard pieces.dropFirst(texts.count).allSatisfy(\.isEmpty) else { throw .textAfterEnd }
        return texts
    }

    /// What stands between the zeros: at least one piece.
    private func pieces(of octets: [UInt8]) throws(RegistryValueError) -> [String] {
        guard let text = decoded(octets) else { throw .notText }
        guard !text.unicodeScalars.contains(where: { $0.isControl && $0 != "\0" }) else { throw .unprintable }
        return text.unicodeScalars.split(separator: "\0", omittingEmptySubsequences: false).map { String($0) }
    }

    private func decoded(_ octets: [UInt8]) -> String? {
        switch self {
        case .version5: UTF16Octets.text(octets[...], isBigEndian: false)
        case .regedit4: Windows1252.text(octets)
        }
    }
}

extension RegistryFileFormat {
    /// The text of a whole file, whichever way it is encoded.
    ///
    /// A byte order mark decides; without one, a file of the older generation is in Windows-1252, and another in UTF-8,
    /// which is what editors of today leave behind.
    static func text(ofFile octets: [UInt8]) -> String? {
        if octets.starts(with: [0xFF, 0xFE]) { return UTF16Octets.text(octets[2...], isBigEndian: false) }
        if octets.starts(with: [0xFE, 0xFF]) { return UTF16Octets.text(octets[2...], isBigEndian: true) }
        if octets.starts(with: [0xEF, 0xBB, 0xBF]) { return String(validating: octets[3...], as: UTF8.self) }
        let beginning = octets.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        if beginning.starts(with: regedit4.signature.utf8) { return Windows1252.text(octets) }
        return String(validating: octets, as: UTF8.self)
    }

    /// The octets of a whole file.
    func file(text: String) -> [UInt8] {
        (self == .version5 ? [0xFF, 0xFE] : []) + octets(of: text)
    }
}

/// UTF-16 as octets.
private enum UTF16Octets {
    /// Nil when the octets are odd in number or no text.
    static func text(_ octets: ArraySlice<UInt8>, isBigEndian: Bool) -> String? {
        guard octets.count.isMultiple(of: 2) else { return nil }
        let units = stride(from: octets.startIndex, to: octets.endIndex, by: 2).map { (index: Int) -> UInt16 in
            let (first, second) = (UInt16(octets[index]), UInt16(octets[index + 1]))
            return isBigEndian ? first << 8 | second : second << 8 | first
        }
        return String(validating: units, as: UTF16.self)
    }
}
