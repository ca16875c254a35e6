import Testing
import Wire

struct LCPOptionTests {
    @Test(
        arguments: [
            (.maximumReceiveUnit(1500), [1, 4, 0x05, 0xDC]),
            (.controlCharacterMap(0x000A_0000), [2, 6, 0, 0x0A, 0, 0]),
            (.authentication(.pap), [3, 4, 0xC0, 0x23]),
            (.authentication(.chapMD5), [3, 5, 0xC2, 0x23, 0x05]),
            (.authentication(.chap(algorithm: 0x80)), [3, 5, 0xC2, 0x23, 0x80]),
            (.authentication(.other(.eap, parameters: [])), [3, 4, 0xC2, 0x27]),
            (.authentication(.other(.pap, parameters: [1])), [3, 5, 0xC0, 0x23, 1]),
            (.magicNumber(0x0BAD_CAFE), [5, 6, 0x0B, 0xAD, 0xCA, 0xFE]),
            (.protocolFieldCompression, [7, 2]),
            (.addressAndControlFieldCompression, [8, 2]),
            (.unknown(ConfigurationOption(type: 17, value: [6, 78])), [17, 4, 6, 78]),
            (.malformed(ConfigurationOption(type: 1, value: [5])), [1, 3, 5]),
            (.malformed(ConfigurationOption(type: 7, value: [0])), [7, 3, 0]),
        ] as [(LCPOption, [UInt8])])
    func `an option is read and written`(option: LCPOption, octets: [UInt8]) throws {
        #expect(try ConfigurationOption.list(parsing: octets).map(LCPOption.init) == [option])
        #expect([option.option].encoded == octets)
    }
}
