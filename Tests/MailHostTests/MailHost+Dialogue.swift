import SMTP
import Timebase

@testable import MailHost

extension MailHost {
    /// A client says something.
    /// - Returns: the lines of the replies to it.
    mutating func say(_ text: String, on id: SessionID) -> [String] {
        receive(Array(text.utf8).span.bytes, on: id, at: .beginning)
        var octets: [UInt8] = []
        while let action = nextAction() {
            guard case .send(let to) = action else { continue }
            var said: [UInt8] = []
            _ = takeOutput(of: to, upTo: .max, into: &said, at: .beginning)
            if to == id { octets += said }
        }
        return String(decoding: octets, as: UTF8.self).split(separator: "\r\n").map(String.init)
    }
}
