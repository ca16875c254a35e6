/// Below the worlds nothing walks a dictionary or a set, because their order differs from run to run.
///
/// A heuristic by names: what the files of one type declare as a dictionary or set must not be walked in them.
enum IterationRule {
    private static let walks: Set = [
        "map", "compactMap", "flatMap", "forEach", "reduce", "keys", "values", "first", "enumerated", "lazy", "joined",
        "makeIterator", "popFirst", "removeFirst", "prefix", "dropFirst",
    ]

    static func findings(in files: [SourceFile]) -> [Finding] {
        let below = files.filter { HousePlan.room(of: $0)?.isBelowTheWorlds == true }
        let groups = Dictionary(grouping: below) { "\($0.target)/\($0.type)" }
        return groups.values.flatMap { group in
            let names = Set(group.flatMap(unorderedNames))
            return group.flatMap { walks(over: names, in: $0) }
        }.sorted { ($0.path, $0.line) < ($1.path, $1.line) }
    }

    private static func unorderedNames(in file: SourceFile) -> [String] {
        file.code.indices.compactMap { index in
            guard file.code[index].kind == .word, let next = file.token(index + 1),
                next.isMark(":") || next.isMark("=")
            else { return nil }
            return isUnordered(at: index + 2, in: file) ? file.code[index].text : nil
        }
    }

    private static func isUnordered(at index: Int, in file: SourceFile) -> Bool {
        guard let token = file.token(index) else { return false }
        if token.isWord("inout") || token.isWord("borrowing") { return isUnordered(at: index + 1, in: file) }
        let isGeneric = file.token(index + 1).map { $0.isMark("<") || $0.isMark("(") || $0.isMark("=") } == true
        if token.isWord("Set") || token.isWord("Dictionary") { return isGeneric }
        return token.isMark("[") && hasKeys(at: index, in: file)
    }

    /// Whether the brackets at an index hold keys with colons, as a dictionary's type or literal does.
    private static func hasKeys(at index: Int, in file: SourceFile) -> Bool {
        let end = file.closing(index)
        var place = index + 1
        while place < end {
            let token = file.code[place]
            if token.isMark("?"), !file.code[place - 1].touches(token) { return false }
            if token.isMark(":") { return true }
            place = ["(", "[", "{"].contains(token.text) ? file.closing(place) + 1 : place + 1
        }
        return false
    }

    private static func walks(over names: Set<String>, in file: SourceFile) -> [Finding] {
        file.code.indices.compactMap { index in
            let token = file.code[index]
            guard token.kind == .word, names.contains(token.text), isWalked(at: index, in: file) else { return nil }
            return Finding(path: file.path, line: token.line, complaint: "walks \(token.text), which has no order")
        }
    }

    private static func isWalked(at index: Int, in file: SourceFile) -> Bool {
        let isMember = file.token(index - 1)?.isMark(".") == true
        let isOfSelf = isMember && file.token(index - 2)?.isWord("self") == true
        // What belongs to another value is declared elsewhere, whatever it is called.
        guard !isMember || isOfSelf else { return false }
        if file.token(index + 1)?.isMark(".") == true, let member = file.token(index + 2) {
            return walks.contains(member.text)
        }
        let first = isOfSelf ? index - 2 : index
        let opensBody = file.token(index + 1).map { $0.isMark("{") || $0.isWord("where") } == true
        if file.token(first - 1)?.isWord("in") == true { return opensBody }
        return file.token(first - 1)?.isMark("(") == true && file.token(first - 2)?.isWord("Array") == true
    }
}
