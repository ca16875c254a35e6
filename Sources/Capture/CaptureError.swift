import Glibc

/// The world failed while a file was written or read, or an interface captured: what was tried, on which one, and
/// what the system said.
public struct CaptureError: Error, Hashable, Sendable {
    /// What was tried.
    public enum Operation: String, Hashable, Sendable {
        /// Making the file.
        case create
        /// Opening the file for reading.
        case open
        /// Reading octets.
        case read
        /// Writing octets.
        case write
        /// Closing the file after the last octet.
        case close
        /// Giving the whole file its name.
        case rename
        /// Seeing what passes the interfaces of this machine.
        case capture = "capture on"
    }

    /// The file, as the caller named it, or the interface.
    public var path: String
    /// What was tried.
    public var operation: Operation
    /// The `errno` of the system; zero when the system has nothing to do with it.
    public var code: Int32
    /// Why it failed, in words: `No space left on device`.
    public var reason: String

    /// A failure with the system's error number and its text for it.
    @inline(never)
    init(_ operation: Operation, _ path: String, code: Int32) {
        self.path = path
        self.operation = operation
        self.code = code
        // Safe with several threads since glibc 2.32; in the C locale, which is ours, always English.
        reason = unsafe String(cString: strerror(code))
    }

    /// A failure that the system does not know of.
    @inline(never)
    init(_ operation: Operation, _ path: String, reason: String) {
        self.path = path
        self.operation = operation
        self.code = 0
        self.reason = reason
    }
}

extension CaptureError: CustomStringConvertible {
    /// `cannot write run.pcapng: No space left on device`.
    public var description: String { "cannot \(operation.rawValue) \(path): \(reason)" }
}
