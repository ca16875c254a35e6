import Foundation
import TestSupport
import Testing

/// The messages that cross the line are the messages of the queue, octet for octet.
struct FollowedMailTests {
    /// The contents of all messages in what the client of an SMTP dialogue has said.
    private func contents(of dialogue: [UInt8]) -> [[UInt8]] {
        var contents: [[UInt8]] = []
        var lines = dialogue.lines[...]
        while let start = lines.firstIndex(where: { $0.elementsEqual("DATA\r\n".utf8) }),
            let end = lines[start...].firstIndex(where: { $0.elementsEqual(".\r\n".utf8) })
        {
            contents.append(unstuffed(Array(lines[(start + 1)..<end].joined())))
            lines = lines[(end + 1)...]
        }
        return contents
    }

    /// Without the dot that is put before a line's first dot (RFC 5321 §4.5.2).
    private func unstuffed(_ content: [UInt8]) -> [UInt8] {
        Array(content.lines.map { $0.first == UInt8(ascii: ".") ? $0.dropFirst() : $0 }.joined())
    }

    /// What the server said on its reverse connections to the branch, in their order.
    private func delivered(in run: Run) throws -> [[UInt8]] {
        let check = try run.check()
        let reverse = check.streams.filter { $0.client.hasPrefix("192.0.2.25:") && $0.server == "192.0.2.130:25" }
        return try reverse.flatMap { contents(of: try check.followed(stream: $0.index).client) }
    }

    private func files() throws -> [[UInt8]] {
        try TemporaryFolder.names(in: "\(Ringback.package)/Scenarios/mail")
            .map { try [UInt8](Data(contentsOf: URL(fileURLWithPath: "\(Ringback.package)/Scenarios/mail/\($0)"))) }
    }

    @Test func `awkward messages cross the line as the files that they are`() throws {
        let isSame = try delivered(in: Run("awkward-mail", "--quiet")) == files()
        #expect(isSame)
    }

    @Test func `awkward messages are stored as the files that they are, with trace fields on top`() throws {
        let stored = try Run("awkward-mail", "--quiet").mail(of: "branch")
        let files = try files()
        #expect(files.count == 15 && stored.count == 15)
        for (index, message) in stored.enumerated() {
            #expect(files.count { $0 == message.content } == 1, "message \(index) is none of the files")
            #expect(message.trace.first?.hasPrefix("Return-Path: <") == true)
            #expect(message.trace.dropFirst().first?.hasPrefix("Received: from mail.isp.example") == true)
        }
        #expect(Set(stored.map(\.content)).count == 15)
    }

    @Test func `generated and real messages cross the line as they are stored`() throws {
        let run = try Run("branch-office", "--quiet")
        let delivered = try delivered(in: run)
        #expect(try delivered.map(\.count) == run.report().flushes[0].messages.map(\.octets))
        let isStored = try Set(delivered) == Set(run.mail(of: "branch").map(\.content))
        #expect(isStored && delivered.count == 16)
    }

    @Test func `Wireshark exports the messages`() throws {
        let run = try Run("awkward-mail", "--quiet")
        let exported = try TemporaryFolder()
        _ = try ExternalTool("tshark", package: "tshark").run(
            ["-n", "-q", "-r", run.capture, "--export-objects", "imf,\(exported.path)"])
        // Its files are named after subjects and keep the stuffing of dots; the empty line that ends a header without a
        // body it leaves out.
        let messages = try exported.files.map { unstuffed(try exported.octets(of: $0)) }
        let files = try files()
        #expect(messages.count == 15)
        #expect(messages.count { files.contains($0) || files.contains($0 + Array("\r\n".utf8)) } == 15)
    }

    @Test(arguments: ["resume-after-drop", "lost-final-ack"])
    func `a message that came in two parts is the one that would have come in one`(scenario: String) throws {
        func contents(_ options: String...) throws -> [[UInt8]] {
            try Run(scenario, ["--quiet"] + options).mail(of: "branch").map(\.content)
        }
        let whole = try contents("--set", "happens=[{at: +1m, branch: dial}]", "--set", "expects=[{lost: 0}]")
        let isSame = try contents() == whole
        #expect(whole.count == 3 && isSame)
    }
}
