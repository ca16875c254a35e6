import Report
import Testing

struct StringShellTests {
    @Test(arguments: [
        ("Scenarios/branch-office.yaml", "Scenarios/branch-office.yaml"),
        ("clients.branch.modem=v90", "clients.branch.modem=v90"),
        ("mail[0].size=2KiB", "'mail[0].size=2KiB'"),
        (#"title=It's "late""#, #"'title=It'\''s "late"'"#),
        ("$(reboot)", "'$(reboot)'"), ("", "''"), ("lots of mail.yaml", "'lots of mail.yaml'"), ("bär", "'bär'"),
    ])
    func `a text becomes one word of a shell command`(text: String, word: String) {
        #expect(text.shellWord == word)
    }
}
