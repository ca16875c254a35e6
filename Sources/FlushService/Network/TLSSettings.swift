import NIOSSL

/// What TLS needs on either side.
struct TLSSettings: Sendable {
    private let server: NIOSSLContext?
    private let client: NIOSSLContext

    /// Settings with the server's certificate, if it has one.
    /// - Parameter certificate: a file with the chain, the server's own first, and one with the private key, in PEM.
    /// - Throws: what is wrong with the files.
    init(_ certificate: (chain: String, key: String)?) throws {
        server = try certificate.map { file in
            let chain = try NIOSSLCertificate.fromPEMFile(file.chain).map { NIOSSLCertificateSource.certificate($0) }
            return try NIOSSLContext(
                configuration: .makeServerConfiguration(
                    certificateChain: chain, privateKey: .privateKey(NIOSSLPrivateKey(file: file.key, format: .pem))))
        }
        // Opportunistic (RFC 7435): a peer whose certificate nobody vouches for is still better than none.
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        client = try NIOSSLContext(configuration: configuration)
    }

    func serverHandler() -> NIOSSLServerHandler {
        guard let server else { preconditionFailure("TLS is offered by those who have a certificate") }
        return NIOSSLServerHandler(context: server)
    }

    func clientHandler() throws -> NIOSSLClientHandler {
        try NIOSSLClientHandler(context: client, serverHostname: nil)
    }
}
