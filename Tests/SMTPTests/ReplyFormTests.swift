import SMTP
import Testing

@Suite struct ReplyFormTests {
    @Test(arguments: ["", "25 ok", "250 {nobody}", "250 {host", "250-a", "250 a\r\n250 b", "650 ok"])
    func `what is no reply with known gaps is no form`(text: String) {
        #expect(ReplyForm(parsing: text) == nil)
    }

    @Test(arguments: ["250 ok", "220 {host} ESMTP {date}", "250 2.1.0 {path}... Sender ok"])
    func `a reply with known gaps is a form`(text: String) {
        #expect(ReplyForm(parsing: text) != nil)
    }

    @Test func `every personality has a name of its own`() {
        #expect(Set(ServerPersonality.all.map(\.name)).count == ServerPersonality.all.count)
    }

    @Test(arguments: ReplyOccasion.allCases) func `there are words for every occasion`(occasion: ReplyOccasion) {
        for personality in ServerPersonality.all { _ = personality.form(on: occasion) }
    }
}
