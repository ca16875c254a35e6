import FlushService
import Foundation
import TestSupport
import Testing

/// The file of the accounts.
struct AccountsFileTests {
    @Test func `accounts are made, read back, changed and removed`() throws {
        let folder = try TemporaryFolder()
        var accounts = try AccountsFile(folder: folder.path)
        #expect(accounts.accounts.isEmpty)
        try accounts.add("branch", password: "pencil")
        try accounts.add("ship", password: "anchor")
        var again = try AccountsFile(folder: folder.path)
        #expect(again.accounts.map(\.name) == ["branch", "ship"])
        #expect(again.keys["branch"]?.match(Array("pencil".utf8)) == true)
        try again.setPassword(of: "branch", to: "pen")
        try again.remove("ship")
        let last = try AccountsFile(folder: folder.path)
        #expect(last.accounts.map(\.name) == ["branch"])
        #expect(last.keys["branch"]?.match(Array("pen".utf8)) == true)
    }

    @Test func `who changes the accounts changes what is there now, not what was there when it was read`() throws {
        let folder = try TemporaryFolder()
        var (one, other) = (try AccountsFile(folder: folder.path), try AccountsFile(folder: folder.path))
        try one.add("branch", password: "pencil")
        try other.add("ship", password: "anchor")
        #expect(throws: AccountsFile.Fault.exists(name: "ship")) { try one.add("ship", password: "x") }
        #expect(try AccountsFile(folder: folder.path).accounts.map(\.name) == ["branch", "ship"])
    }

    @Test func `no password is on the disk, and nobody else may read the file`() throws {
        let folder = try TemporaryFolder()
        var accounts = try AccountsFile(folder: folder.path)
        try accounts.add("branch", password: "pencil")
        #expect(!String(decoding: try folder.octets(of: "accounts"), as: UTF8.self).contains("pencil"))
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.file("accounts"))
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test func `what cannot be is refused`() throws {
        let folder = try TemporaryFolder()
        var accounts = try AccountsFile(folder: folder.path)
        try accounts.add("branch", password: "pencil")
        #expect(throws: AccountsFile.Fault.exists(name: "branch")) { try accounts.add("branch", password: "x") }
        #expect(throws: AccountsFile.Fault.missing(name: "ship")) { try accounts.remove("ship") }
        #expect(throws: AccountsFile.Fault.badName("a b")) { try accounts.add("a b", password: "x") }
        #expect(throws: AccountsFile.Fault.badPassword(reason: "it is empty")) { try accounts.add("x", password: "") }
        #expect(throws: AccountsFile.Fault.self) { try accounts.add("x", password: "Mähne") }
        try folder.write(Array("branch pencil\n".utf8), to: "accounts")
        #expect(throws: AccountsFile.Fault.malformed(path: folder.file("accounts"), line: 1)) {
            try AccountsFile(folder: folder.path)
        }
    }
}
