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
        wait(s, "has read the certificate anew")
        print(certificate(connect()))
        print(early.noop()[0])
        with open("used.pem", "w") as f: f.write("this is no certificate")
        s.send_signal(signal.SIGHUP)
        print("keeps the certificate" in wait(s, "the certificate"))
        print(certificate(connect()))
        """

    @Test func `another certificate is used, no session is dropped, and a broken one changes nothing`() throws {
        let site = try ServedSite(limits: "")
        try ReloadTests.certificate("one", in: site.folder)
        try ReloadTests.certificate("other", in: site.folder)
        #expect(try site.run(ReloadTests.script) == ["True", "False", "250", "True", "False"])
    }
}
