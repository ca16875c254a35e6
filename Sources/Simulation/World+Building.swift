import Events
import MailQueue
import PPP
import SMTP
import TCPIP
import Telephony
import Timebase
import Wire

/// From a plan to a world in which nothing has happened yet.
extension World {
    /// Builds the hosts, the telephone network and the mail of a plan.
    /// - Parameters:
    ///   - plan: everything there is.
    ///   - md5: MD5, for CHAP: a digest belongs to a library, and libraries stay above the simulation.
    public init(_ plan: WorldPlan, md5: @escaping @Sendable ([UInt8]) -> [UInt8]) {
        begins = plan.begins
        end = .beginning + plan.lasts
        seed = plan.seed
        exchangeConfiguration = plan.exchange
        rasModem = plan.server.ras.modem
        rasAnswers = plan.server.ras.autoAnswer
        idleDisconnect = plan.server.ras.idleDisconnect
        server = ServerHost(plan.server, begins: plan.begins)
        serverLinkConfiguration = World.serverLinkConfiguration(plan.server, md5)
        digest = md5
        challengeLuck = RandomStream(seed: plan.seed, thing: World.serverName, purpose: "auth.challenge")
        crashLuck = RandomStream(seed: plan.seed, thing: World.serverName, purpose: "crash")
        pool = plan.server.ras.pool.map(AddressPool.init)
        names = World.names(of: plan)
        script = Script(plan.script, seed: plan.seed) { plan.clients[$0].name }
        mailAlarm = clock.makeAlarm(.mailHost, source: 0)
        exchange.connect(plan.server.ras.number, ports: plan.server.ras.ports)
        for port in 0..<plan.server.ras.ports {
            ports.append(RASPort(port, of: plan.server.ras.number, clock: &clock))
        }
        makeHosts(plan)
        makeMail(plan)
        for index in script.occurrences.indices { schedule(occurrence: index) }
    }

    private mutating func makeHosts(_ plan: WorldPlan) {
        var stack = World.serverStack(server, random: RandomStream(seed: seed, thing: "server", purpose: "tcp"))
        for port in server.ports { stack.listen(on: port) }
        hosts.append(Host(name: World.serverName, stack: stack))
        for (index, client) in plan.clients.enumerated() {
            var stack = HostStack(World.tcp, random: RandomStream(seed: seed, thing: client.name, purpose: "tcp"))
            if client.listensAfter == .zero { stack.listen(on: World.smtpPort) }
            hosts.append(Host(name: client.name, stack: stack))
            clients.append(ClientHost(client, index: index, seed: seed, clock: &clock))
            for domain in client.domains where clientByDomain[domain] == nil { clientByDomain[domain] = index }
        }
    }

    /// The stack of the server host, on which nothing listens yet.
    static func serverStack(_ server: ServerHost, random: RandomStream) -> HostStack {
        var stack = HostStack(World.tcp, random: random)
        stack.addAddress(server.address)
        return stack
    }

    private mutating func makeMail(_ plan: WorldPlan) {
        for (index, mail) in plan.mail.enumerated() {
            let alarm = clock.makeAlarm(.mail, source: index)
            clock.set(alarm, to: mail.at)
            let sender = mail.from.flatMap { plan.clients[$0].domains.first }
            let stream = RandomStream(seed: seed, thing: mail.domain.folded, purpose: "mail.\(index)")
            let correspondence = World.correspondence(from: sender, for: mail.domain)
            var envelope = correspondence.envelope
            if !mail.togetherWith.isEmpty {
                envelope.forwardPaths += mail.togetherWith.map { .mailbox(World.office(at: $0)) }
            }
            envelope.options = mail.wishes.options(for: envelope.forwardPaths)
            self.mail.append(
                MailArrival(
                    plan: mail, correspondence: correspondence, envelope: envelope, alarm: alarm, stream: stream))
        }
    }

    /// Who writes to a domain, and to whom there: the head office, or a branch.
    private static func correspondence(from sender: Domain?, for domain: Domain) -> Correspondence {
        Correspondence(from: sender.map(office) ?? headOffice, to: office(at: domain))
    }

    /// Who writes when no client host does: somebody whom no telephone of the simulation leads to.
    static var headOffice: Mailbox {
        guard let mailbox = try? Mailbox(parsing: "orders@head-office.example") else {
            preconditionFailure("it is a mailbox")
        }
        return mailbox
    }

    /// The scenario has checked that the domain leaves room for it.
    private static func office(at domain: Domain) -> Mailbox {
        guard let mailbox = try? Mailbox(localPart: "office", domain: domain) else {
            preconditionFailure("it is a mailbox")
        }
        return mailbox
    }

    /// The hosts' TCP: datagrams of 576 octets, as Windows chose for dial-up lines, so that no segment keeps the line
    /// for long and a time-out of a second is never too short.
    private static var tcp: TCPConfiguration {
        var configuration = TCPConfiguration()
        configuration.maximumSegmentSize = 536
        configuration.receiveWindow = 8 * 536
        // More than the peer's window could not be sent before there is room again.
        configuration.sendBuffer = 8 * 536
        return configuration
    }

    private static func serverLinkConfiguration(
        _ plan: ServerPlan, _ md5: @escaping @Sendable ([UInt8]) -> [UInt8]
    ) -> PPPConfiguration {
        var users: [String: PPPUsers.Entry] = [:]
        for user in plan.ras.users { users[user.name] = .init(secret: Secret(user.password), address: user.address) }
        return .server(
            name: plan.name.spelling, address: plan.address, users: PPPUsers(users),
            demands: plan.ras.authentication.map { $0 == .pap ? .pap : .chap }, digest: md5)
    }

    func clientLinkConfiguration(_ plan: ClientPlan) -> PPPConfiguration {
        .client(PPPCredentials(name: plan.dials.user, secret: Secret(plan.dials.password)), digest: digest)
    }

    /// The names of all addresses, for the capture: the hosts' own names, as DNS would have them.
    private static func names(of plan: WorldPlan) -> [(address: IPv4Address, name: String)] {
        [(plan.server.address, plan.server.name.spelling)]
            + plan.server.ras.users.compactMap { user in
                user.address.map { ($0, user.domains.first?.spelling ?? user.name) }
            }
    }
}
