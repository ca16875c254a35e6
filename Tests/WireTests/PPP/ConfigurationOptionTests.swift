import TestSupport
import Testing
import Wire

struct ConfigurationOptionTests {
    // What an NT client asks for: ACCM, magic number, PFC, ACFC, callback.
    private let asked: [UInt8] = [
        0x02, 0x06, 0xFF, 0xFF, 0xFF, 0xFF, 0x05, 0x06, 0x11, 0x33, 0x51, 0x5B, 0x07, 0x02, 0x08, 0x02, 0x0D, 0x03,
        0x06,
    ]

    @Test func `the list of an NT client is read`() throws {
        let options = try ConfigurationOption.list(parsing: asked).map(LCPOption.init)
        #expect(
            options == [
                .controlCharacterMap(0xFFFF_FFFF), .magicNumber(0x1133_515B), .protocolFieldCompression,
                .addressAndControlFieldCompression, .unknown(ConfigurationOption(type: 13, value: [6])),
            ])
        #expect(options.map(\.option).encoded == asked)
    }

    @Test func `a list cut short is refused, unless it ends with an option`() {
        let ends = [0, 6, 12, 14, 16, 19]
        for length in 0...asked.count {
            let list = try? ConfigurationOption.list(parsing: Array(asked.prefix(length)))
            #expect((list != nil) == ends.contains(length))
        }
    }

    @Test(arguments: [[1, 0], [1, 1], [1, 3], [1]] as [[UInt8]])
    func `a length that cannot be is refused`(data: [UInt8]) {
        #expect(throws: ConfigurationOptionError.badLength) { try ConfigurationOption.list(parsing: data) }
    }

    @Test func `whatever is accepted is written again octet for octet`() {
        var mutations = Mutations(of: "options")
        let samples: [[UInt8]] = [
            asked, [3, 6, 10, 0, 2, 15, 2, 6, 0, 45, 15, 1], [1, 4, 5, 220, 3, 5, 0xC2, 0x23, 5],
        ]
        for _ in 0..<Mutations.count(100_000) {
            let octets = mutations.next(of: samples)
            guard let options = try? ConfigurationOption.list(parsing: octets) else { continue }
            #expect(options.encoded == octets)
            #expect(options.map { LCPOption($0).option }.encoded == octets)
            #expect(options.map { IPCPOption($0).option }.encoded == octets)
        }
    }
}
