/// What keeps a file from being a message as DATA transfers it (RFC 5322 §2.1, §3.6; RFC 5321 §4.5.3.1.6).
struct MessageFileFault {
    /// The line, from 1.
    var line: Int
    /// What is wrong with it, when the expectation does not say it.
    var problem: String?
    /// What was expected.
    var expected: String

    /// The first fault of a file; nil when it is a message.
    static func first(in octets: [UInt8]) -> MessageFileFault? {
        guard !octets.isEmpty else { return MessageFileFault(line: 1, problem: "empty", expected: "header fields") }
        var header = Header()
        var (start, line) = (0, 1)
        while start < octets.count {
            let end = octets[start...].firstIndex { $0 == 0x0D || $0 == 0x0A } ?? octets.count
            if let fault = lineEndFault(of: octets, at: end, line: line) { return fault }
            guard end - start <= 998 else {
                return MessageFileFault(line: line, problem: "\(end - start) octets", expected: "at most 998 in a line")
            }
            if octets[start..<end].contains(0) {
                return MessageFileFault(line: line, problem: "a NUL", expected: "no NUL in a message")
            }
            if !header.isOver, let fault = header.take(octets[start..<end], line: line) { return fault }
            start = end + 2
            line += 1
        }
        return header.isOver ? nil : header.missing(line: line - 1)
    }

    private static func lineEndFault(of octets: [UInt8], at end: Int, line: Int) -> MessageFileFault? {
        guard end < octets.count else {
            return MessageFileFault(line: line, problem: "the last line has no end", expected: "CR LF after every line")
        }
        if octets[end] == 0x0A {
            return MessageFileFault(
                line: line, problem: "ends with LF alone", expected: "CR LF after every line (unix2dos makes it so)")
        }
        guard end + 1 < octets.count, octets[end + 1] == 0x0A else {
            return MessageFileFault(line: line, problem: "a CR without LF", expected: "CR LF after every line")
        }
        return nil
    }

    private struct Header {
        var isOver = false
        private var hasFrom = false
        private var hasDate = false
        private var isEmpty = true

        mutating func take(_ line: ArraySlice<UInt8>, line number: Int) -> MessageFileFault? {
            guard let first = line.first else {
                isOver = true
                return missing(line: number)
            }
            if first == 0x20 || first == 0x09 {
                return isEmpty
                    ? MessageFileFault(line: number, problem: "begins with a space", expected: "a header field") : nil
            }
            let name = line.prefix { $0 != UInt8(ascii: ":") }
            guard !name.isEmpty, name.endIndex < line.endIndex, name.allSatisfy({ (33...126).contains($0) }) else {
                return MessageFileFault(
                    line: number, problem: "no header field", expected: "`Name: …`, or an empty line before the body")
            }
            isEmpty = false
            let folded = String(decoding: name, as: UTF8.self).lowercased()
            hasFrom = hasFrom || folded == "from"
            hasDate = hasDate || folded == "date"
            return nil
        }

        func missing(line: Int) -> MessageFileFault? {
            guard hasFrom, hasDate else {
                return MessageFileFault(
                    line: line, problem: "the header ends without \(hasFrom ? "Date" : "From")",
                    expected: "the fields From and Date")
            }
            return isOver
                ? nil
                : MessageFileFault(line: line, problem: "the file ends", expected: "an empty line after the header")
        }
    }
}
