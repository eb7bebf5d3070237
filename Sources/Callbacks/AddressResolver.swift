import NIOPosix
import Platform

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Finds the addresses of a host.
protocol AddressResolver: Sendable {
    /// All addresses of a name; of a written address, that.
    func addresses(of host: String) async throws -> [NetworkAddress]
}

struct UnknownHost: Error {}

/// The system's resolver, on a thread that may wait.
struct SystemResolver: AddressResolver {
    func addresses(of host: String) async throws -> [NetworkAddress] {
        if let address = NetworkAddress(host) { return [address] }
        return try await NIOThreadPool.singleton.runIfActive { try Self.resolve(host) }
    }

    private static func resolve(_ host: String) throws -> [NetworkAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &first) == 0 else { throw UnknownHost() }
        defer { freeaddrinfo(first) }
        var addresses: [NetworkAddress] = []
        var next = first
        while let entry = next?.pointee {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            if getnameinfo(
                entry.ai_addr, entry.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0
            {
                let written = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
                // What stands after a percent sign is the interface of a link-local address.
                if let address = NetworkAddress(String(decoding: written.prefix { $0 != 0x25 }, as: UTF8.self)) {
                    addresses.append(address)
                }
            }
            next = entry.ai_next
        }
        return addresses
    }
}
