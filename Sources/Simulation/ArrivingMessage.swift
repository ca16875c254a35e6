import MailQueue
import SMTP
import Wire

/// A message of which a client host has begun to receive the content.
struct ArrivingMessage: Sendable {
    /// Its number in the run.
    let number: Int
    /// Which message of the host it is, counted from 1.
    let ordinal: Int
    /// What the host calls it.
    let id: String
    /// What its sender calls the transfer, when it can go on after it has broken off.
    let transactionID: TransactionID?
    /// How much of its content was looked at, in octets.
    private(set) var size = 0
    private var mark = ContentMark()
    private var trace = TraceFieldFilter()
    /// The beginning of a line whose end has not come: a transfer goes on at the beginning of a line.
    private var line: [UInt8] = []
    /// What has come first of its content, its header in any case; nil when nobody will ask for it.
    private(set) var beginning: [UInt8]?

    init(number: Int, ordinal: Int, id: String, transactionID: TransactionID?) {
        self.number = number
        self.ordinal = ordinal
        self.id = id
        self.transactionID = transactionID
    }

    /// Its sender is to be told that it was delivered, with the header.
    mutating func keepBeginning() { beginning = [] }

    /// More of its content has come. Of a transfer that may go on, only whole lines are passed on until the last.
    mutating func receive(_ content: inout [UInt8], isLast: Bool) {
        if transactionID != nil { exchangeLine(&content, isLast: isLast) }
        if trace.isOver { mark.mix(content.span.bytes) } else { mark.mix(trace.filter(content).span.bytes) }
        if let count = beginning?.count, count < DeliveryReport.largestReturned {
            beginning?.append(contentsOf: content.prefix(DeliveryReport.largestReturned - count))
        }
        size += content.count
    }

    private mutating func exchangeLine(_ content: inout [UInt8], isLast: Bool) {
        if !line.isEmpty { content.insert(contentsOf: line, at: 0) }
        line = []
        guard !isLast else { return }
        let end = content.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
        line = Array(content[end...])
        content.removeSubrange(end...)
    }

    /// The transfer broke off: the line that was not whole comes again.
    mutating func breakOff() { line = [] }

    /// The mark of its content without the Received fields on top, together with those whom it is for.
    func mark(for recipients: [String]) -> UInt64 {
        var mark = mark
        mark.mix(trace.undecided.span.bytes)
        for recipient in recipients {
            mark.end()
            mark.mix(Array(recipient.utf8).span.bytes)
        }
        return mark.value
    }
}
