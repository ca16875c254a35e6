import SMTP
import TestSupport
import Testing

/// Every parser of the grammar by itself: on every beginning of what it reads, and on a hundred thousand spoiled ones,
/// or as many as `RINGBACK_MUTATIONS` says.
@Suite struct GrammarMutationTests {
    /// A parser, what it reads, and how what it has read is written; nil when it was refused.
    struct Grammar: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let valid: [String]
        let written: @Sendable ([UInt8]) -> String?
    }

    static let all = [
        Grammar(
            testDescription: "domain", valid: ["a-1.Cust.example", "[192.0.2.9]", "[IPv6:2001:db8::192.0.2.9]"]
        ) { (try? Domain(parsing: $0[...]))?.description },
        Grammar(testDescription: "mailbox", valid: ["a.b+c@x.example", "\"a \\\" b\"@[192.0.2.9]"]) {
            (try? Mailbox(parsing: $0[...]))?.description
        },
        Grammar(testDescription: "reverse-path", valid: ["<>", "<@h.example,@[IPv6:::1]:u@x.example>"]) {
            (try? ReversePath(parsing: $0[...]))?.description
        },
        Grammar(testDescription: "forward-path", valid: ["<Postmaster>", "<@h.example:\"u v\"@x.example>"]) {
            (try? ForwardPath(parsing: $0[...]))?.description
        },
        Grammar(testDescription: "ATRN argument", valid: ["cust.example", "a.example,b.c.example"]) {
            (try? Reversal(atrn: $0[...]))?.domains.map(\.description).joined(separator: ",")
        },
        Grammar(testDescription: "ETRN argument", valid: ["cust.example.", "@cust.example", "#night"]) {
            (try? ETRNArgument(parsing: $0[...]))?.description
        },
        Grammar(testDescription: "parameters of MAIL", valid: ["SIZE=10 BODY=8BITMIME", "body=7bit"]) {
            // Written with a space before each.
            (try? MailParameters(parsing: $0[...])).map { String($0.description.dropFirst()) }
        },
        Grammar(
            testDescription: "more parameters of MAIL",
            valid: [
                "RET=FULL ENVID=a+2Bb MT-PRIORITY=-3", "TRANSID=<q1@x.example> BY=120;RT",
                "SMTPUTF8 AUTH=e+3Dmc2@example.com",
            ]
        ) { (try? MailParameters(parsing: $0[...])).map { String($0.description.dropFirst()) } },
        Grammar(
            testDescription: "parameters of RCPT",
            valid: ["NOTIFY=SUCCESS,DELAY ORCPT=rfc822;Al+2Bice@x.example", "NOTIFY=NEVER"]
        ) { octets in
            guard
                case .rcpt(_, let parameters)? = try? SMTPCommand(parsing: (Array("RCPT TO:<a@x> ".utf8) + octets)[...])
            else {
                return nil
            }
            return String(parameters.description.dropFirst())
        },
        Grammar(testDescription: "mailbox in UTF-8", valid: ["ü.b@bücher.example", "\"ü \\\" b\"@[192.0.2.9]"]) {
            guard String(validating: $0, as: UTF8.self) != nil else { return nil }
            return (try? Mailbox(parsing: $0[...], in: .utf8))?.description
        },
        Grammar(
            testDescription: "command",
            valid: [
                "MAIL FROM:<@h.example:\"a b\"@x.example> SIZE=10 BODY=8BITMIME", "RCPT TO:<Postmaster> NOTIFY=NEVER",
                "EHLO [IPv6:::1]", "BDAT 10 LAST", "ETRN @cust.example", "ATRN a.example,b.example",
                "AUTH SCRAM-SHA-256 biws", "VRFY alice",
            ]
        ) { (try? SMTPCommand(parsing: $0[...]))?.description },
        Grammar(testDescription: "enhanced status code", valid: ["2.0.0", "5.71.999"]) {
            EnhancedStatusCode(parsing: $0[...])?.description
        },
        Grammar(testDescription: "line of the reply to EHLO", valid: ["SIZE 1000", "auth plain login"]) {
            EHLOKeyword(parsing: String(decoding: $0, as: UTF8.self)).map {
                ([$0.name] + $0.parameters).joined(separator: " ")
            }
        },
    ]

    @Test(arguments: all) func `every beginning is read or refused`(grammar: Grammar) {
        for text in grammar.valid {
            #expect(grammar.written(Array(text.utf8)) != nil)
            for count in 0..<text.utf8.count { check(Array(text.utf8.prefix(count)), grammar) }
        }
    }

    @Test(arguments: all) func `a hundred thousand spoiled texts are read or refused`(grammar: Grammar) {
        var mutations = Mutations(ofSMTP: grammar.testDescription)
        let valid = grammar.valid.map { Array($0.utf8) }
        for turn in 0..<Mutations.count(100_000) { check(mutations.spoil(valid[turn % valid.count]), grammar) }
    }

    // What was read means the same when it is written and read again.
    private func check(_ octets: [UInt8], _ grammar: Grammar) {
        guard let written = grammar.written(octets) else { return }
        if grammar.written(Array(written.utf8)) != written { Issue.record("\(octets) became \(written)") }
    }
}
