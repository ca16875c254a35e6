import Foundation
import Glibc
import ServiceLifecycle

/// Tells systemd that the service is ready, lives, and stops (sd_notify(3)); nothing where nobody listens.
///
/// What it says is true: it is ready when its listeners are bound and its store is open, and it lives when the loop
/// that does all its work answers.
struct SystemdLink: Service {
    private let path: String
    private let watchdog: Duration?
    private let isAlive: @Sendable () async -> Void

    /// A link as systemd describes it in the environment; nil when there is none.
    /// - Parameters:
    ///   - environment: of this process.
    ///   - isAlive: returns as soon as the loop has answered.
    init?(_ environment: [String: String], isAlive: @escaping @Sendable () async -> Void) {
        guard let path = environment["NOTIFY_SOCKET"], path.hasPrefix("/") || path.hasPrefix("@") else { return nil }
        self.path = path
        self.isAlive = isAlive
        // Twice as often as demanded, as sd_watchdog_enabled(3) advises.
        let isOurs = environment["WATCHDOG_PID"].map { $0 == "\(getpid())" } ?? true
        watchdog = environment["WATCHDOG_USEC"].flatMap(Int64.init).flatMap { microseconds in
            isOurs && microseconds > 1 ? .microseconds(microseconds / 2) : nil
        }
    }

    func run() async throws {
        say("READY=1")
        if let watchdog {
            await cancelWhenGracefulShutdown {
                while !Task.isCancelled {
                    await isAlive()
                    say("WATCHDOG=1")
                    try? await Task.sleep(for: watchdog)
                }
            }
        } else {
            try await gracefulShutdown()
        }
        say("STOPPING=1")
    }

    private func say(_ text: String) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var octets = Array(path.utf8)
        // A name in the abstract space begins with a zero.
        if octets.first == UInt8(ascii: "@") { octets[0] = 0 }
        guard octets.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: octets) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + octets.count)
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { socket in
                _ = sendto(descriptor, text, text.utf8.count, Int32(MSG_NOSIGNAL), socket, length)
            }
        }
    }
}
