import Timebase

/// Builds the blocks of a pcapng section (draft-ietf-opsawg-pcapng), one at a time, little endian.
///
/// Little endian and no host or operating system in the section header: the same run gives the same octets anywhere.
struct PcapngEncoder: Sendable {
    /// The longest frame stored whole. libpcap opens a file only when all its interfaces say the same.
    static let snapLength = 262_144
    /// The type of secrets that are a key log of TLS.
    static let keyLog: UInt32 = 0x544C_534B
    /// Names of one block: a file with very many hosts gets several blocks, each below every reader's limit.
    static let namesPerBlock = 1_000

    /// The last block built.
    private(set) var octets: [UInt8] = []

    /// The section header: version 1.0, of unknown length, since it is written in one go.
    mutating func section(application: String) {
        begin(.section)
        append([0x1A2B_3C4D, 0x0000_0001, 0xFFFF_FFFF, 0xFFFF_FFFF])
        appendOption(.application, application)
        endWithOptions()
    }

    /// The description of an interface that counts time in nanoseconds.
    mutating func interface(_ interface: CapturedInterface) {
        begin(.interface)
        append([UInt32(interface.linkType.rawValue), UInt32(PcapngEncoder.snapLength)])
        appendOption(.interfaceName, interface.name)
        appendOption(.interfaceDescription, interface.description)
        if interface.bitsPerSecond > 0 {
            appendOptionHeader(.interfaceSpeed, length: 8)
            append(low: UInt64(interface.bitsPerSecond))
        }
        appendOptionHeader(.timeResolution, length: 1)
        append([9])
        // The zero says that it is an expression of libpcap's, not code.
        if !interface.filter.isEmpty { appendOption(.interfaceFilter, "\0" + interface.filter) }
        endWithOptions()
    }

    /// A frame: the enhanced packet block. Hot path: all that stands before and behind the frame is one append each.
    mutating func packet(
        _ frame: RawSpan, originalLength: Int, interface: Int, date: CalendarDate,
        direction: CapturedPacket.Direction?, hasCRCError: Bool
    ) {
        let captured = min(frame.byteCount, PcapngEncoder.snapLength)
        let length = UInt32(28 + (captured + 3) / 4 * 4 + 16)
        let time = UInt64(date.nanosecondsSince1970)
        octets.removeAll(keepingCapacity: true)
        append([
            BlockType.packet.rawValue, length, UInt32(interface), UInt32(time >> 32), UInt32(truncatingIfNeeded: time),
            UInt32(captured), UInt32(originalLength),
        ])
        octets.append(frame.byteCount == captured ? frame : frame.extracting(first: captured))
        pad()
        let flags = (direction?.rawValue ?? 0) | (hasCRCError ? PcapngBlock.Packet.crcErrorFlag : 0)
        append([UInt32(BlockOption.packetFlags.rawValue) | 4 << 16, flags, 0, length])
    }

    /// Names of addresses. Of several names of an address Wireshark shows the last, so each has one.
    mutating func names(_ names: ArraySlice<CapturedName>) {
        begin(.names)
        for name in names {
            let count = UInt32(4 + name.name.utf8.count + 1)
            append([1 | count << 16, name.address.byteSwapped])
            octets.append(contentsOf: name.name.utf8)
            octets.append(0)
            pad()
        }
        append([0])
        end()
    }

    /// An event between the packets.
    /// - Parameters:
    ///   - date: when it happened.
    ///   - fields: its values.
    mutating func journal(_ date: CalendarDate, _ fields: JournalFields) {
        begin(.journal)
        JournalEntry.append(date, to: &octets)
        octets.append(contentsOf: fields.octets)
        pad()
        end()
    }

    /// Secrets of TLS sessions: the lines of a key log, as SSLKEYLOGFILE has them.
    mutating func secrets(_ lines: [UInt8]) {
        begin(.secrets)
        append([PcapngEncoder.keyLog, UInt32(lines.count)])
        octets.append(contentsOf: lines)
        pad()
        end()
    }

    /// What an interface has seen until a date, and how many packets there were that could not be stored.
    mutating func statistics(interface: Int, date: CalendarDate, packets: UInt64, dropped: UInt64? = nil) {
        begin(.statistics)
        let time = UInt64(date.nanosecondsSince1970)
        append([UInt32(interface), UInt32(time >> 32), UInt32(truncatingIfNeeded: time)])
        appendOptionHeader(.receivedPackets, length: 8)
        append(low: packets)
        if let dropped {
            appendOptionHeader(.droppedPackets, length: 8)
            append(low: dropped)
        }
        endWithOptions()
    }
}

// The frame of every block: type, length, content padded to 4, length again.
extension PcapngEncoder {
    private mutating func begin(_ type: BlockType) {
        octets.removeAll(keepingCapacity: true)
        append([type.rawValue, 0])
    }

    private mutating func end() {
        let length = UInt32(octets.count + 4)
        append([length])
        for index in 0..<4 { octets[4 + index] = UInt8(truncatingIfNeeded: length >> UInt32(8 * index)) }
    }

    private mutating func endWithOptions() {
        append([0])
        end()
    }

    private mutating func appendOption(_ option: BlockOption, _ text: String) {
        appendOptionHeader(option, length: text.utf8.count)
        octets.append(contentsOf: text.utf8)
        pad()
    }

    private mutating func appendOptionHeader(_ option: BlockOption, length: Int) {
        precondition(length <= UInt16.max, "an option of a capture has at most 65,535 octets")
        append([UInt32(option.rawValue) | UInt32(length) << 16])
    }

    private mutating func append<let count: Int>(_ words: [count of UInt32]) {
        var words = words
        for index in 0..<count { words[index] = words[index].littleEndian }
        unsafe octets.append(words.span.bytes)
    }

    private mutating func append(low number: UInt64) {
        append([UInt32(truncatingIfNeeded: number), UInt32(number >> 32)])
    }

    private mutating func pad() {
        while octets.count & 3 != 0 { octets.append(0) }
    }
}
