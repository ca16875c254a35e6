import NIOCore
import NIOSSL

/// What TLS needs on either side.
struct TLSSettings: Sendable {
    private let server: NIOSSLContext?
    private let client: NIOSSLContext

    /// Settings with the server's certificate, if it has one.
    /// - Parameters:
    ///   - certificate: a file with the chain, the server's own first, and one with the private key, in PEM.
    ///   - keyLog: hears the secrets of every session, a line each; nil to keep them.
    /// - Throws: what is wrong with the files.
    init(_ certificate: (chain: String, key: String)?, keyLog: (@Sendable ([UInt8]) -> Void)? = nil) throws {
        let log = keyLog.map { keyLog in { @Sendable (line: ByteBuffer) in keyLog(Array(line.readableBytesView)) } }
        server = try certificate.map { file in
            let chain = try NIOSSLCertificate.fromPEMFile(file.chain).map { NIOSSLCertificateSource.certificate($0) }
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain, privateKey: .privateKey(try NIOSSLPrivateKey(file: file.key, format: .pem)))
            configuration.keyLogCallback = log
            return try NIOSSLContext(configuration: configuration)
        }
        // Opportunistic (RFC 7435): a peer whose certificate nobody vouches for is still better than none.
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        configuration.keyLogCallback = log
        client = try NIOSSLContext(configuration: configuration)
    }

    /// Why TLS cannot begin: it was offered, and since then the configuration has lost its certificate.
    struct NoCertificate: Error, CustomStringConvertible {
        let description = "there is no certificate any more"
    }

    func serverHandler() throws(NoCertificate) -> NIOSSLServerHandler {
        guard let server else { throw NoCertificate() }
        return NIOSSLServerHandler(context: server)
    }

    func clientHandler() throws -> NIOSSLClientHandler {
        try NIOSSLClientHandler(context: client, serverHostname: nil)
    }
}
