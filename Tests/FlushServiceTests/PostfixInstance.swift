import Foundation
import TestSupport

/// A Postfix of a test's own: configuration, queue, mailboxes and log in a folder that goes with it, on loopback alone.
///
/// `mail.branch.example` takes mail for `office@branch.example` and `sales@branch.example`, and holds their mail in
/// Maildirs; what it is given for others goes to a relay host if there is one.
struct PostfixInstance {
    /// Where it listens, on 127.0.0.1.
    let port: Int
    private let folder: TemporaryFolder

    /// Who a mailbox belongs to: `nobody` on Debian.
    private static let owner = 65_534

    /// Runs Postfix for as long as something is done with it.
    /// - Parameters:
    ///   - settings: lines of main.cf; they count more than those that every instance has.
    ///   - body: what is done.
    /// - Throws: what `postfix start` complains of, or what is thrown there.
    static func run(_ settings: [String] = [], _ body: (PostfixInstance) async throws -> Void) async throws {
        let instance = try PostfixInstance(settings)
        do { try await body(instance) } catch {
            try? instance.control("stop")
            throw error
        }
        try instance.control("stop")
    }

    private init(_ settings: [String]) throws {
        folder = try TemporaryFolder()
        port = try Site.freePort()
        for name in ["etc", "queue", "data", "mail"] {
            try FileManager.default.createDirectory(atPath: folder.file(name), withIntermediateDirectories: false)
        }
        try FileManager.default.setAttributes([.ownerAccountName: "postfix"], ofItemAtPath: folder.file("data"))
        try FileManager.default.setAttributes(
            [.ownerAccountID: PostfixInstance.owner], ofItemAtPath: folder.file("mail"))
        let main = PostfixInstance.settings(in: folder) + settings
        try folder.write(Array(main.joined(separator: "\n").utf8) + [10], to: "etc/main.cf")
        try folder.write(Array(PostfixInstance.services(port: port).utf8), to: "etc/master.cf")
        try control("start")
    }

    /// Waits until Postfix has delivered so many messages, to a mailbox or to another host.
    /// - Throws: ``ExternalTool/Failure`` when it has not after half a minute.
    func waitUntilSent(_ count: Int) throws {
        let script = """
            exec 3< <(exec tail -n +1 -F "$1" 2>&-)
            tail=$!
            grep -m "$2" 'status=sent' <&3
            found=$?
            kill $tail
            exit $found
            """
        _ = try ExternalTool("timeout", package: "coreutils")
            .run(["30", "bash", "-c", script, "bash", folder.file("queue/log"), "\(count)"])
    }

    /// The messages of a mailbox, in the order of the alphabet.
    func mail(of name: String) throws -> [String] {
        let new = "mail/\(name)/new"
        return try TemporaryFolder.names(in: folder.file(new))
            .map { String(decoding: try folder.octets(of: "\(new)/\($0)"), as: UTF8.self) }.sorted()
    }

    /// A folder of the configuration, for `sendmail -C`.
    var configuration: String { folder.file("etc") }

    private func control(_ command: String) throws {
        _ = try ExternalTool("postfix", package: "postfix").run(["-c", configuration, command])
    }

    private static func settings(in folder: TemporaryFolder) -> [String] {
        [
            "compatibility_level = 3.6", "queue_directory = \(folder.file("queue"))",
            "data_directory = \(folder.file("data"))", "maillog_file = \(folder.file("queue/log"))",
            "maillog_file_prefixes = \(folder.path)", "inet_interfaces = loopback-only", "inet_protocols = ipv4",
            "mynetworks = 127.0.0.0/8", "myhostname = mail.branch.example", "mydestination =", "alias_maps =",
            "alias_database =", "local_recipient_maps =", "virtual_mailbox_domains = branch.example",
            "virtual_mailbox_base = \(folder.file("mail"))",
            "virtual_mailbox_maps = inline:{office@branch.example=office/ sales@branch.example=sales/}",
            "virtual_uid_maps = static:\(owner)", "virtual_gid_maps = static:\(owner)",
            "smtpd_recipient_restrictions = permit_mynetworks, reject", "disable_dns_lookups = yes",
        ]
    }

    private static func services(port: Int) -> String {
        """
        127.0.0.1:\(port) inet n - n - - smtpd
        postlog unix-dgram n - n - 1 postlogd
        pickup unix n - n 60 1 pickup
        cleanup unix n - n - 0 cleanup
        qmgr unix n - n 300 1 qmgr
        rewrite unix - - n - - trivial-rewrite
        bounce unix - - n - 0 bounce
        defer unix - - n - 0 bounce
        trace unix - - n - 0 bounce
        flush unix n - n 1000? 0 flush
        smtp unix - - n - - smtp
        error unix - - n - - error
        retry unix - - n - - error
        virtual unix - n n - - virtual
        anvil unix - - n - 1 anvil
        scache unix - - n - 1 scache
        tlsmgr unix - - n 1000? 1 tlsmgr

        """
    }
}
