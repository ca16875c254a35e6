import TestSupport
import Testing

/// What SIGHUP changes while `ringback serve` goes on.
struct ReloadTests {
    private static func certificate(_ name: String, in folder: TemporaryFolder) throws {
        _ = try ExternalTool("openssl", package: "openssl").run([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
            "/CN=\(name).isp.example", "-keyout", folder.file("\(name).key"), "-out", folder.file("\(name).pem"),
        ])
    }

    private static let script = """
        import ssl
        def certificate(s):
            s.docmd("STARTTLS")
            tls = ssl._create_unverified_context().wrap_socket(s.sock)
            return open("one.pem").read() == ssl.DER_cert_to_PEM_cert(tls.getpeercert(True))
        def use(name):
            for end in "pem", "key":
                os.link(f"{name}.{end}", f"new.{end}")
                os.rename(f"new.{end}", f"used.{end}")
        use("one")
        with open("ringback.yaml", "a") as f: f.write("tls: {certificate: used.pem, key: used.key}\\n")
        s = serve()
        early = connect()
        print(certificate(connect()))
        use("other")
        s.send_signal(signal.SIGHUP)
        wait(s, "has read the configuration anew")
        print(certificate(connect()))
        print(early.noop()[0])
        with open("used.pem", "w") as f: f.write("this is no certificate")
        s.send_signal(signal.SIGHUP)
        print("keeps the configuration" in wait(s, "the configuration"))
        print(certificate(connect()))
        """

    @Test func `another certificate is used, no session is dropped, and a broken one changes nothing`() throws {
        let site = try ServedSite(limits: "")
        try ReloadTests.certificate("one", in: site.folder)
        try ReloadTests.certificate("other", in: site.folder)
        #expect(try site.run(ReloadTests.script) == ["True", "False", "250", "True", "False"])
    }

    private static let changes = """
        import re
        def change(old, new):
            text = open("ringback.yaml").read()
            with open("ringback.yaml", "w") as f: f.write(re.sub(old, new, text))
        def reload():
            s.send_signal(signal.SIGHUP)
            return wait(s, "the configuration")
        def rcpt(c, domain):
            c.mail("anna@hq.example")
            code = c.rcpt("office@" + domain)[0]
            c.rset()
            return code
        s = serve("--journal", "journal.jsonl")
        early = connect()
        print(rcpt(early, "branch.example"), rcpt(early, "ship.example"))
        send(1)
        change("domains:", "domains:\\n  ship.example: {account: ship}")
        print("has read" in reload())
        print(rcpt(early, "branch.example"), rcpt(connect(), "ship.example"))
        change("postmaster: .*", "postmaster: nobody")
        print("keeps" in reload())
        print(rcpt(connect(), "ship.example"))
        change("postmaster: .*", "postmaster: hostmaster@branch.example")
        change("store: store", "store: elsewhere")
        reload()
        print("store" in wait(s, "takes effect when the service is started again"))
        change("store: elsewhere", "store: store")
        send(1)
        print(held())
        print(stop(s, signal.SIGTERM))
        replayed = subprocess.run(command[:1] + ["replay", "journal.jsonl"], capture_output=True, text=True)
        print(replayed.returncode, replayed.stderr)
        """

    @Test func `another domain is served, no session is dropped, and what cannot be changed is named`() throws {
        let lines = try ServedSite(limits: "").run(ReloadTests.changes)
        #expect(lines == ["250 550", "True", "250 250", "True", "250", "True", "2", "0", "0 "])
    }
}
