import SMTP
import Testing

@testable import Simulation

struct KeptTransfersTests {
    private func transfer(_ number: Int, from client: String = "mail.isp.example") throws -> KeptTransfers.Transfer {
        let id = try #require(TransactionID(parsing: "<\(number).1@isp.example>"))
        return .init(
            client: try Domain(parsing: client), id: id, envelope: Envelope(reversePath: .null),
            message: ArrivingMessage(number: number, ordinal: number, id: "branch-\(number)", transactionID: id),
            isStored: false)
    }

    // S174
    @Test func `a transfer is taken by its name and its client, once`() throws {
        var kept = KeptTransfers()
        let transfer = try transfer(1)
        #expect(kept.keep(transfer) == nil)
        #expect(kept.take(transfer.id, from: try Domain(parsing: "other.example")) == nil)
        #expect(kept.take(transfer.id, from: transfer.client)?.message.number == 1)
        #expect(kept.take(transfer.id, from: transfer.client) == nil)
    }

    // S178
    @Test func `beyond the limit the oldest goes`() throws {
        var kept = KeptTransfers()
        for number in 1...KeptTransfers.limit { #expect(try kept.keep(transfer(number)) == nil) }
        #expect(try kept.keep(transfer(33))?.message.number == 1)
    }

    // CKP-4: a transfer goes on at the beginning of a line.
    @Test func `only whole lines of a transfer that may go on are passed on`() throws {
        var message = try transfer(1).message
        func receive(_ text: String, isLast: Bool = false) -> String {
            var octets = Array(text.utf8)
            message.receive(&octets, isLast: isLast)
            return String(decoding: octets, as: UTF8.self)
        }
        #expect(receive("one\r\ntw") == "one\r\n")
        #expect(receive("o\r\nthr") == "two\r\n")
        message.breakOff()
        #expect(message.size == 10)
        #expect(receive("three\r\nfour", isLast: true) == "three\r\nfour")
        #expect(message.size == 21)
    }
}
