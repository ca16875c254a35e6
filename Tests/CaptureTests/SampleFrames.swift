/// PPP frames made by hand, with right lengths and checksums, as a link would carry them.
enum SampleFrame {
    static let branch: [UInt8] = [192, 0, 2, 130]
    static let server: [UInt8] = [192, 0, 2, 1]

    /// TCP flags (RFC 9293 §3.1).
    static let syn: UInt8 = 0x02
    static let reset: UInt8 = 0x04
    static let push: UInt8 = 0x08
    static let acknowledgement: UInt8 = 0x10

    /// An LCP Configure-Request with an MRU of 1500 (RFC 1661 §5.1, §6.1).
    static let lcpRequest: [UInt8] = [0xFF, 0x03, 0xC0, 0x21, 0x01, 0x01, 0x00, 0x08, 0x01, 0x04, 0x05, 0xDC]

    /// A segment between the branch (port 1025) and the server (port 25).
    static func tcp(
        fromServer: Bool = false, flags: UInt8, sequence: UInt32, acknowledges: UInt32 = 0, _ text: String = ""
    ) -> [UInt8] {
        let ports: [UInt8] = fromServer ? [0, 25, 4, 1] : [4, 1, 0, 25]
        var segment = ports + big(sequence) + big(acknowledges) + [0x50, flags, 0x20, 0x00, 0, 0, 0, 0]
        segment += Array(text.utf8)
        let (source, destination) = fromServer ? (server, branch) : (branch, server)
        let sum = checksum(
            source + destination + [0, 6, UInt8(segment.count >> 8), UInt8(segment.count & 0xFF)] + segment)
        segment.replaceSubrange(16..<18, with: sum)
        return ip(protocol: 6, from: source, to: destination, segment)
    }

    /// An echo request of the branch to the server (RFC 792).
    static func echoRequest() -> [UInt8] {
        var message: [UInt8] = [8, 0, 0, 0, 0, 1, 0, 1] + Array("ringback".utf8)
        message.replaceSubrange(2..<4, with: checksum(message))
        return ip(protocol: 1, from: branch, to: server, message)
    }

    private static func ip(
        protocol number: UInt8, from source: [UInt8], to destination: [UInt8], _ content: [UInt8]
    ) -> [UInt8] {
        let length = 20 + content.count
        var header: [UInt8] = [0x45, 0, UInt8(length >> 8), UInt8(length & 0xFF), 0, 1, 0x40, 0, 64, number, 0, 0]
        header += source + destination
        header.replaceSubrange(10..<12, with: checksum(header))
        return [0xFF, 0x03, 0x00, 0x21] + header + content
    }

    private static func big(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    /// The Internet checksum (RFC 1071).
    private static func checksum(_ octets: [UInt8]) -> [UInt8] {
        var sum = 0
        for (index, octet) in octets.enumerated() { sum += Int(octet) << (index % 2 == 0 ? 8 : 0) }
        while sum > 0xFFFF { sum = sum & 0xFFFF + sum >> 16 }
        return [UInt8(~sum >> 8 & 0xFF), UInt8(~sum & 0xFF)]
    }
}
