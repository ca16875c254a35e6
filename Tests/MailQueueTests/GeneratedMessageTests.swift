import MailQueue
import SMTP
import Testing
import Timebase

@Suite struct GeneratedMessageTests {
    private func letter(_ ordinal: Int, size: Int, from sender: String = "anna@hq.example") throws -> GeneratedMessage {
        let correspondence = Correspondence(
            from: try Mailbox(parsing: sender), to: try Mailbox(parsing: "bob@branch.example"))
        let date = try #require(CalendarDate(parsing: "1999-03-01T08:00:00Z"))
        return GeneratedMessage(correspondence: correspondence, seed: 1985, ordinal: ordinal, size: size, date: date)
    }

    private func lines(_ octets: [UInt8]) -> [String] {
        String(decoding: octets, as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false).map(
            String.init)
    }

    @Test func `a letter has a header, an empty line and a body`() throws {
        let lines = lines(try letter(42, size: 4_096).render())
        #expect(lines[0] == "Date: Mon, 1 Mar 1999 08:00:00 +0000")
        #expect(lines[1] == "From: anna@hq.example")
        #expect(lines[2] == "To: bob@branch.example")
        #expect(lines[3].hasPrefix("Subject: "))
        #expect(lines[4] == "Message-ID: <42.1j5@hq.example>")
        #expect(lines[5].isEmpty)
        #expect(!lines[6].isEmpty)
    }

    @Test func `every size is met to the octet, in whole lines of at most 78 characters`() throws {
        let smallest = try letter(1, size: 0).size
        #expect((140...220).contains(smallest))
        for size in Array(smallest...(smallest + 2_500)) + [65_536, 1_000_003] {
            let message = try letter(size, size: size + 8)
            let octets = message.render()
            #expect(octets.count == message.size)
            #expect(message.size == size + 8)
            #expect(isLines(octets))
        }
    }

    private func isLines(_ octets: [UInt8]) -> Bool {
        var (length, previous) = (0, UInt8(0))
        for octet in octets {
            if (octet == 0x0A) != (previous == 0x0D) { return false }
            if octet == 0x0A {
                guard length <= 79 else { return false }
                length = 0
            } else {
                length += 1
                guard octet < 0x7F, octet >= 0x20 || octet == 0x0D else { return false }
            }
            previous = octet
        }
        return previous == 0x0A
    }

    @Test func `a size that is too small is raised to the smallest`() throws {
        let message = try letter(1, size: 10)
        #expect(message.size > 10)
        #expect(message.render().count == message.size)
        #expect(lines(message.render()).suffix(3) == ["", "", ""])
    }

    @Test func `the longest addresses are folded and still counted`() throws {
        let labels = Array(repeating: String(repeating: "d", count: 60), count: 3).joined(separator: ".")
        let message = try letter(1, size: 0, from: String(repeating: "l", count: 64) + "@" + labels)
        #expect(message.size < 1_200)
        #expect(message.render().count == message.size)
        #expect(lines(message.render()).contains("From:"))
    }

    @Test func `the same letter is always the same, and two are different`() throws {
        #expect(try letter(1, size: 9_000).render() == letter(1, size: 9_000).render())
        #expect(try letter(1, size: 9_000).render() != letter(2, size: 9_000).render())
    }

    @Test func `letters share the memory of their paragraphs`() throws {
        func places(_ ordinal: Int) throws -> Set<UInt> {
            let pieces = LetterPieces(of: try letter(ordinal, size: 65_536))
            return Set(pieces.map { $0.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) } })
        }
        // Of some hundred pieces of two letters only the first and the last are their own.
        #expect(try places(1).union(places(2)).count < 40)
        #expect(try Array(LetterPieces(of: letter(1, size: 65_536))).count > 100)
    }

    @Test(arguments: [0, 1, 150, 190, 500, 4_095, 4_096])
    func `a letter goes on from any octet`(start: Int) throws {
        let letter = try letter(1, size: 4_096)
        #expect(Array(LetterPieces(of: letter, from: start).joined()) == Array(letter.render().dropFirst(start)))
        #expect(LetterPieces(of: letter, from: start).allSatisfy { !$0.isEmpty })
    }

    @Test func `now and then a line begins with a dot`() throws {
        let dotted = lines(try letter(3, size: 65_536).render()).filter { $0.hasPrefix(".") }
        #expect(dotted.contains("."))
        #expect(dotted.contains { $0.count > 1 })
    }

    @Test func `ten thousand waiting letters take less than 200 octets each`() throws {
        #expect(MemoryLayout<HeldMessage?>.stride <= 200 - MemoryLayout<MessageID>.stride)
        let letter = try letter(1, size: 65_536)
        let (first, second) = (letter.correspondence.envelope, letter.correspondence.envelope)
        let places = [first, second].map { envelope in
            envelope.forwardPaths.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) }
        }
        #expect(places[0] == places[1])
    }

    @Test func `content knows its size without being rendered`() throws {
        #expect(MessageContent.octets([1, 2, 3]).size == 3)
        let content = MessageContent.generated(try letter(1, size: 5_000))
        #expect(content.size == 5_000)
        #expect(content.render().count == 5_000)
    }
}
