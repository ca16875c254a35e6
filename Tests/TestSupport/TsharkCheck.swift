/// What tshark makes of a capture: everything that a reader of ours might complain about.
///
/// All checksums are validated; names are not resolved. Damage of the file itself is an error of the initialiser.
public struct TsharkCheck: Sendable {
    /// A remark of tshark's experts about a frame.
    public struct Expert: Hashable, Sendable, CustomStringConvertible {
        /// The frame, counted from 1.
        public var frame: Int
        /// What it says.
        public var message: String
        /// Whether it speaks of lost, repeated or reordered segments, which a bad line is allowed to cause.
        public var isAboutLoss: Bool {
            TsharkCheck.lossRemarks.contains { message.hasPrefix($0) }
        }
        /// `frame 7: Bad checksum`.
        public var description: String { "frame \(frame): \(message)" }
    }

    /// A TCP connection of the capture.
    public struct Stream: Hashable, Sendable {
        /// tshark's number for it: connections count from zero.
        public var index: Int
        /// Who sent the first segment that was seen, as `192.0.2.1:1025`.
        public var client: String
        /// The other end.
        public var server: String

        /// A connection between two ends.
        public init(index: Int, client: String, server: String) {
            self.index = index
            self.client = client
            self.server = server
        }
    }

    /// How many frames were read, events included.
    public private(set) var frames = 0
    /// Frames that a dissector could not take apart.
    public private(set) var malformed = 0
    /// Frames with a wrong IP, TCP, UDP or ICMP checksum.
    public private(set) var badChecksums = 0
    /// Frames with an earlier time than the frame before them, and frames without a time.
    public private(set) var timeOrderViolations = 0
    /// Frames whose innermost protocol tshark does not know.
    public private(set) var unknownProtocols = 0
    /// Segments sent again, whatever for.
    public private(set) var retransmissions = 0
    /// Segments that are missing before the one seen, or that were acknowledged without being seen.
    public private(set) var lostSegments = 0
    /// Acknowledgements of what had been acknowledged.
    public private(set) var duplicateAcknowledgements = 0
    /// Segments that came late.
    public private(set) var outOfOrder = 0
    /// Frames with the flag of a wrong FCS.
    public private(set) var crcErrors = 0
    /// What the experts call errors.
    public private(set) var errors: [Expert] = []
    /// What the experts warn of.
    public private(set) var warnings: [Expert] = []
    /// The TCP connections, in the order in which they appear.
    public private(set) var streams: [Stream] = []

    private let path: String
    private var latest: Int64 = 0

    /// Has a capture read by tshark.
    /// - Parameter path: the capture.
    /// - Throws: ``ExternalTool/Failure`` when tshark is missing or finds the file damaged.
    public init(capture path: String) throws {
        self.path = path
        let listing = try TsharkCheck.tshark.run(
            ["-n", "-r", path, "-T", "fields", "-E", "separator=/t", "-E", "occurrence=a", "-E", "aggregator=\u{1F}"]
                + TsharkCheck.preferences + TsharkCheck.fields.flatMap { ["-e", $0] })
        for line in listing.split(separator: "\n") {
            read(Row(line))
        }
    }

    /// Everything that no line, however bad, excuses; empty for a good capture.
    public var problems: [String] {
        let counts = [
            ("malformed", malformed), ("bad checksum", badChecksums), ("out of time order", timeOrderViolations),
            ("unknown protocol", unknownProtocols),
        ]
        return counts.filter { $0.1 > 0 }.map { "\($0.0): \($0.1) frames" }
            + errors.map { "error in \($0)" }
            + warnings.filter { !$0.isAboutLoss }.map { "warning in \($0)" }
    }

    /// What speaks of a line that loses octets; empty for a capture of good lines.
    public var losses: [String] {
        let counts = [
            ("retransmission", retransmissions), ("duplicate acknowledgement", duplicateAcknowledgements),
            ("out of order", outOfOrder), ("lost segment", lostSegments),
        ]
        return counts.filter { $0.1 > 0 }.map { "\($0.0): \($0.1) frames" }
    }

    /// What the two ends of a connection said, put together from its segments.
    /// - Parameter stream: a number of ``streams``.
    /// - Returns: the octets of the client and of the server.
    /// - Throws: ``ExternalTool/Failure`` when tshark fails.
    public func followed(stream: Int) throws -> (client: [UInt8], server: [UInt8]) {
        let listing = try TsharkCheck.tshark.run(
            ["-n", "-q", "-r", path, "-z", "follow,tcp,raw,\(stream)"] + TsharkCheck.preferences)
        var client: [UInt8] = []
        var server: [UInt8] = []
        // Between the head and a line of "=": lines of hexadecimal digits, the server's behind a tab.
        let body = listing.split(separator: "\n").drop { !$0.hasPrefix("Node 1:") }.dropFirst()
        for line in body.prefix(while: { !$0.hasPrefix("=") }) {
            if line.hasPrefix("\t") {
                server += TsharkCheck.octets(hexadecimal: line.dropFirst())
            } else {
                client += TsharkCheck.octets(hexadecimal: line)
            }
        }
        return (client, server)
    }
}

extension TsharkCheck {
    private static var tshark: ExternalTool {
        get throws { try ExternalTool("tshark", package: "tshark") }
    }

    private static let preferences =
        [
            "ip.check_checksum:TRUE", "tcp.check_checksum:TRUE", "udp.check_checksum:TRUE",
            "tcp.reassemble_out_of_order:TRUE",
            // On-Demand Mail Relay is SMTP at a port of its own (RFC 2645 §4).
        ].flatMap { ["-o", $0] } + ["-d", "tcp.port==366,smtp"]

    private static let fields = [
        "frame.number", "frame.time_epoch", "frame.protocols", "_ws.malformed", "_ws.short", "ip.checksum.status",
        "tcp.checksum.status", "udp.checksum.status", "icmp.checksum.status", "_ws.expert.severity",
        "_ws.expert.message", "tcp.analysis.retransmission", "tcp.analysis.fast_retransmission",
        "tcp.analysis.spurious_retransmission", "tcp.analysis.lost_segment", "tcp.analysis.ack_lost_segment",
        "tcp.analysis.duplicate_ack", "tcp.analysis.out_of_order", "frame.packet_flags_crc_error", "tcp.stream",
        "ip.src", "tcp.srcport", "ip.dst",
        "tcp.dstport", "_ws.col.Info",
    ]

    fileprivate static let lossRemarks = [
        "ACKed segment that", "Previous segment", "This frame is a (suspected)", "TCP window", "Connection reset",
        "D-SACK",
    ]

    /// One line of tshark's listing.
    private struct Row {
        private let columns: [Substring]

        init(_ line: Substring) { columns = line.split(separator: "\t", omittingEmptySubsequences: false) }

        /// All values of a field in this frame.
        subscript(_ field: String) -> [Substring] {
            guard let index = TsharkCheck.fields.firstIndex(of: field), index < columns.count else { return [] }
            return columns[index].split(separator: "\u{1F}")
        }
    }

    private mutating func read(_ row: Row) {
        frames += 1
        let number = row["frame.number"].first.flatMap { Int($0) } ?? frames
        if !row["_ws.malformed"].isEmpty || !row["_ws.short"].isEmpty { malformed += 1 }
        let statuses = ["ip", "tcp", "udp", "icmp"].flatMap { row["\($0).checksum.status"] }
        if statuses.contains("0") { badChecksums += 1 }
        if isUnknown(row) { unknownProtocols += 1 }
        let repeats = ["retransmission", "fast_retransmission", "spurious_retransmission"]
        if repeats.contains(where: { !row["tcp.analysis.\($0)"].isEmpty }) { retransmissions += 1 }
        let gaps = ["lost_segment", "ack_lost_segment"]
        if gaps.contains(where: { !row["tcp.analysis.\($0)"].isEmpty }) { lostSegments += 1 }
        if !row["tcp.analysis.duplicate_ack"].isEmpty { duplicateAcknowledgements += 1 }
        if !row["tcp.analysis.out_of_order"].isEmpty { outOfOrder += 1 }
        if row["frame.packet_flags_crc_error"].contains("1") { crcErrors += 1 }
        readTime(row)
        readExperts(row, frame: number)
        readStream(row)
    }

    // Octets of an echo request are nobody's protocol, and rightly so.
    private func isUnknown(_ row: Row) -> Bool {
        let protocols = row["frame.protocols"].first.map { $0.split(separator: ":") } ?? []
        let isBareContent = protocols.last == "data" && !protocols.contains("icmp")
        return isBareContent || row["_ws.col.Info"].contains { $0.contains("PPP Unknown") || $0.contains("WTAP_ENCAP") }
    }

    private mutating func readTime(_ row: Row) {
        // Seconds and nine digits of nanoseconds.
        let digits = (row["frame.time_epoch"].first ?? "").filter { $0 != "." }
        guard let time = Int64(digits), time >= latest else {
            timeOrderViolations += 1
            return
        }
        latest = time
    }

    private mutating func readExperts(_ row: Row, frame: Int) {
        // Severities are flags, in decimal digits or hexadecimal ones.
        for (severity, message) in zip(row["_ws.expert.severity"], row["_ws.expert.message"]) {
            let expert = Expert(frame: frame, message: String(message))
            switch severity {
            case "8388608", "0x00800000": errors.append(expert)
            case "6291456", "0x00600000": warnings.append(expert)
            default: break
            }
        }
    }

    private mutating func readStream(_ row: Row) {
        guard let index = row["tcp.stream"].first.flatMap({ Int($0) }), index == streams.count,
            let source = row["ip.src"].first, let sourcePort = row["tcp.srcport"].first,
            let destination = row["ip.dst"].first, let destinationPort = row["tcp.dstport"].first
        else { return }
        streams.append(
            Stream(index: index, client: "\(source):\(sourcePort)", server: "\(destination):\(destinationPort)"))
    }

    private static func octets(hexadecimal text: some StringProtocol) -> [UInt8] {
        var digits = text.utf8.makeIterator()
        var octets: [UInt8] = []
        while let high = digits.next(), let low = digits.next() {
            guard let octet = UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16) else { continue }
            octets.append(octet)
        }
        return octets
    }
}
