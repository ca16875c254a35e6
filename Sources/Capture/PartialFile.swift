import Glibc

/// A file that appears under its name only when it is whole.
///
/// Octets go through a buffer of 256 KiB to `<path>.partial`; ``finish()`` gives the file its name, ``abandon()`` or
/// the end of the value's life takes it away. An older file of that name stays as it is until the new one is whole.
/// This holds for runs that fail, not for a power cut: nothing is forced to the disk.
///
/// What is appended in one call is never cut by the buffer, so even the partial file of a killed run ends between two
/// records.
public struct PartialFile: ~Copyable, Sendable {
    /// How many octets are gathered before they are written.
    static let bufferSize = 256 * 1_024

    private let name: PartialName
    /// Negative once the file is sealed, finished or abandoned.
    private var descriptor: Int32
    /// Whether everything is written and only the name is missing.
    private var isSealed = false
    private var buffer: [UInt8] = []
    /// The first failure; nothing is written after it, since a hole would be worse than an end.
    private var failure: CaptureError?

    /// Makes the file under its partial name.
    /// - Parameter path: the name that the file gets when it is whole.
    /// - Throws: ``CaptureError`` when the file cannot be made there.
    public init(path: String) throws(CaptureError) {
        let name = PartialName(path: path)
        self.init(descriptor: try name.create(), name: name)
    }

    /// Takes over an open descriptor, which the file closes in the end.
    init(descriptor: Int32, name: PartialName) {
        self.name = name
        self.descriptor = descriptor
        buffer.reserveCapacity(PartialFile.bufferSize)
    }

    deinit {
        if descriptor >= 0 { _ = close(descriptor) }
        if descriptor >= 0 || isSealed { name.remove() }
    }

    /// The name that the file gets when it is whole.
    public var path: String { name.path }

    /// Puts octets last.
    /// - Throws: ``CaptureError`` when the disk is full or fails; from then on every call that must write says the
    ///   same.
    public mutating func append(_ octets: RawSpan) throws(CaptureError) {
        try makeRoom(for: octets.byteCount)
        buffer.append(octets)
    }

    /// Puts octets last.
    /// - Throws: ``CaptureError`` when the disk is full or fails.
    public mutating func append(_ octets: [UInt8]) throws(CaptureError) {
        try makeRoom(for: octets.count)
        buffer.append(contentsOf: octets)
    }

    /// Puts a text last, in UTF-8.
    /// - Throws: ``CaptureError`` when the disk is full or fails.
    public mutating func append(_ text: String) throws(CaptureError) {
        try makeRoom(for: text.utf8.count)
        buffer.append(contentsOf: text.utf8)
    }

    /// Writes what is left and closes the file; only its name is missing then. When that fails nothing of it stays.
    ///
    /// Who writes several files that belong together seals them all before the first gets its name: a full disk then
    /// leaves the older ones all as they were.
    /// - Throws: ``CaptureError`` when a write failed, now or before.
    public mutating func seal() throws(CaptureError) {
        precondition(descriptor >= 0, "a file is sealed once")
        do throws(CaptureError) {
            try flush()
        } catch {
            abandon()
            throw error
        }
        let closed = close(descriptor)
        descriptor = -1
        // Some file systems report a full disk only here. After EINTR Linux has closed the descriptor all the same.
        if closed != 0, errno != EINTR {
            let code = errno
            name.remove()
            throw CaptureError(.close, path, code: code)
        }
        isSealed = true
    }

    /// Seals the file, if that has not been done, and gives it its name. When that fails nothing of the new file stays.
    /// - Throws: ``CaptureError`` when a write failed, now or before, or the name cannot be given.
    public mutating func finish() throws(CaptureError) {
        if !isSealed { try seal() }
        isSealed = false
        try name.publish()
    }

    /// Closes and removes the partial file. An older file under the name stays. Harmless after ``finish()``.
    public mutating func abandon() {
        guard descriptor >= 0 || isSealed else { return }
        if descriptor >= 0 { _ = close(descriptor) }
        descriptor = -1
        isSealed = false
        name.remove()
    }

    private mutating func makeRoom(for count: Int) throws(CaptureError) {
        precondition(descriptor >= 0, "nothing is appended to a file that is sealed or abandoned")
        if buffer.count + count > PartialFile.bufferSize { try flush() }
    }

    private mutating func flush() throws(CaptureError) {
        if let failure { throw failure }
        let target = descriptor
        let code = unsafe buffer.withUnsafeBytes { octets in
            unsafe PartialFile.writeAll(octets) { unsafe write(target, $0.baseAddress, $0.count) }
        }
        if let code {
            let error = CaptureError(.write, path, code: code)
            failure = error
            throw error
        }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Calls `write` until everything is written; answers with the `errno` of a failure.
    ///
    /// A write may take fewer octets than it was given (the disk is nearly full, a signal came) and may be interrupted
    /// before the first (`EINTR`); neither is a failure.
    static func writeAll(_ octets: UnsafeRawBufferPointer, by write: (UnsafeRawBufferPointer) -> Int) -> Int32? {
        var written = 0
        while written < octets.count {
            let count = unsafe write(UnsafeRawBufferPointer(rebasing: octets[written...]))
            if count > 0 {
                written += count
            } else if count == 0 {
                return EIO
            } else if errno != EINTR {
                return errno
            }
        }
        return nil
    }
}
