import SMTP
import Timebase

/// A client's sessions with a server that speaks like somebody: five messages, a queue flush, and what else clients say.
///
/// Each command comes by itself, as from a client that waits for its replies, and what the server says is taken after
/// each. The driver stores nothing and answers at once: the session alone is measured.
struct ServerMix {
    private let configuration: SMTPServerConfiguration
    private let lines: [[UInt8]]
    private let commandCount: Int
    private let answer = ETRNAnswer(.waiting, messages: 3, reply: SMTPReply(253, .init(2, 5, 0), "3 pending messages"))

    init(speakingLike personality: ServerPersonality) {
        do {
            var configuration = SMTPServerConfiguration(
                hostName: try Domain(parsing: "mx.isp.example"), personality: personality)
            configuration.recipients = RecipientPolicy(
                localDomains: [try Domain(parsing: "isp.example")], relayDomains: [try Domain(parsing: "cust.example")])
            self.configuration = configuration
        } catch {
            preconditionFailure("these are domains")
        }
        let content =
            "From: Anna <anna@hq.example>\r\nSubject: Price list\r\n\r\n"
            + String(repeating: "A line of a letter, as long as people write them by hand.\r\n", count: 10) + ".\r\n"
        let message = [
            "MAIL FROM:<anna@hq.example>\r\n", "RCPT TO:<alice@isp.example>\r\n", "RCPT TO:<bob@cust.example>\r\n",
            "DATA\r\n", content,
        ]
        let said =
            ["EHLO dial1.cust.example\r\n"] + Array(repeating: message, count: 5).flatMap { $0 }
            + ["ETRN cust.example\r\n", "NOOP\r\n", "RSET\r\n", "QUIT\r\n"]
        lines = said.map { Array($0.utf8) }
        commandCount = said.count { $0 != content }
    }

    /// Carries out so many sessions.
    /// - Returns: how many commands were carried out.
    func carryOut(sessions: Int) -> Int {
        var outbox = Outbox<SMTPServerSession.Action>()
        var (said, content): ([UInt8], [UInt8]) = ([], [])
        var stored = 0
        for _ in 0..<sessions {
            var session = SMTPServerSession(configuration: configuration)
            session.connected(at: .beginning)
            for line in lines {
                session.receive(line.span.bytes, at: .beginning, into: &outbox)
                while let action = outbox.next() {
                    switch action {
                    case .startQueue: session.etrnAnswered(answer, at: .beginning, into: &outbox)
                    case .store:
                        content.removeAll(keepingCapacity: true)
                        session.exchangeContent(for: &content)
                        stored += 1
                        session.messageStored(id: "4A7", at: .beginning, into: &outbox)
                    default: break
                    }
                }
                said.removeAll(keepingCapacity: true)
                session.takeOutput(upTo: .max, into: &said)
                precondition(said.first == UInt8(ascii: "2") || said.first == UInt8(ascii: "3"), "nothing is refused")
            }
            precondition(session.state == .closed, "QUIT ends the session")
        }
        precondition(stored == sessions * 5, "every message is stored")
        return sessions * commandCount
    }
}
