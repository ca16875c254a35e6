import TestSupport
import Testing

/// `ringback serve` and `ringback user`, as far as nothing is opened.
struct ServeCommandTests {
    @Test func `the example passes the check, which says what is open to whom`() throws {
        let folder = try TemporaryFolder()
        let example = try Ringback.run(["serve", "--example"])
        #expect(example.code == 0)
        try folder.write(Array(example.output.utf8), to: "ringback.yaml")
        let check = try Ringback.run(["serve", "--check", "--config", "ringback.yaml"], in: folder.path)
        #expect(check.code == 0)
        #expect(check.output.hasPrefix("ringback.yaml: ok\n0.0.0.0 port 25: takes mail from anybody"))
    }

    @Test func `a configuration with a fault is refused before anything is opened`() throws {
        let folder = try TemporaryFolder()
        try folder.write(Array("host-name: mail.isp.example\n".utf8), to: "ringback.yaml")
        let outcome = try Ringback.run(["serve", "--config", "ringback.yaml"], in: folder.path)
        #expect(outcome.code == 2)
        #expect(outcome.complaint.contains("ringback.yaml:1:1: error: postmaster: `postmaster` is missing"))
    }

    @Test func `without a configuration there is nothing to serve`() throws {
        #expect(try Ringback.run(["serve"]).code == 64)
    }

    @Test func `an account needs a password`() throws {
        let folder = try TemporaryFolder()
        let example = try Ringback.run(["serve", "--example"]).output.replacing("/var/lib/ringback", with: "spool")
        try folder.write(Array(example.utf8), to: "ringback.yaml")
        let outcome = try Ringback.run(["user", "add", "branch", "--config", "ringback.yaml"], in: folder.path)
        #expect(outcome.code == 2)
        #expect(outcome.complaint == "ringback: the password cannot be used: it is empty\n")
        #expect(try Ringback.run(["user", "list", "--config", "ringback.yaml"], in: folder.path).output == "")
    }
}
