public import Events
public import Timebase

/// Renders the events of a run as a log for people: one line each, with the time of day on the virtual clock.
///
/// ```
/// Mon, 1 Mar 1999
/// 08:05:00.000  branch  modem     dials 555-0100
/// 08:05:26.214  branch  smtpd     ETRN branch.example
/// ```
public struct TimelinePrinter: Sendable {
    private let begins: CalendarDate
    private let hostWidth: Int
    private let palette: Palette
    private var midnight: CalendarDate?

    /// A printer that has printed nothing yet.
    /// - Parameters:
    ///   - begins: what the calendar says at the beginning of the run.
    ///   - hosts: the names of all hosts; the longest one sets the width of their column.
    ///   - palette: whether the lines are coloured.
    public init(begins: CalendarDate, hosts: [String], palette: Palette) {
        self.begins = begins
        self.palette = palette
        hostWidth = hosts.map { $0.printable.count }.max() ?? 0
    }

    /// The event's line without its end; before the first event of a day also a line with the date.
    public mutating func text(of event: Event) -> String {
        let date = begins.date(at: event.at)
        let line = line(of: event, at: date)
        guard date.midnight != midnight else { return line }
        midnight = date.midnight
        // A header's date ends with the time of day and the zone, fifteen characters.
        return palette.paint(String(date.mailHeaderDate.dropLast(15)), .bold) + "\n" + line
    }

    private func line(of event: Event, at date: CalendarDate) -> String {
        let row = event.happening.row
        return [
            palette.paint(date.timeOfDay, .dim), event.host.printable.padded(to: hostWidth),
            palette.paint(row.facility.rawValue.padded(to: 8), ink(of: row.facility)),
            palette.paint(row.text.printable, ink(of: row.severity)),
        ].joined(separator: "  ")
    }

    private func ink(of facility: Facility) -> Palette.Ink {
        switch facility {
        case .modem: .cyan
        case .pppd: .blue
        case .smtpd, .finger: .green
        case .queue: .magenta
        case .scenario: .dim
        }
    }

    private func ink(of severity: Severity) -> Palette.Ink? {
        switch severity {
        case .error: .red
        case .warning: .yellow
        case .notice: nil
        case .informational: .dim
        }
    }
}
