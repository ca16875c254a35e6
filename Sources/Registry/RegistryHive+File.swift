/// Why a text is not a `.reg` file, and where.
public struct RegistryFileError: Error, Hashable, Sendable {
    /// What is wrong.
    public enum Problem: Hashable, Sendable {
        /// Neither UTF-16 with a byte order mark nor UTF-8.
        case encoding
        /// The first line is neither `Windows Registry Editor Version 5.00` nor `REGEDIT4`.
        case signature(String)
        /// `[` without a `]` at the end of the line.
        case unclosedKey
        /// The path between the brackets is none.
        case key(RegistryKeyPathError)
        /// `[-HKEY_LOCAL_MACHINE]`: a predefined key cannot be deleted.
        case deletesRoot
        /// A value before the first key, or below a key that is deleted.
        case valueWithoutKey
        /// A line that is neither a key nor `"name"=value` nor a comment.
        case notAnEntry(String)
        /// What stands right of the equals sign cannot be set.
        case value(RegistryValueError)
    }

    /// The line, counted from 1.
    public let line: Int
    /// What is wrong there.
    public let problem: Problem
}

/// The `.reg` format of the registry editor: REG_DWORD and REG_SZ, deletion of values and keys.
extension RegistryHive {
    /// Reads the octets of a `.reg` file and does what it says, in order; a refused file changes nothing.
    ///
    /// The registry editor of Windows 2000 and later writes UTF-16 with a byte order mark; UTF-8 and ASCII are read
    /// too.
    /// - Parameter octets: the whole file.
    /// - Throws: ``RegistryFileError`` with the first line that cannot be carried out; no type is ever skipped.
    public mutating func importFile(_ octets: [UInt8]) throws(RegistryFileError) {
        try importFile(text: RegistryHive.decoded(octets))
    }

    /// Reads the text of a `.reg` file and does what it says, in order; a refused file changes nothing.
    /// - Parameter text: the whole file, lines ended by LF or CR LF.
    /// - Throws: ``RegistryFileError`` with the first line that cannot be carried out; no type is ever skipped.
    public mutating func importFile(text: String) throws(RegistryFileError) {
        let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        let signature = String(lines[0]).trimmed
        guard signature == RegistryHive.signature || signature == "REGEDIT4" else {
            throw RegistryFileError(line: 1, problem: .signature(signature))
        }
        var result = self
        var key: RegistryKeyPath?
        for (number, line) in lines.enumerated().dropFirst() {
            do throws(RegistryFileLineError) {
                try result.carryOut(String(line).trimmed, key: &key)
            } catch {
                throw RegistryFileError(line: number + 1, problem: error.problem)
            }
        }
        self = result
    }

    /// The hive as the text of a `.reg` file, version 5.00, lines ended by CR LF; importing it gives the same hive.
    public var fileText: String {
        var lines = [RegistryHive.signature]
        for key in keys {
            lines += ["", "[\(key)]"]
            for entry in entries(of: key) {
                let name = entry.name.isEmpty ? "@" : RegistryValue.inQuotes(entry.name)
                lines.append("\(name)=\(entry.value)")
            }
        }
        return lines.joined(separator: "\r\n") + "\r\n"
    }

    private static let signature = "Windows Registry Editor Version 5.00"

    private static func decoded(_ octets: [UInt8]) throws(RegistryFileError) -> String {
        let unreadable = RegistryFileError(line: 1, problem: .encoding)
        let isBigEndian = octets.starts(with: [0xFE, 0xFF])
        if isBigEndian || octets.starts(with: [0xFF, 0xFE]) {
            guard octets.count.isMultiple(of: 2) else { throw unreadable }
            let units = stride(from: 2, to: octets.count, by: 2).map { (index: Int) -> UInt16 in
                let (first, second) = (UInt16(octets[index]), UInt16(octets[index + 1]))
                return isBigEndian ? first << 8 | second : second << 8 | first
            }
            guard let text = String(validating: units, as: UTF16.self) else { throw unreadable }
            return text
        }
        let body = octets.starts(with: [0xEF, 0xBB, 0xBF]) ? octets.dropFirst(3) : octets[...]
        guard let text = String(validating: body, as: UTF8.self) else { throw unreadable }
        return text
    }

    private mutating func carryOut(_ line: String, key: inout RegistryKeyPath?) throws(RegistryFileLineError) {
        switch line.unicodeScalars.first {
        case nil, ";": return
        case "[": try openKey(line, key: &key)
        case "\"", "@": try carryOutEntry(line, key: key)
        default: throw .init(problem: .notAnEntry(line))
        }
    }

    private mutating func openKey(_ line: String, key: inout RegistryKeyPath?) throws(RegistryFileLineError) {
        guard line.unicodeScalars.last == "]" else { throw .init(problem: .unclosedKey) }
        let inside = String(line.unicodeScalars.dropFirst().dropLast())
        let deletes = inside.unicodeScalars.first == "-"
        let path: RegistryKeyPath
        do throws(RegistryKeyPathError) {
            path = try RegistryKeyPath(parsing: deletes ? String(inside.unicodeScalars.dropFirst()) : inside)
        } catch {
            throw .init(problem: .key(error))
        }
        if deletes {
            guard !path.names.isEmpty else { throw .init(problem: .deletesRoot) }
            removeKey(path)
            key = nil
        } else {
            createKey(path)
            key = path
        }
    }

    private mutating func carryOutEntry(_ line: String, key: RegistryKeyPath?) throws(RegistryFileLineError) {
        guard let key else { throw .init(problem: .valueWithoutKey) }
        do throws(RegistryValueError) {
            var rest = Substring(line).unicodeScalars
            var name = ""
            if rest.first == "@" { rest.removeFirst() } else { (name, rest) = try RegistryValue.takeText(from: rest) }
            let right = String(rest).trimmed
            guard right.unicodeScalars.first == "=" else { throw RegistryValueError.notAValue(right) }
            let value = try String(right.unicodeScalars.dropFirst()).trimmed.withoutComment()
            if value == "-" {
                remove(name, in: key)
            } else {
                set(name, in: key, to: try RegistryValue(imported: value))
            }
        } catch {
            throw .init(problem: .value(error))
        }
    }
}

/// A problem that does not know its line yet.
private struct RegistryFileLineError: Error {
    let problem: RegistryFileError.Problem
}

extension RegistryValue {
    /// A `.reg` file knows no bare numbers; everything else is as in a scenario.
    fileprivate init(imported text: String) throws(RegistryValueError) {
        guard text.contains(":") || text.unicodeScalars.first == "\"" else { throw .notAValue(text) }
        try self.init(parsing: text)
    }
}

extension String {
    /// Without the white space and the carriage return around a line.
    fileprivate var trimmed: String {
        let isBlank = { (scalar: Unicode.Scalar) in scalar == " " || scalar == "\t" || scalar == "\r" }
        var rest = Substring(self).unicodeScalars.drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return String(rest)
    }

    /// Without a comment after the value; a semicolon inside quotes begins none.
    fileprivate func withoutComment() throws(RegistryValueError) -> String {
        guard unicodeScalars.first == "\"" else {
            return String(unicodeScalars.prefix { $0 != ";" }).trimmed
        }
        let rest = try RegistryValue.takeText(from: Substring(self).unicodeScalars).rest
        guard String(rest).trimmed.unicodeScalars.first ?? ";" == ";" else { return self }
        return String(unicodeScalars[..<rest.startIndex])
    }
}

extension RegistryFileError: CustomStringConvertible {
    /// `line 4: …`: where, what was found, what was expected.
    public var description: String { "line \(line): \(problem)" }
}

extension RegistryFileError.Problem: CustomStringConvertible {
    /// What was found and what was expected.
    public var description: String {
        switch self {
        case .encoding: "the file is neither UTF-16 with a byte order mark nor UTF-8"
        case .signature(let found):
            "the first line is \(quoted(found)), not \"Windows Registry Editor Version 5.00\" or \"REGEDIT4\""
        case .unclosedKey: "a key has no ] at the end of its line"
        case .key(let error): error.description
        case .deletesRoot: "a predefined key cannot be deleted"
        case .valueWithoutKey: "a value stands below no key"
        case .notAnEntry(let line): "\(quoted(line)) is neither [key] nor \"name\"=value nor a comment"
        case .value(let error): error.description
        }
    }
}
