import Foundation

/// A folder or a file in it could not be made, named or removed, in the words of the system.
///
/// Foundation's own errors print a page about themselves and leave the reason in its last line.
public struct FolderError: Error, Hashable, Sendable {
    /// What was tried: `make`, `rename` or `remove`.
    public var operation: String
    /// The folder or file.
    public var path: String
    /// Why it failed: `Not a directory`.
    public var reason: String

    /// Does something with a folder.
    /// - Throws: what went wrong, as a ``FolderError``.
    static func explaining(
        _ operation: String, _ item: URL, _ body: () throws -> Void
    ) throws(FolderError) {
        do {
            try body()
        } catch {
            let cause = ((error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error ?? error) as NSError
            let isOfSystem = cause.domain == NSPOSIXErrorDomain
            throw FolderError(
                operation: operation, path: item.path,
                reason: isOfSystem ? String(cString: strerror(Int32(cause.code))) : cause.localizedDescription)
        }
    }
}

extension FolderError: CustomStringConvertible {
    /// `cannot make Runs/branch-office: Not a directory`.
    public var description: String { "cannot \(operation) \(path): \(reason)" }
}
