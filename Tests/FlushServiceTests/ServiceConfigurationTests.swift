import FlushService
import MailHost
import MailQueue
import SMTP
import Source
import TestSupport
import Testing
import Timebase

/// The configuration file: what it means, and what is said about what is wrong with it.
struct ServiceConfigurationTests {
    private static let file = """
        host-name: mail.isp.example
        postmaster: hostmaster@branch.example
        store: spool
        listen: [{smtp: "127.0.0.1:2525"}]
        domains:
          branch.example: {host: "192.0.2.130:25", account: branch}
          ship.example: {account: ship}

        """

    private static func load(_ text: String, _ overrides: [String] = []) throws -> ServiceConfiguration {
        let folder = try TemporaryFolder()
        try folder.write(Array(text.utf8), to: "ringback.yaml")
        return try ServiceConfiguration(loading: folder.file("ringback.yaml"), overrides: overrides)
    }

    /// What is said about a file, without the places.
    private static func refusal(of text: String, _ overrides: [String] = []) throws -> [String] {
        do {
            _ = try load(text, overrides)
            return []
        } catch let error as ConfigurationError {
            return error.diagnostics.map { "\($0.line): \($0.path): \($0.problem)" }
        }
    }

    @Test func `the example can be used`() throws {
        let configuration = try ServiceConfigurationTests.load(ServiceConfiguration.example)
        #expect(configuration.plan.host.owners.count == 2)
        #expect(configuration.openness.contains("other domains: no mail is taken for them"))
    }

    @Test func `a file says who is held, and who may ask`() throws {
        let configuration = try ServiceConfigurationTests.load(ServiceConfigurationTests.file)
        let plan = configuration.plan
        #expect(plan.store.hasSuffix("/spool"))
        #expect(plan.host.name.spelling == "mail.isp.example")
        #expect(plan.host.owners.map { $0.map(\.spelling) } == [["branch.example"], ["ship.example"]])
        #expect(plan.host.accounts["ship"]?.map(\.spelling) == ["ship.example"])
        #expect(plan.routes.map(\.host) == [.at(address: "192.0.2.130", port: 25)])
        #expect(plan.listeners == [.init(address: "127.0.0.1", port: 2_525)])
        #expect(
            configuration.openness == """
                127.0.0.1 port 2525: takes mail from anybody for the domains below, and ETRN
                branch.example: asked for by ETRN from 192.0.2.130, or by ETRN or ATRN as branch; \
                its host is at 192.0.2.130 port 25
                ship.example: asked for by ATRN as ship
                other domains: no mail is taken for them

                """)
    }

    @Test func `values can be set from outside`() throws {
        let configuration = try ServiceConfigurationTests.load(
            ServiceConfigurationTests.file, ["limits.message=1MiB", "host-name=mx.isp.example", "store=/srv/mail"])
        #expect(configuration.plan.host.smtp.limits.messageSize == 1 << 20)
        #expect(configuration.plan.host.name.spelling == "mx.isp.example")
        #expect(configuration.plan.store == "/srv/mail")
    }

    @Test func `a domain may have times and limits of its own`() throws {
        let host = try ServiceConfigurationTests.load(
            ServiceConfigurationTests.file,
            [
                "queue={lifetime: 3d, warning: 2h}",
                "domains.\"ship.example\"={account: ship, queue: {lifetime: 60d, warning: never}, "
                    + "limits: {message: 1MiB, held: 2GiB}}",
            ]
        ).plan.host
        let ship = try Domain(parsing: "ship.example")
        let times = try #require(host.queue.timesByDomain[ship])
        #expect(times.lifetime == .days(60) && times.warning == nil && times.retry == host.queue.retry)
        #expect(host.queue.lifetime == .days(3) && host.queue.warning == .hours(2))
        #expect(host.queue.timesByDomain[try Domain(parsing: "branch.example")] == nil)
        #expect(host.smtp.recipients.limits[ship]?.messageSize == 1 << 20 && host.heldLimits[ship] == 2 << 30)
    }

    @Test func `the environment sets values, and what it cannot set is refused`() throws {
        #expect(
            try ServiceConfiguration.overrides(from: [
                "RINGBACK_STORE": "/srv/mail", "RINGBACK_HOST_NAME": "mx.isp.example",
                "RINGBACK_LIMITS_MESSAGE": "1MiB",
                "PATH": "/bin",
            ]) == ["host-name=mx.isp.example", "store=/srv/mail", "limits.message=1MiB"])
        #expect {
            try ServiceConfiguration.overrides(from: ["RINGBACK_STOER": "/srv/mail"])
        } throws: { error in
            let text = (error as? ConfigurationError)?.description ?? ""
            return text.contains("`RINGBACK_STOER` sets nothing") && text.contains("RINGBACK_STORE")
        }
    }

    @Test func `accounts that nobody has made are named`() throws {
        let folder = try TemporaryFolder()
        var accounts = try AccountsFile(folder: folder.path)
        try accounts.add("ship", password: "anchor")
        let configuration = try ServiceConfigurationTests.load(ServiceConfigurationTests.file)
        #expect(configuration.accounts(missingIn: accounts) == ["branch"])
    }

    @Test func `nobody relays unless the file says so`() throws {
        let closed = try ServiceConfigurationTests.load(ServiceConfigurationTests.file).plan
        #expect(!closed.host.smtp.relaysForAuthenticated)
        let open = try ServiceConfigurationTests.load(
            ServiceConfigurationTests.file + "relay: {smarthost: \"192.0.2.9:25\", networks: [192.0.2.0/24]}\n")
        #expect(open.plan.host.smtp.relaysForAuthenticated)
        #expect(
            open.openness.contains(
                "mail is taken for them after AUTH, or from 192.0.2.0/24, and goes to the host at 192.0.2.9"))
    }

    @Test(arguments: [
        ("relay: {networks: [192.0.2.0/24]}", "8: relay.networks: `networks` has no meaning without `smarthost`"),
        (
            "relay: {smarthost: \"192.0.2.9:25\", networks: [0.0.0.0/0]}",
            "8: relay.networks[0]: this would be an open relay: anybody could send to anybody"
        ),
        (
            "relay: {smarthost: \"192.0.2.9:25\", networks: [10.0.0.0/8, 128.0.0.0/1]}",
            "8: relay.networks[1]: this would be an open relay: anybody could send to anybody"
        ),
        ("tsl: {}", "8: tsl: unknown key"),
        ("queue: {retry: [1h, 15m]}", "8: queue.retry: no retry schedule"),
        ("limits: {errors: 0}", "8: limits.errors: out of range"),
        ("personality: exchange-6", "8: personality: no such choice"),
        ("log: {level: loud}", "8: log.level: no such choice"),
        ("name-servers: [\"192.0.2.53\"]", "8: name-servers[0]: no address with a port"),
        ("registry: nothing.reg", "8: registry: no such file: "),
    ])
    func `what cannot be is refused with its place`(line: String, complaint: String) throws {
        let refusal = try ServiceConfigurationTests.refusal(of: ServiceConfigurationTests.file + line + "\n")
        #expect(refusal.count == 1 && refusal[0].hasPrefix(complaint), "\(refusal)")
    }

    @Test(arguments: [
        ("domains.branch.example={host: mx}", "domains"), ("listen[0].smtp=25", "listen[0].smtp"),
        ("listen=[{submissions: \"0.0.0.0:465\"}]", "listen[0]"), ("postmaster=nobody", "postmaster"),
        ("domains.\"branch.example\".host=mx:0", "domains.\"branch.example\".host"),
    ])
    func `what is set from outside is checked, too`(override: String, path: String) throws {
        let refusal = try ServiceConfigurationTests.refusal(of: ServiceConfigurationTests.file, [override])
        #expect(refusal.contains { $0.hasPrefix("1: \(path)") }, "\(refusal)")
    }

    @Test(arguments: [
        ("{host: mx}", "nobody could ask for its mail"), ("{host: last-address}", "nobody's last address"),
        ("{host: mx, held: retried}", nil), ("{host: \"mx:2525\", account: branch}", nil),
        ("{host: last-address, account: branch}", nil), ("{account: branch, held: retried}", "has no meaning without"),
    ])
    func `a site must be found, and somebody must be able to ask`(site: String, complaint: String?) throws {
        let text = ServiceConfigurationTests.file.replacing("{host: \"192.0.2.130:25\", account: branch}", with: site)
        let refusal = try ServiceConfigurationTests.refusal(of: text)
        #expect(refusal.count == (complaint == nil ? 0 : 1) && refusal.allSatisfy { $0.contains(complaint ?? "") })
    }

    @Test func `a certificate is looked for beside the file`() throws {
        let configuration = try ServiceConfigurationTests.load(
            ServiceConfigurationTests.file + "tls: {certificate: chain.pem, key: /etc/key.pem}\n")
        #expect(configuration.plan.certificate?.chain.hasSuffix("/chain.pem") == true)
        #expect(configuration.plan.certificate?.key == "/etc/key.pem")
        #expect(configuration.plan.host.smtp.offersSTARTTLS)
        #expect(configuration.plan.host.mechanisms == [.scramSHA256, .plain, .login])
    }

    @Test func `the registry's DisableETRN is obeyed`() throws {
        let folder = try TemporaryFolder()
        let hive = """
            REGEDIT4

            [HKEY_LOCAL_MACHINE\\System\\CurrentControlSet\\Services\\MSExchangeIMC\\Parameters]
            "DisableETRN"=dword:00000001

            """
        try folder.write(Array(hive.replacing("\n", with: "\r\n").utf8), to: "imc.reg")
        try folder.write(Array((ServiceConfigurationTests.file + "registry: imc.reg\n").utf8), to: "ringback.yaml")
        let configuration = try ServiceConfiguration(loading: folder.file("ringback.yaml"))
        #expect(!configuration.plan.host.smtp.offersETRN)
        // What the registry does not speak of is as the file has it.
        #expect(configuration.plan.host.lowWaterMark == 10 << 20)
    }

    @Test func `so much of messages is kept in memory that the largest fits`() throws {
        let file = ServiceConfigurationTests.file
        #expect(try ServiceConfigurationTests.load(file).plan.host.contentLimit == 67_108_864)
        let limits = ["limits.message=1MiB", "limits.content=2MiB"]
        #expect(try ServiceConfigurationTests.load(file, limits).plan.host.contentLimit == 2_097_152)
        let refusal = try ServiceConfigurationTests.refusal(of: file, ["limits.content=1MiB"])
        #expect(refusal == ["1: limits.content: the largest message would never be taken"])
    }
}
