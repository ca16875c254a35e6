import TestSupport
import Testing
import Timebase
import Wire

struct AsyncFrameDecoderTests {
    @Test func `a frame is found between its flags`() {
        var decoder = AsyncFrameDecoder(accm: 0)
        #expect(receive(AsyncFramingTests.line, by: &decoder) == [.frame])
        #expect(decoder.frame == AsyncFramingTests.frame)
    }

    @Test func `what comes before the first flag is noise`() {
        var decoder = AsyncFrameDecoder(accm: 0)
        let octets = Array("CONNECT 33600\r\n~".utf8).filter { $0 != AsyncFraming.flag } + AsyncFramingTests.line
        #expect(receive(octets, by: &decoder) == [.frame])
        #expect(decoder.droppedFrames == 0)
    }

    @Test func `one flag may end a frame and begin the next, and many flags are none`() {
        var decoder = AsyncFrameDecoder(accm: 0)
        let body = AsyncFramingTests.line.dropFirst()
        #expect(receive([0x7E, 0x7E] + body + body + [0x7E, 0x7E] + body, by: &decoder) == [.frame, .frame, .frame])
        #expect(decoder.droppedFrames == 0)
    }

    @Test func `a damaged octet makes a bad FCS, and the next frame is good`() {
        var decoder = AsyncFrameDecoder(accm: 0)
        var damaged = AsyncFramingTests.line
        damaged[32] ^= 0x01
        #expect(receive(damaged + AsyncFramingTests.line, by: &decoder) == [.badFCS, .frame])
        #expect(decoder.droppedFrames == 1)
    }

    @Test func `an escape before the flag aborts the frame`() {
        var decoder = AsyncFrameDecoder(accm: 0)
        let aborted = AsyncFramingTests.line.dropLast(3) + [0x7D, 0x7E]
        #expect(receive(aborted + AsyncFramingTests.line, by: &decoder) == [.aborted, .frame])
    }

    @Test func `fewer than four octets are no frame`() {
        var decoder = AsyncFrameDecoder(accm: 0)
        #expect(receive([0x7E, 0xFF, 0x03, 0xC0, 0x7E], by: &decoder) == [.tooShort])
        #expect(receive(AsyncFramingTests.line, by: &decoder) == [.frame])
    }

    @Test func `a frame beyond the limit is not kept, one at the limit is`() {
        var decoder = AsyncFrameDecoder(accm: 0, maximumFrameLength: AsyncFramingTests.frame.count)
        #expect(receive(AsyncFramingTests.line, by: &decoder) == [.frame])
        decoder = AsyncFrameDecoder(accm: 0, maximumFrameLength: AsyncFramingTests.frame.count - 1)
        #expect(receive(AsyncFramingTests.line, by: &decoder) == [.tooLong])
    }

    @Test func `control characters that the peer escapes were put in by the line`() {
        var decoder = AsyncFrameDecoder(accm: 0x000A_0000)
        var octets = AsyncFramingTests.line
        octets.insert(0x13, at: 9)
        octets.insert(0x11, at: 20)
        #expect(receive(octets, by: &decoder) == [.frame])
        #expect(decoder.droppedControlCharacters == 2)
        decoder = AsyncFrameDecoder(accm: 0)
        #expect(receive(octets, by: &decoder) == [.badFCS])
    }

    @Test(arguments: [0, 0x000A_0000, 0xFFFF_FFFF] as [UInt32])
    func `what is encoded is decoded`(accm: UInt32) {
        var random = RandomStream(seed: 1662, thing: "decoder", purpose: "sample")
        var decoder = AsyncFrameDecoder(accm: accm)
        for length in 2..<400 {
            let frame = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            var octets: [UInt8] = []
            AsyncFraming.encode(frame.span.bytes, accm: accm, into: &octets)
            #expect(receive(octets, by: &decoder) == [.frame])
            #expect(decoder.frame == frame)
        }
    }

    @Test func `no piece of a frame is a frame`() {
        for length in 1..<AsyncFramingTests.line.count - 1 {
            var decoder = AsyncFrameDecoder(accm: 0)
            #expect(!receive(AsyncFramingTests.line.prefix(length) + [0x7E], by: &decoder).contains(.frame))
        }
    }

    @Test func `whatever comes, a frame that is found encodes to itself`() {
        var mutations = Mutations(of: "decoder")
        var decoder = AsyncFrameDecoder(accm: 0)
        for _ in 0..<Mutations.count(100_000) {
            for octet in mutations.next(of: [AsyncFramingTests.line]) where decoder.receive(octet) == .frame {
                var again = AsyncFrameDecoder(accm: 0)
                var octets: [UInt8] = []
                AsyncFraming.encode(decoder.frame.span.bytes, accm: 0, into: &octets)
                #expect(receive(octets, by: &again) == [.frame])
                #expect(again.frame == decoder.frame)
            }
        }
    }

    private func receive(
        _ octets: some Sequence<UInt8>, by decoder: inout AsyncFrameDecoder
    ) -> [AsyncFrameDecoder.Reception] {
        octets.compactMap { decoder.receive($0) }
    }
}
