import Testing
import Wire

struct PPPProtocolTests {
    @Test(arguments: [PPPProtocol.ip, .compressedTCP, .uncompressedTCP, .multilink, .ipv6, .compressedDatagram])
    func `what carries datagrams has a valid number below 4000`(number: PPPProtocol) {
        #expect(number.isValid)
        #expect(!number.isNetworkControl)
        #expect(!number.isLinkControl)
    }

    @Test(arguments: [PPPProtocol.ipcp, .ipxcp, .nbfcp, .ipv6cp, .ccp])
    func `what configures a network layer has a valid number from 8000 on`(number: PPPProtocol) {
        #expect(number.isValid)
        #expect(number.isNetworkControl)
    }

    @Test(arguments: [PPPProtocol.lcp, .pap, .linkQuality, .cbcp, .chap, .eap])
    func `what works on the link has a valid number from C000 on`(number: PPPProtocol) {
        #expect(number.isValid)
        #expect(number.isLinkControl)
    }

    @Test(arguments: [0x0020, 0x0121, 0xC022, 0xFFFF] as [UInt16])
    func `an even second octet or an odd first one makes no valid number`(number: UInt16) {
        #expect(!PPPProtocol(rawValue: number).isValid)
    }

    @Test func `a number is written in four digits`() {
        #expect("\(PPPProtocol.lcp) \(PPPProtocol.ip)" == "c021 0021")
    }
}
