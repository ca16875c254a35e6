import Testing

@testable import Simulation

struct CRAMDigestTests {
    // RFC 2104 §2, with a digest that hides nothing: all octets can be seen where they belong.
    @Test(arguments: [0, 5, 64]) func `the key stands before the challenge in both digests`(length: Int) {
        let password = [UInt8](repeating: 0x61, count: length)
        let text = CRAMDigest.text(of: [0x3c, 0x3e], password: password, md5: { $0 })
        func key(_ pad: UInt8) -> String {
            hexadecimal(password.map { $0 ^ pad } + [UInt8](repeating: pad, count: 64 - length))
        }
        #expect(text == key(0x5c) + key(0x36) + "3c3e")
    }

    @Test func `a password that is longer than a block stands for its digest`() {
        let md5: ([UInt8]) -> [UInt8] = { [UInt8(truncatingIfNeeded: $0.count)] }
        let text = CRAMDigest.text(of: [], password: [UInt8](repeating: 1, count: 65)) { octets in
            octets.count == 65 && octets.allSatisfy { $0 == 1 } ? [0x36] : md5(octets)
        }
        // Inner and outer key have 64 octets, whatever the password.
        #expect(text == "41")
    }

    private func hexadecimal(_ octets: [UInt8]) -> String {
        octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
