import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Whether a server can listen at an address, and why not.
enum Listening {
    /// Tries an address, so that nobody waits for what takes long to be told that it is taken. Another program may still take it.
    static func check(_ host: String, _ port: Int) async throws {
        try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(host: host, port: port).get().close()
    }

    /// Why a server cannot listen, in words that name the setting and end with what to do; other errors as they are.
    static func explained(
        _ error: any Error, _ setting: String, _ host: String, _ port: Int, advice: String = "choose another address"
    ) -> any Error {
        let why: String
        switch ((error as? IOError)?.errnoCode, error) {
        case (EADDRINUSE, _): why = "is in use; stop what listens there, or \(advice)"
        case (EACCES, _): why = "may not be listened at by this user, as ports below 1024 are root's; \(advice)"
        case (EADDRNOTAVAIL, _): why = "is no address of this machine; \(advice)"
        case (_, is SocketAddressError.UnknownHost): why = "has a name that is not known; \(advice)"
        default: return error
        }
        return ConfigurationError(key: setting, message: "\(host):\(port) \(why)")
    }
}
