import FlushService
import MailHost
import SMTP
import TestSupport

/// A service with a certificate and an account, and the listeners that need them.
extension Site {
    /// What begins TLS in a script for smtplib, whoever has signed the certificate.
    static let tls = "s.starttls(context=ssl._create_unverified_context())\n"

    /// `mail.isp.example`, which holds mail for `branch.example`; its account `branch` has the password `pencil`.
    ///
    /// It listens for mail, for ATRN, for submission, and for submission over TLS, in this order.
    /// - Parameters:
    ///   - routes: where hosts of domains are.
    ///   - capture: what is captured of its traffic; nil for nothing.
    ///   - change: what else its plan has.
    /// - Returns: the service.
    /// - Throws: what the service says when it cannot begin.
    static func secured(
        routes: [MailService.Route] = [], capturing capture: MailService.Capture? = nil,
        _ change: @escaping (inout MailService.Plan) -> Void = { _ in }
    ) async throws -> Site {
        let certificate = try Site.certificate(for: "mail.isp.example")
        return try await Site("mail.isp.example", holds: ["branch.example"], routes: routes, capturing: capture) {
            plan in
            plan.certificate = (certificate.file("chain.pem"), certificate.file("key.pem"))
            plan.accounts = [
                "branch": SCRAMKeys(password: Array("pencil".utf8), salt: [1, 2, 3, 4], iterations: 4_096)
            ]
            plan.host.accounts = ["branch": (try? Domain(parsing: "branch.example")).map { [$0] } ?? []]
            plan.host.smtp.offersSTARTTLS = true
            plan.host.smtp.mechanisms = [.scramSHA256, .plain, .login]
            plan.listeners.append(.init(address: "127.0.0.1", port: 0, service: .onDemandRelay))
            plan.listeners.append(.init(address: "127.0.0.1", port: 0, service: .submission))
            plan.listeners.append(
                .init(address: "127.0.0.1", port: 0, service: .submission, isImplicitlySecure: true))
            change(&plan)
        }
    }

    /// A certificate that its host has signed itself, as `chain.pem` with `key.pem` in a folder of their own.
    static func certificate(for name: String) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        _ = try ExternalTool("openssl", package: "openssl").run([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
            "/CN=\(name)", "-keyout", folder.file("key.pem"), "-out", folder.file("chain.pem"),
        ])
        return folder
    }
}
