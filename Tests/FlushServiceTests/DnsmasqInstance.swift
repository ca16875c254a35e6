import FlushService
import Foundation
import Resolver
import TestSupport
import Wire

/// A dnsmasq of a test's own on loopback, which knows nothing but what it is told.
final class DnsmasqInstance {
    private let process = Process()
    private let life = Pipe()
    /// What a service is told of it.
    let server: NameServer

    /// Starts one that answers.
    /// - Parameter options: what it knows, as `--mx-host=branch.example,mail.branch.example,10`.
    /// - Throws: what the system says when it cannot be started.
    init(_ options: [String]) throws {
        let port = try DnsmasqInstance.freePort()
        guard let address = IPAddress(parsing: "127.0.0.4") else { preconditionFailure("it is an address") }
        server = NameServer(address, port: UInt16(port))
        let log = Pipe()
        // dnsmasq closes the descriptor by which Foundation knows that a process is there. A shell keeps it, and ends
        // dnsmasq when it is told a line.
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments =
            [
                "-c", "\"$0\" \"$@\" & read -r _; kill -9 $!",
                try ExternalTool("dnsmasq", package: "dnsmasq-base").executable.path,
                "--no-daemon", "--conf-file=/dev/null", "--port=\(port)", "--listen-address=127.0.0.4",
                "--bind-interfaces", "--no-resolv", "--no-hosts", "--user=root", "--pid-file=", "--log-facility=-",
                // Names that it does not know do not exist.
                "--local=/#/",
            ] + options
        process.standardError = log
        process.standardInput = life
        try process.run()
        // It says that it has started when its sockets are there.
        var said = ""
        while !said.contains("started") {
            let data = log.fileHandleForReading.availableData
            guard !data.isEmpty else { throw ExternalTool.Failure.failed(tool: "dnsmasq", status: 1, complaint: said) }
            said += String(decoding: data, as: UTF8.self)
        }
    }

    deinit {
        try? life.fileHandleForWriting.write(contentsOf: Data([0x0A]))
        process.waitUntilExit()
    }

    /// A port that nobody has, by UDP and TCP.
    private static func freePort() throws -> Int {
        let script = """
            import socket
            while True:
                t = socket.socket(); t.bind(("127.0.0.1", 0))
                u = socket.socket(type=socket.SOCK_DGRAM)
                try: u.bind(t.getsockname())
                except OSError: continue
                print(t.getsockname()[1]); break
            """
        let text = try ExternalTool("python3", package: "python3").run(["-c", script])
        guard let port = Int(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw ExternalTool.Failure.failed(tool: "python3", status: 0, complaint: text)
        }
        return port
    }
}
