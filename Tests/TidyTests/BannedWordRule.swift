/// Below the worlds nothing reads a clock, draws luck of its own, runs beside the driver, or writes anywhere.
enum BannedWordRule {
    private static let words: Set = [
        "Foundation", "Glibc", "Dispatch", "Date", "UUID", "ContinuousClock", "SuspendingClock", "DispatchQueue",
        "SystemRandomNumberGenerator", "ObjectIdentifier", "hashValue", "async", "await", "Task", "actor", "print",
        "debugPrint", "dump",
    ]
    private static let members: Set = ["random", "randomElement", "shuffled", "shuffle"]
    private static let attributes: Set = ["unchecked", "preconcurrency"]

    static func findings(in file: SourceFile) -> [Finding] {
        guard HousePlan.room(of: file)?.isBelowTheWorlds == true else { return [] }
        return file.code.indices.compactMap { index in
            let token = file.code[index]
            guard token.kind == .word else { return nil }
            let isCall = file.token(index - 1)?.isMark(".") == true && file.token(index + 1)?.isMark("(") == true
            let isAttribute = file.token(index - 1)?.isMark("@") == true
            guard
                words.contains(token.text) || isCall && members.contains(token.text)
                    || isAttribute && attributes.contains(token.text)
            else { return nil }
            return Finding(path: file.path, line: token.line, complaint: "\(token.text) below the worlds")
        }
    }
}
