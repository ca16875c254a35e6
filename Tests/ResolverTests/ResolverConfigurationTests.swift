import Resolver
import Testing
import Timebase
import Wire

struct ResolverConfigurationTests {
    private func servers(_ text: String) -> [String] {
        ResolverConfiguration(resolvConf: text).servers.map(\.address.description)
    }

    @Test func `the servers are read in their order, three at most`() {
        #expect(
            servers(
                """
                # nameserver 198.51.100.1
                ; nameserver 198.51.100.2
                domain d.example
                search d.example example
                nameserver 192.0.2.53
                nameserver\t2001:db8::53   # the other one
                 nameserver 198.51.100.3
                nameserver fe80::1%eth0
                nameserver
                nameserver mx.example
                nameservers 198.51.100.4
                nameserver 203.0.113.53
                nameserver 203.0.113.54
                """) == ["192.0.2.53", "2001:db8::53", "203.0.113.53"])
    }

    @Test(arguments: ["", "\n", "search example\r\n", "nameserver", "\u{0}\u{feff}"])
    func `without a server this host itself is asked`(text: String) {
        #expect(servers(text) == ["127.0.0.1"])
        let configuration = ResolverConfiguration(resolvConf: text)
        #expect(configuration.firstWait == .seconds(5) && configuration.rounds == 2)
        #expect(configuration.servers.first?.port == 53)
    }

    @Test(
        arguments: [
            ("options timeout:2 attempts:3", 2, 3), ("options rotate edns0\toptions timeout:30\n", 30, 2),
            ("options timeout:0 attempts:0", 5, 2), ("options timeout:31 attempts:6", 5, 2),
            ("options timeout:x attempts:", 5, 2), ("options timeout:99999999999999999999", 5, 2),
            ("options timeout:9\noptions timeout:4 attempts:5", 4, 5), ("option timeout:9", 5, 2),
            ("options timeout 9", 5, 2),
        ] as [(String, Int64, Int)])
    func `DNS-9: timeout and attempts are taken where they make sense`(text: String, timeout: Int64, attempts: Int) {
        let configuration = ResolverConfiguration(resolvConf: text + "\r\nnameserver 192.0.2.53\r\n")
        #expect(configuration.firstWait == .seconds(timeout) && configuration.rounds == attempts)
        #expect(configuration.servers.count == 1)
    }
}
