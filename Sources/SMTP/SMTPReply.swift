/// One reply of an SMTP server: a code and at least one line of text (RFC 5321 §4.2).
///
/// The text holds printable ASCII and tabs only. Octets outside of that are escaped as `\x0D` when a reply is made, so
/// that nothing a peer sent can end a line in a reply or a log.
public struct SMTPReply: Hashable, Sendable {
    /// The three digits, 200 to 599.
    public let code: Int
    /// The finer status, if the server gave one; its class is the code's first digit.
    public let enhancedStatus: EnhancedStatusCode?
    /// The text, line by line, without the enhanced status code. Never empty, though a line may be.
    public let lines: [String]

    /// What the first digit says (RFC 5321 §4.2.1).
    public enum Kind: Hashable, Sendable {
        /// 2yz: done.
        case completion
        /// 3yz: go on.
        case intermediate
        /// 4yz: not now.
        case transientFailure
        /// 5yz: not this way.
        case permanentFailure
    }

    /// A reply from its parts.
    /// - Parameters:
    ///   - code: 200 to 599.
    ///   - enhancedStatus: the finer status, of the same class; none for 3yz.
    ///   - lines: the text; one empty line when there is none.
    public init(_ code: Int, _ enhancedStatus: EnhancedStatusCode? = nil, lines: [String]) {
        precondition((200...599).contains(code), "a reply code has three digits and begins with 2, 3, 4 or 5")
        precondition(
            enhancedStatus.map { Int($0.statusClass) == code / 100 } ?? true,
            "an enhanced status code has the class of its reply (RFC 2034 §4)")
        self.code = code
        self.enhancedStatus = enhancedStatus
        self.lines = lines.isEmpty ? [""] : lines.map(SMTPReply.escaped)
    }

    /// A reply of one line.
    /// - Parameters:
    ///   - code: 200 to 599.
    ///   - enhancedStatus: the finer status, of the same class; none for 3yz.
    ///   - text: the line.
    public init(_ code: Int, _ enhancedStatus: EnhancedStatusCode? = nil, _ text: String) {
        self.init(code, enhancedStatus, lines: [text])
    }

    /// What the first digit says. A client decides on this and the code alone (RFC 5321 §4.2).
    public var kind: Kind {
        switch code / 100 {
        case 2: .completion
        case 3: .intermediate
        case 4: .transientFailure
        default: .permanentFailure
        }
    }

    /// Whether it says the command was carried out.
    public var isCompletion: Bool { kind == .completion }

    /// Appends the reply as it goes on the wire.
    ///
    /// A line that would exceed 512 octets goes on in a further line (RFC 5321 §4.5.3.1.5).
    /// - Parameters:
    ///   - octets: where to append.
    ///   - showsEnhancedStatus: false when the server does not offer ENHANCEDSTATUSCODES.
    public func append(to octets: inout [UInt8], showsEnhancedStatus: Bool = true) {
        let status = showsEnhancedStatus ? enhancedStatus.map { "\($0) " } ?? "" : ""
        let room = 512 - 6 - status.utf8.count
        for (index, line) in lines.enumerated() {
            var rest = Substring(line).utf8
            repeat {
                let part = rest.prefix(room)
                rest = rest.dropFirst(room)
                let isLast = rest.isEmpty && index == lines.count - 1
                octets.append(contentsOf: "\(code)\(isLast ? " " : "-")\(status)".utf8)
                octets.append(contentsOf: part)
                octets.append(contentsOf: [.carriageReturn, .lineFeed])
            } while !rest.isEmpty
        }
    }

    static func escaped(_ text: String) -> String {
        guard !text.utf8.allSatisfy({ $0.isPrintable || $0 == .tab }) else { return text }
        return escaped(Array(text.utf8)[...])
    }

    static func escaped(_ octets: ArraySlice<UInt8>) -> String {
        guard !octets.allSatisfy({ $0.isPrintable || $0 == .tab }) else { return octets.text }
        let digits = Array("0123456789ABCDEF".utf8)
        var text: [UInt8] = []
        for octet in octets {
            if octet.isPrintable || octet == .tab {
                text.append(octet)
            } else {
                text += [UInt8(ascii: "\\"), UInt8(ascii: "x"), digits[Int(octet >> 4)], digits[Int(octet & 15)]]
            }
        }
        return text[...].text
    }
}

extension SMTPReply: CustomStringConvertible {
    /// The reply on one line, for logs.
    public var description: String {
        ([String(code)] + (enhancedStatus.map { ["\($0)"] } ?? []) + lines.filter { !$0.isEmpty })
            .joined(separator: " ")
    }
}
