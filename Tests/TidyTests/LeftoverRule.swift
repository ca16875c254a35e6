/// No comment promises work that is not done.
enum LeftoverRule {
    private static let words = ["TODO", "FIXME", "XXX", "HACK"]

    static func findings(in file: SourceFile) -> [Finding] {
        file.comments.compactMap { comment in
            guard let word = words.first(where: { comment.text.contains($0) }) else { return nil }
            return Finding(path: file.path, line: comment.line, complaint: "a comment says \(word)")
        }
    }
}
