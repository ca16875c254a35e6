import NIOSSL

/// What TLS needs on either side.
struct TLSSettings: Sendable {
    private let server: NIOSSLContext
    private let client: NIOSSLContext

    /// Settings with the server's certificate.
    /// - Parameters:
    ///   - certificate: a file with the chain, the server's own first, in PEM.
    ///   - key: a file with the private key, in PEM.
    /// - Throws: what is wrong with the files.
    init(certificate: String, key: String) throws {
        let chain = try NIOSSLCertificate.fromPEMFile(certificate).map { NIOSSLCertificateSource.certificate($0) }
        server = try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: chain, privateKey: .privateKey(NIOSSLPrivateKey(file: key, format: .pem))))
        // Opportunistic (RFC 7435): a peer whose certificate nobody vouches for is still better than none.
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        client = try NIOSSLContext(configuration: configuration)
    }

    func serverHandler() -> NIOSSLServerHandler { NIOSSLServerHandler(context: server) }

    func clientHandler() throws -> NIOSSLClientHandler {
        try NIOSSLClientHandler(context: client, serverHostname: nil)
    }
}
