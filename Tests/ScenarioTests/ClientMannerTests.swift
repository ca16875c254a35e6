import Events
import Testing
import Timebase

@testable import Scenario

/// Client hosts have ways of their own: what they send, when they ask, and for what.
struct ClientMannerTests {
    private static func registry(_ values: String) -> String {
        "registry: {'HKLM\\System\\CurrentControlSet\\Services\\MSExchangeIMC\\Parameters': {\(values)}}"
    }

    @Test func `what one office writes comes to the other when that one asks`() throws {
        let run = try Office.pair(
            branch: "retrieves: etrn", mail: "{from: branch, for: depot.example, messages: 2, size: 3KiB}",
            happens: "[{at: +1m, branch: dial}, {when: branch.modem.on-hook, depot: dial}]")
        #expect(run.texts(of: .submissionAccepted).count == 2)
        #expect(try #require(run.instants(of: .submissionAccepted).last) < #require(run.instants(of: .etrnSent).first))
        #expect(run.stored == (2, 0) && run.holds)
        // The letter has the trace field of the server now.
        let sizes = run.events.compactMap { event in
            if case .mailStored(_, _, let octets, _) = event.happening { octets } else { nil }
        }
        #expect(sizes.allSatisfy { $0 > 3_072 + 100 })
    }

    @Test(arguments: ["rfc-1985", "exchange-5.5"])
    func `Exchange sends only what was written when it dialled`(manner: String) throws {
        let run = try Office.pair(
            branch: "asks-like: \(manner)\n    hangs-up: {after: 5m}",
            mail: """
                {from: branch, for: depot.example, messages: 1},
                {from: branch, for: depot.example, messages: 1, at: +3m}
                """)
        #expect(run.texts(of: .submissionAccepted).count == (manner == "exchange-5.5" ? 1 : 2))
    }

    @Test func `a letter that is cut off is sent again in the next call`() throws {
        let run = try Office.pair(
            branch: "retrieves: etrn", mail: "{from: branch, for: depot.example, messages: 2, size: 20KiB}",
            happens: """
                [{at: +1m, branch: dial}, {when: branch.submission.connecting, after: 4s, do: {drop-carrier: branch}},
                {at: +10m, branch: dial}, {when: branch.retrieval.complete, after: 1m, depot: dial}]
                """)
        #expect(run.texts(of: .submissionFailed) == ["could not send its mail: the link went down"])
        #expect(run.stored == (2, 0))
    }

    // -b of the script: 2, 4, 8 and 16 s.
    @Test(arguments: [(0, 0), (1, 2), (5, 6), (12, 14), (40, 30)])
    func `etrn.pl waits until its own server listens`(listens: Int, asks: Int64) throws {
        let run = try Office.pair(
            branch: "asks-like: etrn.pl\n    listens-after: \(listens)s",
            mail: "{for: branch.example, messages: 1}")
        let up = try #require(run.instants(of: .linkUp).first)
        #expect(run.instants(of: .etrnConnecting).map { $0 - up } == [.seconds(asks)])
    }

    // Q175494
    @Test(arguments: [(0, 0), (1, 2)]) func `AlwaysUseETRN asks where the host would not`(value: Int, asked: Int) throws
    {
        let run = try Office.pair(
            branch: "retrieves: nothing\n    " + ClientMannerTests.registry("AlwaysUseETRN: dword:\(value)"),
            mail: "{for: quay.example, messages: 1}")
        #expect(run.texts(of: .etrnSent).count == asked)
    }

    // Q153655, Q269771
    @Test func `SiteDomain is the only domain that is asked for`() throws {
        let run = try Office.pair(
            branch: ClientMannerTests.registry("SiteDomain: \"quay.example\""),
            mail: "{for: branch.example, messages: 1}, {for: quay.example, messages: 1}")
        #expect(run.texts(of: .etrnSent) == ["ETRN quay.example"])
        #expect(run.held == 1)
    }

    // Q231303
    @Test func `InboundSizeLimit is what the server takes from a client`() throws {
        let run = try Office.pair(
            server: ClientMannerTests.registry("InboundSizeLimit: dword:2000"), branch: "retrieves: etrn",
            mail: """
                {from: branch, for: depot.example, messages: 1, size: 8KiB},
                {from: branch, for: depot.example, messages: 1, size: 9KiB}
                """)
        #expect(run.texts(of: .submissionAccepted) == ["has sent a message for depot.example, 8,192 octets"])
        #expect(run.texts(of: .submissionRefused).map { $0.contains(": 552 ") } == [true])
    }

    // Q231303
    @Test func `OutboundSizeLimit is what the server sends`() throws {
        let run = try Office.pair(
            server: ClientMannerTests.registry("OutboundSizeLimit: dword:2000"), branch: "retrieves: etrn",
            mail: "{for: branch.example, messages: 2, size: 9KiB}, {for: branch.example, messages: 1, size: 8KiB}")
        #expect(run.texts(of: .queueRefused).count == 2)
        #expect(run.stored == (1, 0) && run.holds && run.held == 0)
    }
}
