import Glibc

/// The octets of a capture, in memory or in a file, of which only a window is held.
struct OctetSource: ~Copyable, Sendable {
    private static let chunk = 64 * 1_024

    /// What was read and not yet passed.
    private(set) var window: [UInt8]
    /// The first octet of the window that is still ahead.
    private(set) var start = 0
    /// Where that octet stands in the file.
    private(set) var offset = 0
    /// Negative when everything is in the window.
    private let descriptor: Int32
    private let path: String

    init(_ octets: [UInt8]) {
        window = octets
        descriptor = -1
        path = ""
    }

    init(path: String) throws(CaptureError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CaptureError(.open, path, code: errno) }
        self.descriptor = descriptor
        self.path = path
        window = []
    }

    deinit {
        if descriptor >= 0 { _ = close(descriptor) }
    }

    /// Reads until so many octets are ahead; answers how many are, which is fewer only at the end of the file.
    mutating func look(_ count: Int) throws(CaptureError) -> Int {
        while window.count - start < count, descriptor >= 0 {
            if start > 0 {
                window.removeSubrange(..<start)
                start = 0
            }
            let source = descriptor
            let read = unsafe window.append(limit: OctetSource.chunk) {
                unsafe Glibc.read(source, $0.baseAddress, $0.count)
            }
            if read == 0 { break }
            if read < 0, errno != EINTR { throw CaptureError(.read, path, code: errno) }
        }
        return min(count, window.count - start)
    }

    /// Passes octets that were looked at.
    mutating func skip(_ count: Int) {
        start += count
        offset += count
    }
}
