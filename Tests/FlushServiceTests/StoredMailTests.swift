import Foundation
import TestSupport
import Testing

@testable import FlushService

/// Mailboxes that are taken into the queue.
struct StoredMailTests {
    private static func mbox(_ text: String) throws -> [StoredMail.Message] {
        let folder = try TemporaryFolder()
        try folder.write(Array(text.utf8), to: "mbox")
        return Array(try StoredMail(folder.file("mbox")))
    }

    private static func message(_ text: String, fromLine: String? = nil) -> StoredMail.Message {
        StoredMail.Message(place: "here", fromLine: fromLine, octets: Array(text.utf8))
    }

    @Test func `the messages of an mbox are told apart, and lose what quotes them`() throws {
        let messages = try StoredMailTests.mbox(
            """
            From anna@hq.example Mon Mar  1 08:00:00 1999
            Subject: one

            hello
            >From there it came.
            >>From further away.
            From here it goes on.

            From - Mon Mar  1 08:00:01 1999
            Subject: two

            bye

            """)
        #expect(
            messages.map { String(decoding: $0.octets, as: UTF8.self) } == [
                "Subject: one\n\nhello\nFrom there it came.\n>From further away.\nFrom here it goes on.\n",
                "Subject: two\n\nbye\n",
            ])
        #expect(messages.map(\.fromLine) == ["anna@hq.example", "-"])
        #expect(messages.map { $0.place.split(separator: ":").last } == ["1", "9"])
    }

    @Test func `a Maildir gives what is new, and then what was seen`() throws {
        let folder = try TemporaryFolder()
        for name in ["new", "cur", "tmp"] {
            try FileManager.default.createDirectory(atPath: folder.file(name), withIntermediateDirectories: true)
        }
        for name in ["cur/1.a:2,S", "new/3.c", "new/2.b", "tmp/4.d"] {
            try folder.write(Array("Subject: \(name)\n\n".utf8), to: name)
        }
        let places = try StoredMail(folder.path).map { $0.place.split(separator: "/").suffix(2).joined(separator: "/") }
        #expect(places == ["new/2.b", "new/3.c", "cur/1.a:2,S"])
    }

    @Test func `what is neither is refused`() throws {
        let folder = try TemporaryFolder()
        try folder.write(Array("hello\n".utf8), to: "letter")
        #expect(throws: StoredMail.Fault.self) { try StoredMail(folder.path) }
        #expect(throws: StoredMail.Fault.self) { try StoredMail(folder.file("letter")) }
        #expect(throws: StoredMail.Fault.self) { try StoredMail(folder.file("nothing")) }
    }

    @Test func `the envelope is what the header says, and Return-Path is left out`() throws {
        let message = StoredMailTests.message(
            """
            Return-Path: <anna@hq.example>
             (folded)
            Delivered-To: office@branch.example
            Delivered-To: first@elsewhere.example
            Subject: gr\u{fc}n

            hello
            """, fromLine: "nobody@hq.example")
        #expect(
            try message.request(to: [], from: nil)
                == .take(
                    envelope: [
                        "MAIL FROM:<anna@hq.example> BODY=8BITMIME SMTPUTF8", "RCPT TO:<office@branch.example>",
                    ],
                    content: Data(
                        ("Delivered-To: office@branch.example\r\nDelivered-To: first@elsewhere.example\r\n"
                            + "Subject: gr\u{fc}n\r\n\r\nhello\r\n").utf8)))
    }

    @Test func `what is said on the command line goes before what stands in the message`() throws {
        let message = StoredMailTests.message("Return-Path: <a@hq.example>\r\nDelivered-To: b@x.example\r\n\r\nhi\r\n")
        guard case .take(let envelope, _) = try message.request(to: ["c@d.example", "e@f.example"], from: "") else {
            Issue.record("it is a message")
            return
        }
        #expect(envelope == ["MAIL FROM:<>", "RCPT TO:<c@d.example>", "RCPT TO:<e@f.example>"])
    }

    @Test(
        arguments: [
            ("Subject: x\n\n", [], nil), ("Delivered-To: office\n\n", [], nil), ("\n", ["a b@c.example"], nil),
            ("\n", ["a@b.example"], "nobody at all"), ("\n", ["postmaster"], nil),
        ] as [(String, [String], String?)])
    func `who is not named, or has no address, is refused`(text: String, to: [String], from: String?) {
        #expect(throws: StoredMail.Fault.self) { try StoredMailTests.message(text).request(to: to, from: from) }
    }
}
