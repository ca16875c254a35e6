import Glibc
import NIOCore

/// A socket that has its address, and does not listen yet: what needs root's rights for a low port is done with it.
struct BoundSocket {
    let descriptor: CInt

    /// The port that it has, also if any was asked for.
    var port: Int {
        var name = sockaddr_in6()
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let code = withUnsafeMutablePointer(to: &name) { name in
            name.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        precondition(code == 0, "a bound socket has a name")
        // In the same place in names of IPv4 and of IPv6.
        return Int(UInt16(bigEndian: name.sin6_port))
    }

    /// Why a socket has no address.
    struct Fault: Error, CustomStringConvertible {
        let description: String

        fileprivate init(_ place: String, _ reason: String = String(cString: strerror(errno))) {
            description = "\(place): \(reason)"
        }
    }

    /// Binds a socket of TCP.
    /// - Parameters:
    ///   - address: the address, as text.
    ///   - port: the port; 0 for any that is free.
    /// - Throws: ``Fault`` with what the system says.
    init(_ address: String, port: Int) throws(Fault) {
        let place = "\(address) port \(port)"
        let name: SocketAddress
        do {
            name = try SocketAddress(ipAddress: address, port: port)
        } catch {
            throw Fault(place, "no address")
        }
        descriptor = socket(name.family, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Fault(place) }
        var one: CInt = 1
        let length = socklen_t(MemoryLayout<CInt>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, length)
        // Who listens at :: and at 0.0.0.0 means two sockets.
        if name.family == AF_INET6 { setsockopt(descriptor, CInt(IPPROTO_IPV6), IPV6_V6ONLY, &one, length) }
        guard name.withSockAddr({ bind(descriptor, $0, socklen_t($1)) }) == 0 else {
            let fault = Fault(place)
            close(descriptor)
            throw fault
        }
    }
}

extension SocketAddress {
    fileprivate var family: CInt {
        switch self {
        case .v6: AF_INET6
        default: AF_INET
        }
    }
}
