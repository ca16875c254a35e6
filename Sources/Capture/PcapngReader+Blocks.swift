import Timebase

// What stands inside the blocks: fixed fields first, then options.
extension PcapngReader {
    mutating func decode(_ type: BlockType, _ cursor: inout BlockCursor) throws(PcapngError) -> PcapngBlock? {
        switch type {
        case .section: try section(&cursor)
        case .interface: try interface(&cursor)
        case .packet: try packet(&cursor)
        case .names: try names(&cursor)
        case .statistics: try statistics(&cursor)
        case .journal: try journal(&cursor)
        case .secrets: try secrets(&cursor)
        }
    }

    private func section(_ cursor: inout BlockCursor) throws(PcapngError) -> PcapngBlock {
        _ = try cursor.takeUInt32()
        let version = try cursor.takeUInt16()
        guard version == 1 else { throw cursor.failure(.unknownVersion(version)) }
        // The minor version, and the section's length, which we do not need.
        _ = try cursor.take(2 + 8)
        var application = ""
        while let (option, value) = try cursor.takeOption() {
            if option == .application { application = try cursor.text(value) }
        }
        return .section(application: application)
    }

    private mutating func interface(_ cursor: inout BlockCursor) throws(PcapngError) -> PcapngBlock {
        let linkType = LinkType(rawValue: try cursor.takeUInt16())
        // Reserved octets and the snap length.
        _ = try cursor.take(2 + 4)
        var interface = CapturedInterface(name: "", description: "", linkType: linkType)
        var clock = TimeResolution()
        while let (option, value) = try cursor.takeOption() {
            switch option {
            case .interfaceName: interface.name = try cursor.text(value)
            case .interfaceDescription: interface.description = try cursor.text(value)
            case .interfaceSpeed:
                guard let speed = Int(exactly: try cursor.number(value, length: 8)) else {
                    throw cursor.failure(.numberOutOfRange)
                }
                interface.bitsPerSecond = speed
            case .timeResolution: clock.exponent = UInt8(try cursor.number(value, length: 1))
            case .interfaceFilter: if value.first == 0 { interface.filter = try cursor.text(value.dropFirst()) }
            case .timeOffset: clock.offsetSeconds = Int64(bitPattern: try cursor.number(value, length: 8))
            default: break
            }
        }
        clocks.append(clock)
        return .interface(interface)
    }

    private func packet(_ cursor: inout BlockCursor) throws(PcapngError) -> PcapngBlock {
        let (interface, date) = try takeInterfaceAndDate(&cursor)
        let captured = try cursor.takeUInt32()
        let original = try cursor.takeUInt32()
        let octets = Array(try cursor.takePadded(Int(captured)))
        var flags: UInt32 = 0
        while let (option, value) = try cursor.takeOption() {
            if option == .packetFlags { flags = UInt32(try cursor.number(value, length: 4)) }
        }
        return .packet(
            PcapngBlock.Packet(
                date: date, interface: interface, direction: CapturedPacket.Direction(rawValue: flags & 3),
                hasCRCError: flags & PcapngBlock.Packet.crcErrorFlag != 0,
                originalLength: max(Int(original), octets.count), octets: octets))
    }

    private func names(_ cursor: inout BlockCursor) throws(PcapngError) -> PcapngBlock {
        var names: [CapturedName] = []
        while cursor.remaining > 0 {
            let type = try cursor.takeUInt16()
            let record = try cursor.takePadded(Int(try cursor.takeUInt16()))
            if type == 0 { break }
            guard type == 1 else { continue }
            guard record.count > 4 else { throw cursor.failure(.contentBeyondBlock) }
            let address = record.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            for octets in record.dropFirst(4).split(separator: 0) {
                let name = try cursor.text(octets)
                guard CapturedName.isAllowed(name) else { throw cursor.failure(.unreadableText) }
                names.append(CapturedName(address: address, name: name))
            }
        }
        return .names(names)
    }

    private func statistics(_ cursor: inout BlockCursor) throws(PcapngError) -> PcapngBlock {
        let (interface, date) = try takeInterfaceAndDate(&cursor)
        var packets: UInt64?
        while let (option, value) = try cursor.takeOption() {
            if option == .receivedPackets { packets = try cursor.number(value, length: 8) }
        }
        return .statistics(interface: interface, date: date, packets: packets)
    }

    private func journal(_ cursor: inout BlockCursor) throws(PcapngError) -> PcapngBlock {
        guard let entry = JournalEntry(parsing: try cursor.take(cursor.remaining)) else {
            throw cursor.failure(.brokenJournalEntry)
        }
        return .journal(entry)
    }

    private func secrets(_ cursor: inout BlockCursor) throws(PcapngError) -> PcapngBlock? {
        let type = try cursor.takeUInt32()
        let lines = Array(try cursor.takePadded(Int(try cursor.takeUInt32())))
        return type == PcapngEncoder.keyLog ? .secrets(lines) : nil
    }

    private func takeInterfaceAndDate(
        _ cursor: inout BlockCursor
    ) throws(PcapngError) -> (interface: Int, date: CalendarDate) {
        let interface = try cursor.takeUInt32()
        guard interface < clocks.count else { throw cursor.failure(.unknownInterface(interface)) }
        let ticks = try cursor.takeTicks()
        guard let date = clocks[Int(interface)].date(ticks: ticks) else { throw cursor.failure(.numberOutOfRange) }
        return (Int(interface), date)
    }
}
