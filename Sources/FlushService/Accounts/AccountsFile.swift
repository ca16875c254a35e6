import Foundation
import Glibc

/// The accounts of a store, in its file `accounts`: a line each, `name keys`, in the order in which they were made.
///
/// It is replaced as a whole, so that whoever reads it finds the old one or the new one.
public struct AccountsFile: Sendable {
    /// Why accounts cannot be read or changed.
    public enum Fault: Error, Hashable, Sendable {
        /// The file cannot be read or written.
        case unusable(path: String, reason: String)
        /// A line is no account.
        case malformed(path: String, line: Int)
        /// There is such an account already.
        case exists(name: String)
        /// There is no such account.
        case missing(name: String)
        /// It cannot be called so.
        case badName(String)
        /// The password cannot be used.
        case badPassword(reason: String)
    }

    /// One account.
    public struct Account: Hashable, Sendable {
        /// The name.
        public let name: String
        /// What is stored of its password.
        public let keys: SCRAMKeys
    }

    private let path: String
    /// The accounts.
    public private(set) var accounts: [Account] = []

    /// Reads the accounts of a store; none when there is no file yet.
    /// - Parameter folder: the store's folder.
    /// - Throws: ``Fault``.
    public init(folder: String) throws(Fault) {
        path = folder + "/accounts"
        accounts = try AccountsFile.read(path)
    }

    private static func read(_ path: String) throws(Fault) -> [Account] {
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw .unusable(path: path, reason: "it cannot be read")
        }
        var accounts: [Account] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        where !line.isEmpty {
            let words = line.split(separator: " ", omittingEmptySubsequences: false)
            guard words.count == 2, AccountsFile.isName(words[0]), let keys = SCRAMKeys(parsing: String(words[1]))
            else {
                throw .malformed(path: path, line: index + 1)
            }
            accounts.append(Account(name: String(words[0]), keys: keys))
        }
        return accounts
    }

    /// The keys by the names.
    public var keys: [String: SCRAMKeys] {
        Dictionary(accounts.map { ($0.name, $0.keys) }) { first, _ in first }
    }

    /// Makes an account.
    /// - Parameters:
    ///   - name: visible characters of US-ASCII, without spaces.
    ///   - password: what its owner is to prove.
    /// - Throws: ``Fault``.
    public mutating func add(_ name: String, password: String) throws(Fault) {
        guard AccountsFile.isName(name) else { throw .badName(name) }
        let keys = try AccountsFile.keys(of: password)
        try change { accounts throws(Fault) in
            guard !accounts.contains(where: { $0.name == name }) else { throw .exists(name: name) }
            accounts.append(Account(name: name, keys: keys))
        }
    }

    /// Gives an account another password.
    /// - Throws: ``Fault``.
    public mutating func setPassword(of name: String, to password: String) throws(Fault) {
        let keys = try AccountsFile.keys(of: password)
        try change { accounts throws(Fault) in
            guard let index = accounts.firstIndex(where: { $0.name == name }) else { throw .missing(name: name) }
            accounts[index] = Account(name: name, keys: keys)
        }
    }

    /// Takes an account away.
    /// - Throws: ``Fault``.
    public mutating func remove(_ name: String) throws(Fault) {
        try change { accounts throws(Fault) in
            guard let index = accounts.firstIndex(where: { $0.name == name }) else { throw .missing(name: name) }
            accounts.remove(at: index)
        }
    }

    /// Changes what is in the file now, while nobody else does.
    private mutating func change(_ body: (inout [Account]) throws(Fault) -> Void) throws(Fault) {
        let folder = (path as NSString).deletingLastPathComponent
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .unusable(path: path, reason: error.localizedDescription)
        }
        let lock = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0, flock(lock, LOCK_EX) == 0 else {
            throw .unusable(path: path + ".lock", reason: String(cString: strerror(errno)))
        }
        defer { close(lock) }
        accounts = try AccountsFile.read(path)
        try body(&accounts)
        try write()
    }

    // US-ASCII is its own SASLprep (RFC 4013); of anything else a client might prepare something else.
    private static func keys(of password: String) throws(Fault) -> SCRAMKeys {
        guard !password.isEmpty else { throw .badPassword(reason: "it is empty") }
        guard password.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw .badPassword(reason: "it has other characters than those of US-ASCII")
        }
        return SCRAMKeys(password: Array(password.utf8), salt: Authenticator.randomOctets(16))
    }

    private static func isName(_ name: some StringProtocol) -> Bool {
        (1...200).contains(name.utf8.count) && name.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    private func write() throws(Fault) {
        let text = accounts.map { "\($0.name) \($0.keys)\n" }.joined()
        let new = path + ".new"
        // Whatever is left there of an attempt that was cut off, and wherever it leads.
        unlink(new)
        let file = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .unusable(path: new, reason: String(cString: strerror(errno))) }
        let octets = Array(text.utf8)
        let isWritten = Glibc.write(file, octets, octets.count) == octets.count && fsync(file) == 0
        let reason = String(cString: strerror(errno))
        close(file)
        guard isWritten else { throw .unusable(path: new, reason: reason) }
        guard rename(new, path) == 0 else { throw .unusable(path: path, reason: String(cString: strerror(errno))) }
        let folder = open((path as NSString).deletingLastPathComponent, O_RDONLY | O_CLOEXEC)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
    }
}

extension AccountsFile.Fault: CustomStringConvertible {
    /// The fault as an operator reads it.
    public var description: String {
        switch self {
        case .unusable(let path, let reason): "\(path): \(reason)"
        case .malformed(let path, let line): "\(path):\(line): no account; expected a name, a space and its keys"
        case .exists(let name): "there is an account `\(name)` already; `ringback user passwd` changes its password"
        case .missing(let name): "there is no account `\(name)`"
        case .badName(let name): "`\(name)` cannot be a name; expected visible characters of US-ASCII, without spaces"
        case .badPassword(let reason): "the password cannot be used: \(reason)"
        }
    }
}
