import Foundation
import TestSupport

/// `ringback serve` in a process of its own, and what a script in Python does with it.
struct ServedSite {
    let folder: TemporaryFolder

    /// A site that holds mail for `branch.example` in the folder `store`.
    /// - Parameter limits: the limits of its configuration.
    /// - Throws: what the system says when it cannot write the configuration.
    init(limits: String) throws {
        folder = try TemporaryFolder()
        let configuration = """
            host-name: mail.isp.example
            postmaster: hostmaster@branch.example
            store: store
            listen:
              - {smtp: "127.0.0.1:0"}
            domains:
              branch.example: {host: "127.0.0.1:9"}
            limits: {\(limits)}

            """
        try folder.write(Array(configuration.utf8), to: "ringback.yaml")
    }

    /// Runs a script.
    ///
    /// `serve` starts the service and gives its process, with its `port`; `wait` reads its log up to a line with some
    /// words; `connect` makes a connection for smtplib; `send` sends a message of so many lines; `held` is how many
    /// messages are there, as an operator is told.
    /// - Parameters:
    ///   - script: what is done; what it prints is what comes out.
    ///   - preparation: what a shell does before that, in mount and network namespaces of its own; nil for neither.
    /// - Returns: the lines that were printed.
    /// - Throws: what the shell or Python complains of.
    func run(_ script: String, after preparation: String? = nil) throws -> [String] {
        let program = """
            import atexit, os, resource, signal, smtplib, socket, subprocess, sys, threading
            command = ["\(Ringback.executable.path)"]
            def serve(*options):
                global port
                process = subprocess.Popen(
                    command + ["serve", "--config", "ringback.yaml", *options], stderr=subprocess.PIPE, text=True)
                atexit.register(process.kill)
                port = int(wait(process, " port ").split(" port ")[1].split()[0])
                return process
            def wait(process, words):
                for line in process.stderr:
                    if words in line: return line
            def stop(process, by):
                process.send_signal(by)
                process.stderr.read()
                return process.wait()
            def connect():
                s = smtplib.SMTP("127.0.0.1", port, local_hostname="client.example", timeout=120)
                s.ehlo()
                return s
            def send(lines):
                s = connect()
                body = ("x" * 62 + "\\n") * lines
                s.sendmail("anna@hq.example", ["office@branch.example"], "Subject: x\\n\\n" + body)
            def held():
                list = subprocess.run(
                    command + ["queue", "list", "--config", "ringback.yaml"], capture_output=True, text=True)
                return int(list.stdout.split("\\n")[-2].split()[0])
            \(script)
            """
        guard let preparation else {
            return try ServedSite.lines(of: ExternalTool("python3", package: "python3"), ["-c", program], in: folder)
        }
        return try ServedSite.lines(
            of: ExternalTool("unshare", package: "util-linux"),
            ServedSite.namespaces + ["bash", "-euc", "\(preparation)\nexec python3 -c \"$1\"", "bash", program],
            in: folder)
    }

    /// Whether this machine lets a test have namespaces of its own.
    static let hasNamespaces =
        (try? ExternalTool("unshare", package: "util-linux").run(namespaces + ["mount", "-t", "tmpfs", "none", "/mnt"]))
        != nil

    private static let namespaces = ["--map-root-user", "--mount"]

    private static func lines(
        of tool: ExternalTool, _ arguments: [String], in folder: TemporaryFolder
    ) throws -> [String] {
        let path = "\(ProcessInfo.processInfo.environment["PATH"] ?? ""):/usr/sbin:/usr/bin:/sbin:/bin"
        let outcome = try tool.outcome(of: arguments, in: folder.path, environment: ["PATH": path])
        guard outcome.code == 0 else {
            throw ExternalTool.Failure.failed(tool: "script", status: outcome.code, complaint: outcome.complaint)
        }
        return outcome.output.split(separator: "\n").map(String.init)
    }
}
