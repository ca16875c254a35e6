/// The colours of the terminal, or none of them (ECMA-48 §8.3.117, SGR).
public struct Palette: Hashable, Sendable {
    /// Text as it is: for files, pipes and terminals that know no colours.
    public static let plain = Palette(isColoured: false)
    /// Text with the eight colours that every colour terminal has.
    public static let coloured = Palette(isColoured: true)

    private let isColoured: Bool

    enum Ink: Int {
        case bold = 1
        case dim = 2
        case red = 31
        case green = 32
        case yellow = 33
        case blue = 34
        case magenta = 35
        case cyan = 36
    }

    func paint(_ text: String, _ ink: Ink?) -> String {
        guard isColoured, let ink else { return text }
        return "\u{1b}[\(ink.rawValue)m\(text)\u{1b}[0m"
    }
}
