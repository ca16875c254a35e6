import SMTP
import Testing
import Timebase

struct ETRNMannerTests {
    /// A client that has asked for three names in a manner, as far as the replies let it.
    private func asked(_ manner: ETRNManner, _ replies: [String], listed: Bool = true) throws -> [String] {
        let names = try ["a.example", "b.example", "c.example"].map { try ETRNArgument(parsing: $0) }
        var client = try ClientDriver(.etrn(names), etrn: manner)
        _ = client.hears("220 isp.example")
        var said = client.hears("250-isp.example", listed ? "250 ETRN" : "250 HELP")
        var lines: [String] = []
        for reply in replies {
            lines += said.split(separator: "\r\n").map(String.init)
            guard said.hasPrefix("ETRN") else { break }
            said = client.hears(reply)
            if said.isEmpty {
                _ = client.waits(.seconds(1))
                said = client.takeOutput()
            }
        }
        return lines
    }

    // The table of what fetchmail 6.4 does: it goes on after 250, 252 and 253, and ends at anything else.
    @Test(arguments: [
        (["250 ok", "252 ok", "253 ok", ""], 3), (["251 none", "250 ok", ""], 1), (["458 no", "250 ok", ""], 1),
        (["459 no", "250 ok", ""], 1), (["500 what", "250 ok", ""], 1),
    ])
    func `fetchmail ends at the first 251 or refusal`(replies: [String], names: Int) throws {
        #expect(try asked(.fetchmail, replies).count { $0.hasPrefix("ETRN") } == names)
    }

    @Test func `fetchmail does not ask where ETRN is not listed`() throws {
        #expect(try asked(.fetchmail, ["221 bye"], listed: false) == ["QUIT"])
    }

    @Test func `the script asks for every name, whatever is said`() throws {
        let said = try asked(.etrnScript, ["500 what", "459 no", "251 none", ""], listed: false)
        #expect(said == ["ETRN a.example", "ETRN b.example", "ETRN c.example", "QUIT"])
    }

    @Test func `the script waits a second between two names`() throws {
        let names = try ["a.example", "b.example"].map { try ETRNArgument(parsing: $0) }
        var client = try ClientDriver(.etrn(names), etrn: .etrnScript)
        _ = client.hears("220 isp.example")
        _ = client.hears("250 isp.example")
        #expect(client.hears("250 ok").isEmpty)
        #expect(client.session.deadline == client.now + .seconds(1))
        _ = client.waits(.seconds(1))
        #expect(client.takeOutput() == "ETRN b.example\r\n")
        #expect(client.hears("250 ok") == "QUIT\r\n")
    }

    // C060, C061
    @Test func `by the RFC a refusal of one name is about that name, and 5yz about all`() throws {
        #expect(try asked(.standard, ["459 no", "251 none", "253 ok", ""]).count == 4)
        #expect(try asked(.standard, ["502 no", ""]) == ["ETRN a.example", "QUIT"])
    }
}
