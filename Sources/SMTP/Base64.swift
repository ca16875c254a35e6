/// Base64 as SMTP has it (RFC 4648 §4): one line, padded, and nothing else in it.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let padding = UInt8(ascii: "=")

    /// Octets as text.
    static func encoded(_ octets: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        var (bits, count) = (0, 0)
        for octet in octets {
            bits = bits << 8 | Int(octet)
            count += 8
            while count >= 6 {
                count -= 6
                text.append(alphabet[bits >> count & 0x3f])
            }
        }
        if count > 0 { text.append(alphabet[bits << (6 - count) & 0x3f]) }
        while text.count % 4 != 0 { text.append(padding) }
        return String(decoding: text, as: UTF8.self)
    }

    /// The octets of a text; nil when it is not exactly what encoding them gives.
    static func decoded(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        let body = text.prefix { $0 != padding }
        guard text.count - body.count <= 2, text.dropFirst(body.count).allSatisfy({ $0 == padding }) else { return nil }
        var octets: [UInt8] = []
        var (bits, count) = (0, 0)
        for letter in body {
            guard let value = alphabet.firstIndex(of: letter) else { return nil }
            bits = (bits << 6 | value) & 0xffff
            count += 6
            guard count >= 8 else { continue }
            count -= 8
            octets.append(UInt8(truncatingIfNeeded: bits >> count))
        }
        // Bits that are left over, and too much padding, would be a second spelling.
        return bits & ((1 << count) - 1) == 0 && count < 6 ? octets : nil
    }
}
