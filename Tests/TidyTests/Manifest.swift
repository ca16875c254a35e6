/// The targets that `Package.swift` declares, and what each leans on.
struct Manifest {
    struct Target: Equatable {
        var name: String
        var dependencies: [String]
        var line: Int
    }

    private(set) var targets: [Target] = []

    /// Reads the calls that make targets: SwiftPM's own and the two functions of this manifest.
    init(_ file: SourceFile) {
        let makers = ["room", "tests", "target", "executableTarget", "testTarget"]
        for index in file.code.indices where makers.contains(file.code[index].text) {
            guard file.token(index + 1)?.isMark("(") == true, file.token(index - 1)?.isWord("func") != true else {
                continue
            }
            let arguments = (index + 2)..<file.closing(index + 1)
            let first = file.code[index + 2].isWord("name") ? index + 4 : index + 2
            guard let name = file.token(first), name.kind == .string else { continue }
            targets.append(
                Target(
                    name: name.text, dependencies: Manifest.dependencies(in: arguments, of: file),
                    line: name.line))
        }
    }

    /// The strings of the list behind `on:` or `dependencies:`; of a product its name, not its package.
    private static func dependencies(in arguments: Range<Int>, of file: SourceFile) -> [String] {
        let label = arguments.first { index in
            ["on", "dependencies"].contains(file.code[index].text) && file.token(index + 1)?.isMark(":") == true
        }
        guard let label, file.token(label + 2)?.isMark("[") == true else { return [] }
        return ((label + 2)..<file.closing(label + 2)).compactMap { index in
            let isPackage = file.code[index - 1].isMark(":") && file.code[index - 2].isWord("package")
            return file.code[index].kind == .string && !isPackage ? file.code[index].text : nil
        }
    }
}
