import Testing
import Wire

struct IPCPOptionTests {
    @Test(
        arguments: [
            (.address(IPv4Address(192, 0, 2, 130)), [3, 6, 192, 0, 2, 130]),
            (.compression(.compressedTCP, parameters: [15, 1]), [2, 6, 0, 0x2D, 15, 1]),
            (.unknown(ConfigurationOption(type: 129, value: [0, 0, 0, 0])), [129, 6, 0, 0, 0, 0]),
            (.malformed(ConfigurationOption(type: 3, value: [1])), [3, 3, 1]),
            (.malformed(ConfigurationOption(type: 2, value: [])), [2, 2]),
        ] as [(IPCPOption, [UInt8])])
    func `an option is read and written`(option: IPCPOption, octets: [UInt8]) throws {
        #expect(try ConfigurationOption.list(parsing: octets).map(IPCPOption.init) == [option])
        #expect([option.option].encoded == octets)
    }
}
