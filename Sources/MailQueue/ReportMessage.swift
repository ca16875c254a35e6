public import SMTP
public import Timebase

/// A report as a message: words for a person, fields for a program, and the message that it is about, or its header
/// (RFC 6522 §3, RFC 3464 §2).
///
/// The same report gives the same octets, always and everywhere. All but the returned message is in lines of at most
/// 998 octets, whatever peers have said: of US-ASCII, or of UTF-8 about mail that has it in its addresses or header
/// (RFC 6533).
public struct ReportMessage: Hashable, Sendable {
    /// From nobody, so that nobody reports on it, to the sender of the message; as urgent as that was (RFC 3461 §6.1,
    /// RFC 6710 §4.6).
    public let envelope: Envelope
    /// Header and body.
    public let octets: [UInt8]

    /// Writes a report.
    /// - Parameters:
    ///   - report: what it tells.
    ///   - host: who reports.
    ///   - begins: what the calendar says at the beginning of the run.
    public init(_ report: DeliveryReport, from host: Domain, begins: CalendarDate) {
        let text = ReportText(report: report, host: host, begins: begins)
        let returned = ReportMessage.returnedPart(of: report)
        let isInternational = report.isInternational
        let isEightBit = isInternational || returned.contains { $0 > 0x7f }
        let boundary = ReportMessage.boundary(for: report, absentFrom: returned)
        var octets: [UInt8] = []
        func add(_ line: String) { octets += Array(line.utf8) + ReportMessage.lineEnd }
        add(text.header)
        add("Content-Type: multipart/report; report-type=delivery-status;\r\n boundary=\"\(boundary)\"")
        if isEightBit { add("Content-Transfer-Encoding: 8bit") }
        add("\r\n--\(boundary)\r\nContent-Type: text/plain; charset=\(isInternational ? "utf-8" : "us-ascii")")
        if isInternational { add("Content-Transfer-Encoding: 8bit") }
        add("\r\n" + text.words)
        add("--\(boundary)\r\nContent-Type: message/\(isInternational ? "global-" : "")delivery-status")
        if isInternational { add("Content-Transfer-Encoding: 8bit") }
        add("\r\n" + text.fields)
        add("--\(boundary)\r\nContent-Type: \(ReportMessage.returnedType(of: report))")
        if isEightBit { add("Content-Transfer-Encoding: 8bit") }
        octets += ReportMessage.lineEnd + returned + ReportMessage.lineEnd
        add("--\(boundary)--")
        self.octets = octets
        var envelope = Envelope(
            reversePath: .null, forwardPaths: [.mailbox(report.sender)], body: isEightBit ? .eightBitMIME : .sevenBit)
        envelope.isSMTPUTF8 = isInternational
        envelope.options.priority = report.envelope.options.priority
        self.envelope = envelope
    }

    private static let lineEnd: [UInt8] = [0x0D, 0x0A]

    private static func returnedType(of report: DeliveryReport) -> String {
        switch (report.isInternational, report.returnsAll) {
        case (false, true): "message/rfc822"
        case (false, false): "text/rfc822-headers"
        case (true, true): "message/global"
        case (true, false): "message/global-headers"
        }
    }

    /// The message, or its header: whole lines, and no more of them than are returned at most.
    private static func returnedPart(of report: DeliveryReport) -> [UInt8] {
        let octets = report.returnsAll ? report.content.render() : report.content.header
        guard octets.count > DeliveryReport.largestReturned else { return octets }
        let most = octets.prefix(DeliveryReport.largestReturned)
        return Array(most[...(most.lastIndex(of: 0x0A) ?? 0)])
    }

    /// No line of the returned message is taken for a boundary (RFC 2046 §5.1.1): the octets that are returned have no
    /// room for all the boundaries that there are.
    private static func boundary(for report: DeliveryReport, absentFrom octets: [UInt8]) -> String {
        var boundary = "report.\(report.number).\(report.made.nanoseconds)"
        var number = 0
        while octets.contains("--\(boundary)".utf8) {
            number += 1
            boundary = "report.\(report.number).\(report.made.nanoseconds)=\(number)"
        }
        return boundary
    }
}

extension MessageContent {
    /// The header without the empty line after it.
    fileprivate var header: [UInt8] {
        switch self {
        case .generated(let letter): return Array(letter.header.utf8.dropLast(2))
        case .octets(let octets):
            guard octets.first != 0x0D else { return [] }
            let end = octets.indices.first { octets[$0...].starts(with: [0x0D, 0x0A, 0x0D, 0x0A]) }
            return end.map { Array(octets[..<($0 + 2)]) } ?? octets
        }
    }
}
