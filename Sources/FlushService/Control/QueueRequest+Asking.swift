import Foundation
import Glibc
import MailHost
import MailQueue
import Timebase

extension QueueRequest {
    /// Asks the service that runs on a store; when none does, the store itself.
    /// - Parameter configuration: the configuration of the service.
    /// - Returns: the answer.
    /// - Throws: ``StoreError`` when there is neither.
    public func ask(_ configuration: ServiceConfiguration) throws(StoreError) -> Answer {
        if let answer = try askService(at: configuration.plan.store + "/control") { return answer }
        guard isDelivery || FileManager.default.fileExists(atPath: configuration.plan.store + "/queue.db") else {
            throw .unusable(path: configuration.plan.store, reason: "there is no store yet")
        }
        if case .flush = self { return Answer("the service does not run: nothing can be delivered\n", isDone: false) }
        let store = try SQLiteStore(folder: configuration.plan.store) { _ in }
        let now = ServiceClock().now
        var mail = MailHost(configuration.plan.host, store: store, at: now)
        if let damage = store.damage { mail.storeDamaged(damage, at: now) }
        let answer = answer(from: mail.queue, store, at: now) ?? change(&mail, at: now)
        try store.close()
        return answer ?? Answer("nothing was asked\n", isDone: false)
    }

    /// Whether it brings a message: the first makes the store.
    private var isDelivery: Bool { if case .take = self { true } else { false } }

    /// Asks a service; nil when none listens there.
    private func askService(at path: String) throws(StoreError) -> Answer? {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw .unusable(path: path, reason: String(cString: strerror(errno))) }
        let connection = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        guard QueueRequest.connect(descriptor, to: path) else { return nil }
        do {
            try connection.write(contentsOf: JSONEncoder().encode(self) + [0x0A])
            return try JSONDecoder().decode(Answer.self, from: connection.readToEnd() ?? Data())
        } catch {
            throw .unusable(path: path, reason: "the service gives no answer")
        }
    }

    private static func connect(_ descriptor: Int32, to path: String) -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let octets = Array(path.utf8)
        guard octets.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: octets) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }
}
