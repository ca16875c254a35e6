// What is listed in the reply to EHLO, here and now.
extension SMTPServerSession {
    /// The lines of the reply after the first.
    var offeredKeywords: [String] {
        let listed =
            configuration.service != .onDemandRelay ? configuration.personality.listing : ListedKeyword.onDemandRelay
        return listed.compactMap { keyword in
            guard let meaning = keyword.meaning else { return keyword.spelling }
            guard offers(meaning) else { return nil }
            return parameters(of: meaning).map { "\(keyword.spelling) \($0)" } ?? keyword.spelling
        }
    }

    /// Whether this client may use UTF-8 where it says so.
    var takesSMTPUTF8: Bool { offers(.smtpUTF8) && transfer == .esmtp }

    private func offers(_ service: ServiceExtension) -> Bool {
        switch service {
        case .pipelining: configuration.offersPipelining
        case .size: configuration.offersSize
        case .eightBitMIME: configuration.offersEightBitMIME
        case .chunking, .binaryMIME: configuration.offersChunking
        case .smtpUTF8: configuration.offersSMTPUTF8 && configuration.offersEightBitMIME
        case .enhancedStatusCodes: configuration.offersEnhancedStatusCodes
        case .dsn: configuration.offersDSN
        case .priority: configuration.offersPriority
        case .deliverBy: configuration.offersDeliverBy
        case .checkpoint: configuration.offersCheckpoint
        case .startTLS: configuration.offersSTARTTLS && !isSecure
        case .auth: !offeredMechanisms.isEmpty
        case .limits: configuration.offersLimits
        case .etrn: listsETRN
        // Nobody gets anything by ATRN or TURN who cannot prove who he is.
        case .atrn: configuration.offersATRN && !offeredMechanisms.isEmpty
        case .turn: configuration.takesTURN && !offeredMechanisms.isEmpty
        case .help: true
        }
    }

    private func parameters(of service: ServiceExtension) -> String? {
        switch service {
        case .size: "\(configuration.limits.messageSize)"
        case .deliverBy: configuration.leastDeliverBy > 0 ? "\(configuration.leastDeliverBy)" : nil
        case .auth: offeredMechanisms.map(\.rawValue).joined(separator: " ")
        case .limits: "RCPTMAX=\(configuration.limits.recipients)"
        default: nil
        }
    }
}
