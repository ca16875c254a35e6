import Glibc
import TestSupport
import Testing

/// `ringback serve --capture`.
@Suite(.enabled(if: geteuid() == 0, "only root sees packets")) struct ServeCaptureTests {
    @Test func `a service that becomes another user goes on to see packets, and the file is that user's`() throws {
        let site = try ServedSite(limits: "")
        let lines = try site.run(
            """
            import pwd
            nobody = pwd.getpwnam("nobody")
            for folder in "store", "traces":
                os.mkdir(folder, 0o700)
                os.chown(folder, nobody.pw_uid, nobody.pw_gid)
            os.environ["RINGBACK_USER"] = "nobody"
            s = serve("--capture", "traces/live.pcapng")
            send(1)
            print(stop(s, signal.SIGTERM))
            print(os.stat("traces/live.pcapng").st_uid == nobody.pw_uid)
            tshark = ["tshark", "-n", "-r", "traces/live.pcapng", "-d", f"tcp.port=={port},smtp", "-Y", "imf"]
            print(subprocess.run(tshark, capture_output=True, text=True).stdout.count("SMTP/IMF"))
            """)
        #expect(lines == ["0", "True", "1"])
    }

    @Test func `a full disk ends the capture, and the service goes on`() throws {
        let lines = try ServedSite(limits: "").run(
            """
            os.mkdir("traces")
            mount = 'mount -t tmpfs -o size=64k none traces && exec "$0" "$@"'
            usual, command = command, ["unshare", "--mount", "bash", "-c", mount] + command
            s = serve("--capture", "traces/live.pcapng")
            command = usual
            send(2000)
            print("No space left on device" in wait(s, "the capture traces/live.pcapng ends here"))
            send(1)
            print(held())
            """)
        #expect(lines == ["True", "2"])
    }

    @Test func `a file that is there is not written over`() throws {
        let site = try ServedSite(limits: "")
        try site.folder.write([1, 2, 3], to: "live.pcapng")
        let outcome = try Ringback.run(
            ["serve", "--config", "ringback.yaml", "--capture", "live.pcapng"], in: site.folder.path)
        #expect(outcome.code == 3)
        #expect(outcome.complaint == "ringback: cannot create live.pcapng: File exists\n")
        #expect(try site.folder.octets(of: "live.pcapng") == [1, 2, 3])
    }

    @Test func `who may not see packets is told so`() throws {
        let lines = try ServedSite(limits: "").run(
            """
            os.chmod(".", 0o755)
            options = ["serve", "--config", "ringback.yaml", "--capture", "live.pcapng"]
            nobody = ["setpriv", "--reuid=nobody", "--clear-groups"]
            s = subprocess.run(nobody + command + options, capture_output=True, text=True)
            print(s.returncode, s.stderr, end="")
            """)
        let complaint = "ringback: cannot capture on all interfaces: only root may, or who has CAP_NET_RAW"
        #expect(lines == ["3 \(complaint)"])
    }

    @Test func `secrets need a capture`() throws {
        let outcome = try Ringback.run(["serve", "--config", "ringback.yaml", "--capture-secrets"])
        #expect(outcome.code == 64)
        #expect(outcome.complaint.hasPrefix("Error: --capture-secrets goes into a capture: name one with --capture.\n"))
    }
}
