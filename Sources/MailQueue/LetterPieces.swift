import Timebase

/// A generated letter piece by piece: its header, then paragraph by paragraph.
///
/// All letters share the memory of their paragraphs, so a letter that is sent in pieces takes next to none. The pieces
/// together are what ``GeneratedMessage/render()`` gives.
public struct LetterPieces: Sequence, IteratorProtocol, Sendable {
    private let letter: GeneratedMessage
    private var luck: RandomStream
    private var paragraph = 0
    private var written = 0
    /// What is left of a piece of which a part was left aside.
    private var rest: [UInt8]?

    /// A letter from its beginning, or from an octet on.
    public init(of letter: GeneratedMessage, from start: Int = 0) {
        self.letter = letter
        luck = RandomStream(
            seed: letter.seed, thing: "\(letter.correspondence.sender)", purpose: "mail.text.\(letter.ordinal)")
        while written < start, let piece = next() {
            if written > start { rest = Array(piece.suffix(written - start)) }
        }
    }

    /// The next piece, never empty; nil after the last.
    public mutating func next() -> [UInt8]? {
        if let begun = rest {
            rest = nil
            return begun
        }
        guard written < letter.size else { return nil }
        let piece = written == 0 ? Array(letter.header.utf8) : nextParagraph()
        written += piece.count
        return piece
    }

    private mutating func nextParagraph() -> [UInt8] {
        let paragraphs = OfficeText.paragraphs
        // Never the same paragraph twice in a row.
        paragraph = (paragraph + Int(luck.uniform(in: 1...Int64(paragraphs.count - 1)))) % paragraphs.count
        let room = letter.size - GeneratedMessage.lineEnd.count - written
        return paragraphs[paragraph].count <= room
            ? paragraphs[paragraph] : LetterPieces.beginning(of: paragraphs[paragraph], room)
    }

    // A cut between CR and LF would leave a bare CR: there the line gets a full stop instead.
    private static func beginning(of paragraph: [UInt8], _ count: Int) -> [UInt8] {
        var octets = Array(paragraph.prefix(count))
        if octets.last == 0x0D { octets[count - 1] = UInt8(ascii: ".") }
        return octets + GeneratedMessage.lineEnd
    }
}
