import Foundation
import SMTP

extension StoredMail.Message {
    /// What asks a service to take the message.
    /// - Parameters:
    ///   - recipients: who gets it; nobody: whom `X-Original-To`, `Delivered-To` or `Envelope-To` names.
    ///   - sender: where reports go; nil: to the address in `Return-Path`, or else in the line of an mbox.
    /// - Returns: the request.
    /// - Throws: ``StoredMail/Fault`` when nobody can be found whom it is for, or an address is none.
    public func request(to recipients: [String], from sender: String?) throws(StoredMail.Fault) -> QueueRequest {
        let header = StoredHeader(octets)
        let recipients = recipients.isEmpty ? header.recipient.map { [$0] } ?? [] : recipients
        guard !recipients.isEmpty else {
            throw fault("nobody is named whom it is for: say `--to`")
        }
        var envelope = Envelope(reversePath: try reversePath(sender ?? header.returnPath ?? fromLine ?? ""))
        for recipient in recipients {
            guard let path = try? ForwardPath(parsing: "<\(recipient)>"), path.domain != nil else {
                throw fault("`\(recipient)` is no address that mail can be sent to")
            }
            envelope.forwardPaths.append(path)
        }
        let content = header.contentInLines
        if content.contains(where: { $0 > 127 }) { envelope.body = .eightBitMIME }
        envelope.isSMTPUTF8 = header.isUTF8
        return .take(envelope: envelope.commands.map(\.description), content: Data(content))
    }

    private func reversePath(_ text: String) throws(StoredMail.Fault) -> ReversePath {
        // What came from nobody stands in an mbox with a name of the system.
        if text.isEmpty || text == "MAILER-DAEMON" { return .null }
        guard let path = try? ReversePath(parsing: "<\(text)>") else { throw fault("`\(text)` is no address") }
        return path
    }

    private func fault(_ text: String) -> StoredMail.Fault { StoredMail.Fault(description: "\(place): \(text)") }
}

/// The header of a stored message, as far as the envelope can be learnt from it.
private struct StoredHeader {
    private(set) var returnPath: String?
    private(set) var recipient: String?
    /// Whether it has octets above 127 (RFC 6532).
    private(set) var isUTF8 = false
    /// The message in lines that end with CR LF, without Return-Path, which the final delivery writes anew
    /// (RFC 5321 §4.4).
    private(set) var contentInLines: [UInt8] = []

    private static let recipientFields = ["x-original-to", "delivered-to", "envelope-to"]

    init(_ octets: [UInt8]) {
        contentInLines.reserveCapacity(octets.count + octets.count / 32)
        var isHeader = true
        var isLeftOut = false
        let lines = octets.split(separator: 0x0A, omittingEmptySubsequences: false)
        for line in lines.dropLast(octets.last == 0x0A ? 1 : 0) {
            let line = line.last == 0x0D ? line.dropLast() : line
            if isHeader {
                isHeader = !line.isEmpty
                let isFolded = line.first == 0x20 || line.first == 0x09
                if isHeader, !isFolded { isLeftOut = take(line) }
                if line.contains(where: { $0 > 127 }) { isUTF8 = true }
                if isHeader, isLeftOut { continue }
            }
            contentInLines += line
            contentInLines += [0x0D, 0x0A]
        }
    }

    /// - Returns: whether the field is left out of the message.
    private mutating func take(_ line: ArraySlice<UInt8>) -> Bool {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return false }
        let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
        let value = String(decoding: line[(colon + 1)...], as: UTF8.self)
            .trimmingCharacters(in: CharacterSet(charactersIn: " \t<>"))
        if name == "return-path" { returnPath = returnPath ?? value }
        if StoredHeader.recipientFields.contains(name), recipient == nil { recipient = value }
        return name == "return-path"
    }
}
