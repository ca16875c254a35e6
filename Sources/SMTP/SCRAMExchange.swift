/// The messages of SCRAM as the server reads and writes them (RFC 5802 §5, §7). The keys are the driver's.
struct SCRAMExchange: Sendable {
    let user: String
    let actsFor: String
    private let header: String
    private let firstBare: String
    private let clientNonce: String
    private var serverFirst = ""
    private var nonce = ""

    /// Why an exchange ends here.
    enum Fault: Error { case malformed, refused }

    /// Reads the client's first message. Channel binding is not offered, so nobody may ask for it.
    init(clientFirst: [UInt8]) throws(Fault) {
        guard let text = String(validating: clientFirst, as: UTF8.self) else { throw .malformed }
        let parts = text.split(separator: ",", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw .malformed }
        guard parts[0] == "n" || parts[0] == "y" else { throw parts[0].hasPrefix("p=") ? .refused : .malformed }
        guard parts[1].isEmpty || parts[1].hasPrefix("a=") else { throw .malformed }
        let attributes = parts[2].split(separator: ",", omittingEmptySubsequences: false)
        guard attributes.count >= 2, attributes[0].hasPrefix("n="), attributes[1].hasPrefix("r="),
            let user = SCRAMExchange.name(attributes[0].dropFirst(2)),
            let actsFor = SCRAMExchange.name(parts[1].dropFirst(2)), !user.isEmpty, attributes[1].utf8.count > 2
        else { throw .malformed }
        header = "\(parts[0]),\(parts[1]),"
        firstBare = String(parts[2])
        clientNonce = String(attributes[1].dropFirst(2))
        self.user = user
        self.actsFor = actsFor
    }

    /// The server's first message.
    mutating func challenge(_ challenge: SCRAMChallenge) -> String {
        nonce = clientNonce + challenge.nonce
        serverFirst = "r=\(nonce),s=\(Base64.encoded(challenge.salt)),i=\(challenge.iterations)"
        return serverFirst
    }

    /// Reads the client's last message.
    func proof(clientFinal: [UInt8]) throws(Fault) -> SASLProof {
        guard let text = String(validating: clientFinal, as: UTF8.self) else { throw .malformed }
        let attributes = text.split(separator: ",", omittingEmptySubsequences: false)
        guard attributes.count >= 3, attributes[0].hasPrefix("c="), attributes[1].hasPrefix("r="),
            let last = attributes.last, last.hasPrefix("p="),
            let proof = Base64.decoded(Array(last.dropFirst(2).utf8)[...])
        else { throw .malformed }
        guard attributes[0].dropFirst(2) == Base64.encoded(header.utf8), attributes[1].dropFirst(2) == nonce else {
            throw .refused
        }
        let withoutProof = attributes.dropLast().joined(separator: ",")
        return .scramSHA256(
            user: user, authMessage: Array("\(firstBare),\(serverFirst),\(withoutProof)".utf8), proof: proof,
            actsFor: actsFor)
    }

    // Commas and equals signs are written as =2C and =3D.
    private static func name(_ text: Substring) -> String? {
        var name = ""
        var rest = text
        while let character = rest.popFirst() {
            guard character == "=" else {
                name.append(character)
                continue
            }
            switch rest.prefix(2) {
            case "2C": name.append(",")
            case "3D": name.append("=")
            default: return nil
            }
            rest = rest.dropFirst(2)
        }
        return name
    }
}
