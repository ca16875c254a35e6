import Source
import Telephony
import Timebase

/// The telephone network and the modems on it.
extension PlanBuilder {
    /// No modem is slower than this, in bit/s (ITU-T V.21).
    private static let slowestRate: Int64 = 300

    /// The telephone network.
    mutating func exchange(_ node: SourceNode) -> ExchangeConfiguration? {
        let setup = node["setup"].flatMap { distribution($0, of: .interval) }
        let answer = node["answer"].flatMap { distribution($0, of: .interval) }
        guard let setup, let answer, let noAnswerAfter = node["no-answer-after"]?.interval,
            let propagation = node["propagation"]?.interval
        else { return nil }
        var exchange = ExchangeConfiguration()
        exchange.setup = setup
        exchange.answer = answer
        exchange.noAnswerAfter = noAnswerAfter
        exchange.propagation = propagation
        return exchange
    }

    /// A modem.
    mutating func modem(_ node: SourceNode) -> ModemProfile? {
        guard let name = node.text ?? node["profile"]?.text, var profile = ModemProfile(named: name) else { return nil }
        guard let rateNode = node["rate"] else { return profile }
        guard let rate = distribution(rateNode, of: .rate) else { return nil }
        guard rate.smallest >= PlanBuilder.slowestRate else {
            findings.report(
                "no modem is that slow", rateNode, found: "\(rate.smallest) bit/s",
                expected: "at least \(PlanBuilder.slowestRate) bit/s")
            return nil
        }
        profile.rateToCaller = rate
        return profile
    }
}
