/// Carries out the lines of a `.reg` file on a hive, from the first to the last.
struct RegistryFileReader {
    /// The hive as the lines so far have left it.
    private(set) var hive: RegistryHive
    /// The generation, which the first line says.
    let format: RegistryFileFormat
    private let lines: [Substring.UnicodeScalarView]
    /// The line that comes next, counted from 0.
    private var next = 1
    private var key: RegistryKeyPath?

    /// A reader before the second line.
    init(text: String, hive: RegistryHive) throws(RegistryFileError) {
        lines = Substring(text).unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        let signature = String(lines[0]).trimmed
        guard let format = RegistryFileFormat(rawValue: signature) else {
            throw RegistryFileError(line: 1, problem: .signature(signature))
        }
        self.format = format
        self.hive = hive
    }

    /// Reads to the end.
    mutating func readAll() throws(RegistryFileError) {
        while let line = takeLine() {
            let number = next
            do throws(LineError) {
                try carryOut(line)
            } catch {
                throw RegistryFileError(line: number, problem: error.problem)
            }
        }
    }

    private mutating func takeLine() -> String? {
        guard next < lines.count else { return nil }
        defer { next += 1 }
        return String(lines[next]).trimmed
    }

    private mutating func carryOut(_ line: String) throws(LineError) {
        switch line.unicodeScalars.first {
        case nil, ";": return
        case "[": try openKey(line)
        case "\"", "@": try carryOutEntry(line)
        default: throw LineError(problem: .notAnEntry(line))
        }
    }

    private mutating func openKey(_ line: String) throws(LineError) {
        guard line.unicodeScalars.last == "]" else { throw LineError(problem: .unclosedKey) }
        let inside = String(line.unicodeScalars.dropFirst().dropLast())
        let deletes = inside.unicodeScalars.first == "-"
        let path: RegistryKeyPath
        do throws(RegistryKeyPathError) {
            path = try RegistryKeyPath(parsing: deletes ? String(inside.unicodeScalars.dropFirst()) : inside)
        } catch {
            throw LineError(problem: .key(error))
        }
        if deletes {
            guard !path.names.isEmpty else { throw LineError(problem: .deletesRoot) }
            hive.removeKey(path)
            key = nil
        } else {
            hive.createKey(path)
            key = path
        }
    }

    private mutating func carryOutEntry(_ line: String) throws(LineError) {
        guard let key else { throw LineError(problem: .valueWithoutKey) }
        do throws(RegistryValueError) {
            let entry = try RegistryFileReader.parts(of: line)
            let written = try whole(entry.value)
            if written == "-" {
                hive.remove(entry.name, in: key)
            } else {
                hive.set(entry.name, in: key, to: try value(written))
            }
        } catch {
            throw LineError(problem: .value(error))
        }
    }

    /// Left and right of the equals sign.
    private static func parts(of line: String) throws(RegistryValueError) -> (name: String, value: String) {
        var rest = Substring(line).unicodeScalars
        var name = ""
        if rest.first == "@" { rest.removeFirst() } else { (name, rest) = try RegistryValue.takeText(from: rest) }
        let right = String(rest).trimmed
        guard right.unicodeScalars.first == "=" else { throw .notAValue(right) }
        return (name, try String(right.unicodeScalars.dropFirst()).trimmed.withoutComment())
    }

    /// A value with the lines into which it goes on: octets do, after a backslash.
    private mutating func whole(_ beginning: String) throws(RegistryValueError) -> String {
        guard beginning.lowercased().hasPrefix("hex") else { return beginning }
        var whole = beginning
        while whole.unicodeScalars.last == "\\" {
            guard let line = takeLine() else { throw .unfinished }
            whole = String(whole.unicodeScalars.dropLast()).trimmed + line.beforeComment
        }
        return whole
    }

    /// A `.reg` file knows no bare numbers; everything else is as in a scenario.
    private func value(_ text: String) throws(RegistryValueError) -> RegistryValue {
        guard text.contains(":") || text.unicodeScalars.first == "\"" else { throw .notAValue(text) }
        return try RegistryValue(parsing: text, format: format)
    }
}

/// A problem that does not know its line yet.
private struct LineError: Error {
    let problem: RegistryFileError.Problem
}

extension String {
    /// Without a comment after the value; a semicolon inside quotes begins none.
    fileprivate func withoutComment() throws(RegistryValueError) -> String {
        guard unicodeScalars.first == "\"" else { return beforeComment }
        let rest = try RegistryValue.takeText(from: Substring(self).unicodeScalars).rest
        guard String(rest).trimmed.unicodeScalars.first ?? ";" == ";" else { return self }
        return String(unicodeScalars[..<rest.startIndex])
    }

    /// What stands before the first semicolon.
    fileprivate var beforeComment: String { String(unicodeScalars.prefix { $0 != ";" }).trimmed }
}
