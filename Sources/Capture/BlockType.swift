/// The types of the blocks that we write and read (draft-ietf-opsawg-pcapng §4, §11.1).
enum BlockType: UInt32, Sendable {
    /// Section Header Block; the same in either byte order.
    case section = 0x0A0D_0D0A
    /// Interface Description Block.
    case interface = 1
    /// Name Resolution Block.
    case names = 4
    /// Interface Statistics Block.
    case statistics = 5
    /// Enhanced Packet Block.
    case packet = 6
    /// systemd Journal Export Block.
    case journal = 9
    /// Decryption Secrets Block.
    case secrets = 10
}

/// The options that we write and read. Each block type has its own numbers from 2 on, hence no enum.
struct BlockOption: Hashable, Sendable {
    let rawValue: UInt16

    /// `shb_userappl`: what wrote the section.
    static let application = BlockOption(rawValue: 4)
    /// `if_name`.
    static let interfaceName = BlockOption(rawValue: 2)
    /// `if_description`.
    static let interfaceDescription = BlockOption(rawValue: 3)
    /// `if_speed`, in bit/s.
    static let interfaceSpeed = BlockOption(rawValue: 8)
    /// `if_tsresol`: what part of a second one tick is.
    static let timeResolution = BlockOption(rawValue: 9)
    /// `if_filter`: what packets had to pass, behind a zero when it is an expression.
    static let interfaceFilter = BlockOption(rawValue: 11)
    /// `if_tsoffset`: seconds to add to every time of the interface.
    static let timeOffset = BlockOption(rawValue: 14)
    /// `epb_flags`: direction and link errors.
    static let packetFlags = BlockOption(rawValue: 2)
    /// `isb_ifrecv`: how many packets the interface has seen.
    static let receivedPackets = BlockOption(rawValue: 4)
    /// `isb_ifdrop`: how many packets there was no room for.
    static let droppedPackets = BlockOption(rawValue: 5)
}
