import Registry

/// From a request to what is printed and what is written.
extension RegistryRequest {
    /// Does what is asked for.
    /// - Throws: ``RegistryRefusal``, or what standard output did not take.
    func carryOut() throws {
        switch verb {
        case .query: try query()
        case .export: try export()
        case .backup: try backup()
        case .add, .delete, .importFile, .restore: try change()
        }
    }

    private static let done = "The operation completed successfully.\n"

    private func query() throws {
        let key = try key()
        var name: String?
        if case .value(let wanted) = target { name = wanted }
        guard let text = try source.opened().hive.query(key, name: name, descends: descends) else {
            let error: RegistryChangeError = if let name { .noValue(key, name) } else { .noKey(key) }
            throw RegistryRefusal.missing("\(error)")
        }
        try Terminal.print(text)
    }

    private func export() throws {
        let key = try key()
        let opened = try source.opened()
        guard opened.hive.contains(key) else { throw RegistryRefusal.missing("\(RegistryChangeError.noKey(key))") }
        try write(opened.hive.part(below: key), format: format, hive: opened.file)
        try Terminal.print(RegistryRequest.done)
    }

    private func backup() throws {
        let hive = try source.changeable()
        guard hive.octets != nil else { throw RegistryRefusal.refused("\(hive.path): no such file") }
        let contents = try hive.contents()
        try write(contents.hive, format: contents.format, hive: hive)
        try Terminal.print(RegistryRequest.done)
    }

    /// Writes the file that was asked for, which is not to take the place of what it is made from.
    private func write(
        _ part: RegistryHive, format: RegistryFileFormat, hive: HiveFile?
    ) throws(RegistryRefusal) {
        for own in [source.path, hive?.path].compactMap({ $0 }) where HiveFile.isSame(file, as: own) {
            throw .refused("\(file): this file is what would be read")
        }
        guard isForced || !HiveFile.exists(file) else { throw .refused("\(file): the file is there: /y replaces it") }
        try HiveFile.write(HiveFile.file(of: part, format: format), to: file)
    }

    private func change() throws {
        let change = try requestedChange()
        let file = try source.changeable()
        let before = try beginning(file)
        let hive = try changed(before?.hive ?? RegistryHive(), by: change)
        if hive != before?.hive {
            let format = before?.format ?? .version5
            if let kept = try file.replace(by: hive, format: restoredFormat(change) ?? format) {
                try Terminal.print("The hive as it was is kept in \(kept).\n")
            }
        }
        try Terminal.print(RegistryRequest.done)
        let key = ExchangeParameters.key
        guard hive.entries(of: key) != before?.hive.entries(of: key) ?? [] else { return }
        for value in ExchangeParameters.withoutEffect(in: hive) { try Terminal.print("\(value)\n") }
    }

    private func requestedChange() throws(RegistryRefusal) -> RegistryChange {
        switch verb {
        case .importFile: return .importFile(try HiveFile.octets(of: file))
        case .restore: return .restore(try HiveFile.octets(of: file))
        case .delete:
            let key = try key()
            guard isForced else { throw .refused("nothing is deleted without /f") }
            return switch target {
            case .key: .deleteKey(key)
            case .value(let name): .delete(name, in: key)
            case .allValues: .deleteValues(of: key)
            }
        default:
            let key = try key()
            guard case .value(let name) = target else { return .createKey(key) }
            return .set(name, in: key, to: try value(), replaces: isForced)
        }
    }

    /// What the hive holds before the change. Only a restored one may be missing, or be no `.reg` file any more.
    private func beginning(
        _ file: HiveFile
    ) throws(RegistryRefusal) -> (hive: RegistryHive, format: RegistryFileFormat)? {
        if verb == .restore { return file.octets == nil ? nil : try? file.contents() }
        guard file.octets != nil else { throw .refused("\(file.path): no such file") }
        return try file.contents()
    }

    private func changed(
        _ hive: RegistryHive, by change: RegistryChange
    ) throws(RegistryRefusal) -> RegistryHive {
        var changed = hive
        do throws(RegistryChangeError) {
            try changed.carryOut(change)
        } catch {
            if error.isAboutMissing { throw .missing("\(error)") }
            if case .file(let problem) = error { throw .refused("\(file): \(problem)") }
            throw .refused("\(error)")
        }
        return changed
    }

    /// A restored hive keeps the generation of the file it comes from.
    private func restoredFormat(_ change: RegistryChange) -> RegistryFileFormat? {
        if case .restore(let octets) = change { RegistryFileFormat(ofFile: octets) } else { nil }
    }
}
