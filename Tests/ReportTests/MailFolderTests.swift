import Foundation
import TestSupport
import Testing
import Timebase

@testable import Report
@testable import Simulation

struct MailFolderTests {
    private let parent: TemporaryFolder

    init() throws { parent = try TemporaryFolder() }

    private func folder() throws -> MailFolder {
        let begins = try #require(CalendarDate(parsing: "1999-03-01T08:00:00Z"))
        return MailFolder(at: URL(filePath: parent.file("mail")), begins: begins)
    }

    private func begin(_ client: String, _ ordinal: Int, in received: inout ReceivedMail) -> Int {
        received.begin(.init(at: .beginning + .seconds(Int64(ordinal)), client: client, ordinal: ordinal))
    }

    private func contents(of client: String) throws -> [String] {
        let new = parent.file("mail/\(client)/new")
        return try TemporaryFolder.names(in: new).sorted().map {
            try String(contentsOfFile: "\(new)/\($0)", encoding: .utf8)
        }
    }

    @Test func `messages that come side by side are written each to its file`() throws {
        var folder = try folder()
        var received = ReceivedMail()
        let (first, second) = (begin("anna", 1, in: &received), begin("bert", 1, in: &received))
        for text in ["one ", "two "] {
            received.append(Array("a \(text)".utf8), to: first)
            received.append(Array("b \(text)".utf8), to: second)
        }
        try folder.take(received)
        received.removeAll()
        received.append(Array("a three".utf8), to: first)
        received.end(second, isStored: true)
        received.end(first, isStored: true)
        let third = begin("anna", 2, in: &received)
        received.append(Array("at once".utf8), to: third)
        received.end(third, isStored: true)
        try folder.take(received)
        #expect(try contents(of: "anna") == ["a one a two a three", "at once"])
        #expect(try contents(of: "bert") == ["b one b two "])
    }

    @Test func `a message that breaks off leaves nothing, whether some of it was written or not`() throws {
        var folder = try folder()
        var received = ReceivedMail()
        let (written, waiting) = (begin("anna", 1, in: &received), begin("anna", 2, in: &received))
        received.append([0x78], to: written)
        try folder.take(received)
        received.removeAll()
        received.append([0x78], to: waiting)
        received.end(waiting, isStored: false)
        received.end(written, isStored: false)
        try folder.take(received)
        #expect(try contents(of: "anna").isEmpty)
    }

    @Test func `what is not whole at the end of the run is taken away`() throws {
        var folder = try folder()
        var received = ReceivedMail()
        let message = begin("anna", 1, in: &received)
        received.append([0x78], to: message)
        try folder.take(received)
        #expect(try contents(of: "anna") == ["x"])
        folder.discardArriving()
        #expect(try contents(of: "anna").isEmpty)
    }

    @Test func `more messages may be on their way than files may be open`() throws {
        var folder = try folder()
        var received = ReceivedMail()
        let messages = (1...600).map { begin("anna", $0, in: &received) }
        for round in 0..<3 {
            for message in messages { received.append(Array("\(round)".utf8), to: message) }
            try folder.take(received)
            received.removeAll()
        }
        for message in messages { received.end(message, isStored: true) }
        try folder.take(received)
        #expect(try contents(of: "anna") == Array(repeating: "012", count: 600))
    }
}
