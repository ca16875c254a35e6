import Foundation
import TestSupport
import Testing

/// The service is killed under load, again and again: what got its 250 is delivered, and as it was sent.
///
/// `RINGBACK_KILLS=200 swift test --filter CrashLedgerTests` takes some minutes; a few kills are enough to see that it
/// works.
struct CrashLedgerTests {
    private static let kills = ProcessInfo.processInfo.environment["RINGBACK_KILLS"].flatMap(Int.init) ?? 4

    @Test func `no message that got its 250 is lost when the service is killed`() throws {
        let folder = try TemporaryFolder()
        let ledger = "\(Ringback.package)/Tests/RunTests/Ledger/crash_ledger.py"
        let outcome = try ExternalTool("python3", package: "python3")
            .outcome(of: [ledger, Ringback.executable.path, folder.path, "1", "\(CrashLedgerTests.kills)", "20"])
        #expect(outcome.code == 0, "\(outcome.complaint)")
        #expect(outcome.output.contains(" 0 lost, 0 changed, "), "\(outcome.output)")
    }
}
