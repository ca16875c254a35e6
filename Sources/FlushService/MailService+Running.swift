import Events
import Foundation
import Glibc
import Logging
import SMTP
public import ServiceLifecycle
import UnixSignals

extension MailService: Service {
    /// Runs a service as it is configured, until SIGTERM or SIGINT.
    /// - Parameters:
    ///   - configuration: how.
    ///   - doors: what was opened for it.
    ///   - journal: a file for what the mail host is told; nil for none.
    /// - Throws: what keeps it from beginning.
    public static func run(
        _ configuration: ServiceConfiguration, _ doors: Doors, journal: String? = nil
    ) async throws {
        let log = ServiceLog(format: configuration.logFormat, level: configuration.logLevel)
        allowManyFiles()
        var plan = configuration.plan
        plan.accounts = try AccountsFile(folder: plan.store).keys
        let service = try await MailService(
            plan, doors, journal: journal.map { Journal(path: $0, configuration: configuration) }, note: log.note,
            report: log.report)
        var places = zip(plan.listeners, service.ports).map { listener, port in
            "listens at \(listener.address) port \(port) for \(listener.purpose)"
        }
        if let monitor = plan.monitor, let port = service.monitorPort {
            places.append("is watched at \(monitor.address) port \(port)")
        }
        var silent = Logger(label: "ringback.lifecycle") { _ in SwiftLogNoOpLogHandler() }
        silent.logLevel = .critical
        let reload = Reload(service: service, configuration: configuration, log: log)
        var services: [any Service] = [Announcement(lines: places, log: log), service, reload]
        let systemd = SystemdLink(ProcessInfo.processInfo.environment) { await service.isAlive() }
        if let systemd { services.append(systemd) }
        try await ServiceGroup(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: silent
        ).run()
        log.note("has ended")
    }

    /// Every connection is an open file, and of those many systems allow a thousand to who does not ask for more. With
    /// none left there would be no reverse connection either.
    ///
    /// The system's table of them grows by steps, and while it does, a process with threads waits for milliseconds:
    /// that is done now, for as many as are ever likely, and not when a reverse connection is due.
    private static func allowManyFiles() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let last = fcntl(STDERR_FILENO, F_DUPFD, Int32(min(limit.rlim_cur, 16_384)) - 1)
        if last >= 0 { close(last) }
    }

    /// Serves until it is to stop.
    public func run() async throws {
        try await gracefulShutdown()
        try await shutDown()
    }
}

/// Says where the service listens, as soon as signals are heeded: who has read it may stop the service.
private struct Announcement: Service {
    let lines: [String]
    let log: ServiceLog

    func run() async throws {
        for line in lines { log.note(line) }
        try await gracefulShutdown()
    }
}

/// Reads the configuration and the accounts anew on SIGHUP, without dropping a session.
private struct Reload: Service {
    let service: MailService
    /// What the service has begun with.
    let configuration: ServiceConfiguration
    let log: ServiceLog

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        for await _ in signals.cancelOnGracefulShutdown() {
            await readConfiguration()
            await readAccounts()
        }
    }

    private func readConfiguration() async {
        do {
            let other = try ServiceConfiguration(loading: configuration.path, overrides: configuration.overrides)
            try await service.apply(other)
            log.apply(other)
            log.note("has read the configuration anew")
            for key in other.plan.keysThatWait(after: configuration.plan) {
                log.note("`\(key)` takes effect when the service is started again")
            }
        } catch {
            log.note("keeps the configuration that it has: \(error)")
        }
    }

    private func readAccounts() async {
        do throws(AccountsFile.Fault) {
            let accounts = try AccountsFile(folder: configuration.plan.store)
            await service.setAccounts(accounts.keys)
            log.note("has read the accounts anew: \(accounts.accounts.count)")
        } catch {
            log.note("keeps the accounts that it has: \(error)")
        }
    }
}

extension MailService.Plan {
    /// What differs from the plan that a service has begun with, and cannot be changed while it goes on.
    fileprivate func keysThatWait(after begun: MailService.Plan) -> [String] {
        let differences = [
            ("listen", listeners != begun.listeners), ("store", store != begun.store), ("user", user != begun.user),
            ("monitor", monitor != begun.monitor),
        ]
        return differences.filter(\.1).map(\.0)
    }
}

extension MailService.Listener {
    /// What it is for, in words.
    var purpose: String {
        switch service {
        case .mail: "mail and ETRN"
        case .submission: isImplicitlySecure ? "submission over TLS" : "submission"
        case .onDemandRelay: "ATRN"
        }
    }
}
