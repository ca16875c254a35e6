import Wire

/// A message of which a client host has begun to receive the content.
struct ArrivingMessage: Sendable {
    /// Its number in the run.
    let number: Int
    /// What the host calls it.
    let id: String
    /// How much of its content was looked at, in octets.
    private(set) var size = 0
    private var mark = ContentMark()

    init(number: Int, id: String) {
        self.number = number
        self.id = id
    }

    /// More of its content has come.
    mutating func receive(_ octets: RawSpan) {
        mark.mix(octets)
        size += octets.byteCount
    }

    /// The mark of its content, together with those whom it is for.
    func mark(for recipients: [String]) -> UInt64 {
        var mark = mark
        for recipient in recipients {
            mark.end()
            mark.mix(Array(recipient.utf8).span.bytes)
        }
        return mark.value
    }
}
