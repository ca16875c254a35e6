import Foundation

/// The messages of a Maildir, or of a file in mbox form, as they lie there.
///
/// Of a Maildir `new` and `cur` are read, each in the order of the names. In an mbox a line that begins with `From `
/// after an empty line, or at the very beginning, stands before each message; lines of a message that begin with
/// `From ` behind any number of `>` have one `>` too many (RFC 4155, in the form that is called mboxrd).
public struct StoredMail: Sequence {
    /// A message as it lies there.
    public struct Message: Hashable, Sendable {
        /// Where: a file, with the line in an mbox.
        public let place: String
        /// The address in the line that stands before it in an mbox.
        public let fromLine: String?
        /// What it says; its lines end with LF or CR LF.
        public let octets: [UInt8]
    }

    /// Why nothing can be read.
    public struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
        /// What is wrong and where.
        public let description: String
    }

    private enum Form {
        case maildir([String])
        case mbox(Data)
    }

    private let path: String
    private let form: Form

    /// Opens a mailbox.
    /// - Parameter path: the folder of a Maildir, or a file in mbox form.
    /// - Throws: ``Fault`` when it is neither.
    public init(_ path: String) throws(Fault) {
        self.path = path
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw Fault(description: "\(path): there is nothing of that name")
        }
        form = isFolder.boolValue ? .maildir(try StoredMail.files(of: path)) : .mbox(try StoredMail.mbox(path))
    }

    private static func files(of path: String) throws(Fault) -> [String] {
        let folders = ["new", "cur"].map { "\(path)/\($0)" }
        guard folders.allSatisfy(FileManager.default.fileExists) else {
            throw Fault(description: "\(path): this is no Maildir: `new` or `cur` is not there")
        }
        do {
            return try folders.flatMap { folder in
                try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix(".") }.sorted()
                    .map { "\(folder)/\($0)" }
            }
        } catch {
            throw Fault(description: "\(path): it cannot be read")
        }
    }

    private static func mbox(_ path: String) throws(Fault) -> Data {
        guard let data = try? Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe) else {
            throw Fault(description: "\(path): it cannot be read")
        }
        guard data.isEmpty || data.starts(with: MboxMessages.mark) else {
            throw Fault(description: "\(path): this is no mbox: its first line does not begin with `From `")
        }
        return data
    }

    /// The messages in their order; a file that has gone meanwhile is passed over.
    public func makeIterator() -> AnyIterator<Message> {
        switch form {
        case .maildir(var files):
            files.reverse()
            return AnyIterator {
                while let file = files.popLast() {
                    if let data = FileManager.default.contents(atPath: file) {
                        return Message(place: file, fromLine: nil, octets: [UInt8](data))
                    }
                }
                return nil
            }
        case .mbox(let data):
            var messages = MboxMessages(data: data, path: path)
            return AnyIterator { messages.next() }
        }
    }
}

/// Walks through a file in mbox form, line by line.
private struct MboxMessages {
    static let mark = Data("From ".utf8)

    private var rest: Data
    private let path: String
    private var line = 1

    init(data: Data, path: String) {
        rest = data
        self.path = path
    }

    mutating func next() -> StoredMail.Message? {
        guard !rest.isEmpty else { return nil }
        let place = "\(path):\(line)"
        let from = takeLine().split(separator: UInt8(ascii: " "), maxSplits: 2)
        var octets: [UInt8] = []
        var isAfterEmpty = false
        while !rest.isEmpty, !(isAfterEmpty && rest.starts(with: MboxMessages.mark)) {
            let line = takeLine()
            isAfterEmpty = line.allSatisfy { $0 == 0x0A || $0 == 0x0D }
            let isQuoted =
                line.first == UInt8(ascii: ">")
                && line.drop { $0 == UInt8(ascii: ">") }.starts(with: MboxMessages.mark)
            octets += isQuoted ? line.dropFirst() : line
        }
        // The empty line before the next message belongs to the form, not to the message.
        if isAfterEmpty, octets.last == 0x0A { octets.removeLast(octets.suffix(2) == [0x0D, 0x0A] ? 2 : 1) }
        return StoredMail.Message(
            place: place, fromLine: from.count > 1 ? String(decoding: from[1], as: UTF8.self) : nil, octets: octets)
    }

    private mutating func takeLine() -> Data {
        let end = rest.firstIndex(of: 0x0A).map { $0 + 1 } ?? rest.endIndex
        defer { rest = rest[end...] }
        line += 1
        return rest[..<end]
    }
}
