import Glibc

/// A file that is written piece by piece, where nobody looks until it is whole.
///
/// Nothing is buffered: there may be many of these at a time. So that they do not use up the descriptors that a process
/// may have, a file can be closed between two pieces.
public struct GrowingFile: Sendable {
    private let path: String
    private let permissions: mode_t
    private var descriptor: Int32?
    /// Whether anything has been written yet.
    private var isThere = false

    /// A file that is made when the first piece is written.
    /// - Parameters:
    ///   - path: its name; there is no file of that name yet.
    ///   - permissions: who may do what with it, as far as the process's mask allows it.
    public init(path: String, permissions: UInt32 = 0o666) {
        self.path = path
        self.permissions = permissions
    }

    /// Whether the file takes a descriptor.
    public var isOpen: Bool { descriptor != nil }

    /// Puts octets last.
    /// - Throws: ``CaptureError`` when the file cannot be made, or the disk is full or fails.
    public mutating func append(_ octets: [UInt8]) throws(CaptureError) {
        let target = try opened()
        let code = unsafe octets.withUnsafeBytes { octets in
            unsafe PartialFile.writeAll(octets) { unsafe write(target, $0.baseAddress, $0.count) }
        }
        if let code { throw CaptureError(.write, path, code: code) }
    }

    private mutating func opened() throws(CaptureError) -> Int32 {
        if let descriptor { return descriptor }
        let target = unsafe open(path, O_WRONLY | (isThere ? O_APPEND : O_CREAT | O_EXCL) | O_CLOEXEC, permissions)
        guard target >= 0 else { throw CaptureError(isThere ? .write : .create, path, code: errno) }
        descriptor = target
        isThere = true
        return target
    }

    /// Closes the file; it is opened again when more comes.
    /// - Throws: ``CaptureError`` when a disk reports only now that it is full.
    public mutating func close() throws(CaptureError) {
        guard let target = descriptor else { return }
        descriptor = nil
        // After EINTR Linux has closed the descriptor all the same.
        if Glibc.close(target) != 0, errno != EINTR { throw CaptureError(.close, path, code: errno) }
    }

    /// Closes the file and takes it away, as far as that is possible.
    public mutating func remove() {
        try? close()
        if isThere { _ = unsafe unlink(path) }
    }
}
