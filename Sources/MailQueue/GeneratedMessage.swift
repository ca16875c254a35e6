import SMTP
public import Timebase

/// An office letter that is written when it is rendered: five numbers stand for any number of octets.
///
/// The same parts give the same octets, always and everywhere. The result is an Internet message (RFC 5322) in
/// US-ASCII: lines end with CR LF and have at most 78 characters before it, unless an address alone is longer. Now and
/// then a line begins with a dot, so that transparency (RFC 5321 §4.5.2) is put to the test.
public struct GeneratedMessage: Hashable, Sendable {
    /// Who writes to whom.
    public let correspondence: Correspondence
    /// The run's seed.
    public let seed: UInt64
    /// Which of the run's messages it is; makes the Message-ID unique.
    public let ordinal: Int
    /// Its size in octets: exactly what ``render()`` gives.
    public let size: Int
    /// What its Date field says.
    public let date: CalendarDate

    /// A letter of a given size.
    ///
    /// The smallest letter has a header of about 180 octets, depending on the addresses, and one empty line of body. A
    /// size below that is raised to it: see ``size``.
    /// - Parameters:
    ///   - correspondence: who writes to whom.
    ///   - seed: the run's seed.
    ///   - ordinal: which of the run's messages it is.
    ///   - size: the wanted size in octets.
    ///   - date: what its Date field says.
    public init(correspondence: Correspondence, seed: UInt64, ordinal: Int, size: Int, date: CalendarDate) {
        self.correspondence = correspondence
        self.seed = seed
        self.ordinal = ordinal
        self.date = date
        // No header reaches this: two mailboxes of 254 octets, a Message-ID of 300, and the rest.
        guard size < 1_200 else {
            self.size = size
            return
        }
        let header = GeneratedMessage.header(correspondence, seed, ordinal, date)
        self.size = max(size, header.utf8.count + GeneratedMessage.lineEnd.count)
    }

    /// Writes the letter: O(size), most of it copied in paragraphs.
    public func render() -> [UInt8] {
        var octets: [UInt8] = []
        octets.reserveCapacity(size)
        for piece in LetterPieces(of: self) { octets.append(contentsOf: piece) }
        return octets
    }

    static let lineEnd: [UInt8] = [0x0D, 0x0A]

    /// All before the first paragraph, the empty line included.
    var header: String { GeneratedMessage.header(correspondence, seed, ordinal, date) }

    private static func header(
        _ correspondence: Correspondence, _ seed: UInt64, _ ordinal: Int, _ date: CalendarDate
    ) -> String {
        var luck = RandomStream(seed: seed, thing: "\(correspondence.sender)", purpose: "mail.subject.\(ordinal)")
        let subject = OfficeText.subjects[Int(luck.uniform(in: 0...Int64(OfficeText.subjects.count - 1)))]
        let identifier = "<\(ordinal).\(String(seed, radix: 36))@\(correspondence.sender.domain)>"
        return field("Date", date.mailHeaderDate) + field("From", "\(correspondence.sender)")
            + field("To", "\(correspondence.recipient)") + field("Subject", subject)
            + field("Message-ID", identifier) + "\r\n"
    }

    // RFC 5322 §2.2.3: a field that would be too long goes on in the next line.
    private static func field(_ name: String, _ body: String) -> String {
        name.utf8.count + 2 + body.utf8.count > 78 ? "\(name):\r\n \(body)\r\n" : "\(name): \(body)\r\n"
    }
}
