/// The `.reg` files of the registry editor, in both of their generations: reading and writing.
extension RegistryHive {
    /// Reads the octets of a `.reg` file and does what it says, in order; a refused file changes nothing.
    ///
    /// The registry editor of Windows 2000 and later writes UTF-16 with a byte order mark, that of Windows NT 4 and 95
    /// Windows-1252; UTF-8 with the newer signature is read too.
    /// - Parameter octets: the whole file.
    /// - Returns: the generation of the file.
    /// - Throws: ``RegistryFileError`` with the first line that cannot be carried out; no type is ever skipped.
    @discardableResult
    public mutating func importFile(_ octets: [UInt8]) throws(RegistryFileError) -> RegistryFileFormat {
        guard let text = RegistryFileFormat.text(ofFile: octets) else {
            throw RegistryFileError(line: 1, problem: .encoding)
        }
        return try importFile(text: text)
    }

    /// Reads the text of a `.reg` file and does what it says, in order; a refused file changes nothing.
    /// - Parameter text: the whole file, lines ended by LF or CR LF.
    /// - Returns: the generation of the file.
    /// - Throws: ``RegistryFileError`` with the first line that cannot be carried out; no type is ever skipped.
    @discardableResult
    public mutating func importFile(text: String) throws(RegistryFileError) -> RegistryFileFormat {
        var reader = try RegistryFileReader(text: text, hive: self)
        try reader.readAll()
        self = reader.hive
        return reader.format
    }

    /// The hive as the text of a `.reg` file, version 5.00, lines ended by CR LF; importing it gives the same hive.
    public var fileText: String { text(.version5) }

    /// The octets of the hive's `.reg` file; importing it gives the same hive.
    /// - Parameter format: the generation.
    /// - Returns: the whole file.
    /// - Throws: ``RegistryEncodingError`` when the generation's code page lacks a character of the hive.
    public func file(_ format: RegistryFileFormat) throws(RegistryEncodingError) -> [UInt8] {
        for key in keys {
            guard format.holds("\(key)") else { throw RegistryEncodingError(key: key, name: nil) }
            for entry in entries(of: key) {
                guard ([entry.name] + entry.value.texts).allSatisfy(format.holds) else {
                    throw RegistryEncodingError(key: key, name: entry.name)
                }
            }
        }
        return format.file(text: text(format))
    }

    private func text(_ format: RegistryFileFormat) -> String {
        var lines = [format.signature]
        for key in keys {
            lines += ["", "[\(key)]"]
            for entry in entries(of: key) {
                let name = entry.name.isEmpty ? "@" : RegistryValue.inQuotes(entry.name)
                lines += RegistryHive.broken(name, entry.value.written(format))
            }
        }
        return lines.joined(separator: "\r\n") + "\r\n"
    }

    /// The longest line of octets that the registry editor writes.
    private static let longestLine = 80

    /// An entry in as many lines as the registry editor takes for it: octets go on below, everything else does not.
    private static func broken(_ name: String, _ value: String) -> [String] {
        guard value.hasPrefix("hex"), let colon = value.firstIndex(of: ":") else { return ["\(name)=\(value)"] }
        var lines: [String] = []
        var line = "\(name)=\(value[...colon])"
        for octet in value[value.index(after: colon)...].split(separator: ",") {
            if line.utf8.count + octet.utf8.count + 2 > longestLine {
                lines.append(line + "\\")
                line = "  "
            }
            line += octet + ","
        }
        return lines + [line.last == "," ? String(line.dropLast()) : line]
    }
}

/// A character that a `.reg` file of the older generation cannot hold.
public struct RegistryEncodingError: Error, Hashable, Sendable {
    /// The key.
    public let key: RegistryKeyPath
    /// The value with the character in its name or its text; nil when it is in the key's path.
    public let name: String?
}

extension RegistryEncodingError: CustomStringConvertible {
    /// Where the character is and what to do about it.
    public var description: String {
        let place = name.map { "\(key)\\\($0)" } ?? "\(key)"
        return "\(place) has a character that REGEDIT4 files cannot hold; version 5.00 can"
    }
}
