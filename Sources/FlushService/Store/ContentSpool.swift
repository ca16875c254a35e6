import Glibc
import MailQueue

/// The contents of large messages, each in a file of its own, named by the message's number.
///
/// A file is whole and synced before the database says that it is there, and goes after the database has forgotten it.
/// So a crash can leave a file that nobody knows, and never a message without its content.
struct ContentSpool: Sendable {
    /// So many octets are large: what is shorter lies in the database, where one sync serves many.
    static let threshold = 256 * 1_024

    /// The folder; it is made when the first file is.
    let folder: String

    /// Why a file does not do what is wanted of it.
    struct Fault: Error, CustomStringConvertible {
        let path: String
        let reason: String
        var description: String { "\(path): \(reason)" }

        fileprivate init(_ path: String, _ reason: String = String(cString: strerror(errno))) {
            self.path = path
            self.reason = reason
        }
    }

    func holds(_ content: MessageContent) -> Bool { content.size > ContentSpool.threshold }

    private func path(of id: MessageID) -> String { "\(folder)/\(id.number)" }

    /// Writes the content of a message, so that it outlives a power cut once ``sync()`` has returned.
    /// - Throws: ``Fault``; then what is there is no whole file.
    func write(_ content: MessageContent, of id: MessageID) throws(Fault) {
        let path = path(of: id)
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw Fault(folder) }
        // What a crash has left under that name is nobody's.
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Fault(path) }
        defer { close(file) }
        let isWritten = content.render().withUnsafeBytes { octets in
            var rest = octets[...]
            while !rest.isEmpty {
                let count = Glibc.write(file, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                rest = rest.dropFirst(count)
            }
            return true
        }
        guard isWritten, fdatasync(file) == 0 else { throw Fault(path) }
    }

    /// Makes the names of the files durable.
    func sync() throws(Fault) {
        for folder in [folder, folder + "/.."] {
            let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard directory >= 0 else { throw Fault(folder) }
            defer { close(directory) }
            guard fsync(directory) == 0 else { throw Fault(folder) }
        }
    }

    /// The content of a message.
    /// - Parameters:
    ///   - id: its number.
    ///   - size: how many octets it has.
    /// - Returns: the octets.
    /// - Throws: ``Fault`` when there are not so many.
    func content(of id: MessageID, size: Int) throws(Fault) -> [UInt8] {
        let path = path(of: id)
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw Fault(path) }
        defer { close(file) }
        let octets = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let read = Glibc.read(file, buffer.baseAddress.map { $0 + count }, size - count)
                if read < 0, errno == EINTR { continue }
                guard read > 0 else { return }
                count += read
            }
        }
        guard octets.count == size else { throw Fault(path, "\(octets.count) of \(size) octets are there") }
        return octets
    }

    /// How many octets are there of a message; nil when there is no file.
    func size(of id: MessageID) -> Int? {
        var status = stat()
        return stat(path(of: id), &status) == 0 ? Int(status.st_size) : nil
    }

    /// The file of a message that is gone.
    func remove(_ id: MessageID) { _ = unlink(path(of: id)) }

    /// Takes away what a crash has left: files of messages that are not there.
    /// - Parameter isKept: whether a message is there.
    func clear(but isKept: (MessageID) throws -> Bool) rethrows {
        guard let directory = opendir(folder) else { return }
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard let number = Int(name), "\(number)" == name else { continue }
            if try !isKept(MessageID(number)) { remove(MessageID(number)) }
        }
    }
}
