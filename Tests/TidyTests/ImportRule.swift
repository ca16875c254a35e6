/// A room imports what the house plan lets it, and `Package.swift` declares what the room imports: no more, no less.
enum ImportRule {
    static func findings(in file: SourceFile) -> [Finding] {
        guard file.isSource else { return [] }
        guard let room = HousePlan.room(of: file) else {
            return [Finding(path: file.path, line: 1, complaint: "\(file.target) is not in the house plan")]
        }
        guard let allowed = room.imports else { return [] }
        return file.imports.filter { !allowed.contains($0.module) }.map {
            Finding(path: file.path, line: $0.line, complaint: "\(room.name) may not import \($0.module)")
        }
    }

    static func findings(in manifest: Manifest, files: [SourceFile]) -> [Finding] {
        manifest.targets.flatMap { target -> [Finding] in
            let imports = files.filter { $0.target == target.name }.flatMap(\.imports).map(\.module)
            let undeclared = Set(imports).subtracting(target.dependencies).subtracting(HousePlan.toolchain)
            // An executable is depended on to be built, so that tests can start it.
            let unused = Set(target.dependencies).subtracting(imports).subtracting(HousePlan.executables)
            return undeclared.sorted().map {
                Finding(path: "Package.swift", line: target.line, complaint: "\(target.name) imports \($0) undeclared")
            }
                + unused.sorted().map {
                    Finding(
                        path: "Package.swift", line: target.line, complaint: "\(target.name) never imports its \($0)")
                }
        }
    }
}
