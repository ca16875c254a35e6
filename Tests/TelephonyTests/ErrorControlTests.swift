import Telephony
import Testing
import Timebase

struct ErrorControlTests {
    @Test func `without error control an octet costs its start and stop bit`() {
        #expect(ErrorControl.none.bitsForTenThousandOctets == 10 * 10_000)
    }

    @Test func `LAPM costs six octets to every 128 and the inserted zeros`() {
        // 8 × 134/128 × 1.016, in ten thousandths of a bit.
        let exact: Int64 = 8 * 10_000 * 134 * 1_016 / (128 * 1_000)
        let bits = ErrorControl.lapm(setup: .fixed(0)).bitsForTenThousandOctets
        #expect((exact - 5...exact + 5).contains(bits))
    }
}
