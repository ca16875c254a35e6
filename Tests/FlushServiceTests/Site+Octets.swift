import FlushService
import MailQueue
import SMTP
import TestSupport

/// Clients that no mail program would be.
extension Site {
    /// Lets Python say something to the service octet by octet.
    ///
    /// `connect` makes a connection, `c`, and reads the greeting; `hello` says EHLO, too. `say` sends octets or text as
    /// they are; `reply` reads a reply and gives its last line, or `closed`; `ask` says a line and gives the reply.
    /// - Parameters:
    ///   - script: what is said; what it prints is what comes out.
    ///   - port: where; nil for the first listener.
    /// - Returns: the lines that were printed.
    /// - Throws: what Python complains of.
    func octets(_ script: String, port: Int? = nil) throws -> [String] {
        let program = """
            import resource, select, socket, sys, threading
            def connect(port=\(port ?? service.ports[0])):
                global c, f
                c = socket.create_connection(("127.0.0.1", port), timeout=120)
                f = c.makefile("rb")
                return reply()
            def hello():
                connect()
                return ask("EHLO client.example")
            def reply():
                line = b"000-"
                while line[3:4] == b"-": line = f.readline()
                return line.decode().rstrip() or "closed"
            def say(octets): c.sendall(octets if isinstance(octets, bytes) else octets.encode())
            def ask(line):
                say(line + "\\r\\n")
                return reply()
            \(script)
            """
        return try ExternalTool("python3", package: "python3").run(["-c", program])
            .split(separator: "\n").map(String.init)
    }

    /// How many messages are held for a domain.
    func count(for domain: String) async throws -> Int {
        try await service.messages(for: Domain(parsing: domain)).count
    }

    /// A port at which nobody listens, for hosts that do not choose one themselves.
    static func freePort() throws -> Int {
        let script = "import socket; print(socket.create_server(('127.0.0.1', 0)).getsockname()[1])"
        let port = try ExternalTool("python3", package: "python3").run(["-c", script])
        return Int(port.dropLast()) ?? 0
    }
}
