import SMTP

/// How many commands the server session carries out in a second of CPU time, whoever it speaks like; or speaking like
/// those whose names are given as arguments.
@main struct SMTPBenchmark {
    static func main() {
        print("SMTP server session: a mix of commands, median of 9 runs")
        print(row("speaking like", "commands per CPU second", "ns per command", "spread"))
        let named = Array(CommandLine.arguments.dropFirst())
        for name in named.isEmpty ? ["generic", "postfix", "exchange-5.5", "sendmail-8"] : named {
            guard let personality = ServerPersonality.all.first(where: { $0.name == name }) else {
                preconditionFailure("nobody is called \(name)")
            }
            let mix = ServerMix(speakingLike: personality)
            let measured = Measurement.of(runs: 9) { mix.carryOut(sessions: 20_000) }
            print(
                row(
                    name, "\(Int(measured.perSecond))", "\(Int(1_000_000_000 / measured.perSecond))",
                    "\(Int(measured.spread * 100)) %"))
        }
    }

    private static func row(_ name: String, _ numbers: String...) -> String {
        let widths = [25, 16, 8]
        return zip(numbers, widths).reduce(padded(name, to: 14)) { $0 + padded($1.0, to: $1.1, atEnd: false) }
    }

    private static func padded(_ text: String, to width: Int, atEnd: Bool = true) -> String {
        let spaces = String(repeating: " ", count: max(0, width - text.count))
        return atEnd ? text + spaces : spaces + text
    }
}
