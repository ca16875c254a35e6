/// What a client answers to a challenge of CRAM-MD5 (RFC 2195 §2): its HMAC (RFC 2104 §2) with the password as key.
enum CRAMDigest {
    /// How many octets MD5 takes at a time.
    private static let blockLength = 64

    /// The digest in hexadecimal digits, in small letters.
    /// - Parameters:
    ///   - challenge: what the server has said.
    ///   - password: the key; a longer one than a block stands for its own MD5.
    ///   - md5: MD5, which belongs to a library above.
    /// - Returns: thirty-two digits.
    static func text(of challenge: [UInt8], password: [UInt8], md5: ([UInt8]) -> [UInt8]) -> String {
        var key = password.count > blockLength ? md5(password) : password
        key += [UInt8](repeating: 0, count: max(0, blockLength - key.count))
        let inner = md5(key.map { $0 ^ 0x36 } + challenge)
        let digits = Array("0123456789abcdef".utf8)
        let text = md5(key.map { $0 ^ 0x5c } + inner).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}
