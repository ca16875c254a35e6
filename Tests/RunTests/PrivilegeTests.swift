import Glibc
import TestSupport
import Testing

/// Who `ringback serve` is when root has started it.
@Suite(.enabled(if: geteuid() == 0, "only root can become somebody else")) struct PrivilegeTests {
    private static let script = """
        import pwd
        nobody = pwd.getpwnam("nobody")
        os.mkdir("store", 0o700)
        os.chown("store", nobody.pw_uid, nobody.pw_gid)
        os.environ["RINGBACK_USER"] = "nobody"
        s = serve()
        with open(f"/proc/{s.pid}/status") as f:
            status = dict(line.split(":", 1) for line in f)
        print(set(status["Uid"].split()) == {str(nobody.pw_uid)}, set(status["Gid"].split()) == {str(nobody.pw_gid)})
        print(status["CapEff"].strip().strip("0") == "")
        send(1)
        print(os.stat("store/queue.db").st_uid == nobody.pw_uid)
        print(stop(s, signal.SIGTERM))
        """

    @Test func `the service becomes the user that it is to be, and the store is that user's`() throws {
        #expect(try ServedSite(limits: "").run(PrivilegeTests.script) == ["True True", "True", "True", "0"])
    }

    @Test func `a user that is not there is refused`() throws {
        let site = try ServedSite(limits: "")
        let outcome = try Ringback.run(
            ["serve", "--config", "ringback.yaml", "--set", "user=nobody-at-all"], in: site.folder.path)
        #expect(outcome.code == 3)
        #expect(outcome.complaint == "ringback: user: there is no user `nobody-at-all`\n")
    }
}
