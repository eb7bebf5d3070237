import AsyncHTTPClient
import Glibc
import NIOCore
import NIOPosix
import NIOSSL

/// Puts into words why no answer came.
enum ConnectionFailure {
    static func error(for cause: any Error, connection: Connection) -> ClientError {
        ClientError(.connection, message(for: cause, connection: connection), hint: hint(for: cause, connection: connection))
    }

    private static func message(for cause: any Error, connection: Connection) -> String {
        let address = connection.address
        switch cause {
        case let cause as NIOConnectionError:
            if let first = cause.connectionErrors.first {
                return "\(reason(for: first.error)) (\(address))"
            }
            return "The name `\(connection.host)` is unknown (\(address))"
        case let cause as HTTPClientError where cause == .connectTimeout: return "Connecting took too long (\(address))"
        case let cause as HTTPClientError where cause == .remoteConnectionClosed:
            return "The server closed the connection without an answer (\(address))"
        case is NIOTooManyBytesError: return "The answer is too big (\(address))"
        default: return "\(reason(for: cause)) (\(address))"
        }
    }

    private static func reason(for cause: any Error) -> String {
        guard let cause = cause as? IOError else { return "\(cause)" }
        return String(cString: strerror(cause.errnoCode))
    }

    private static func hint(for cause: any Error, connection: Connection) -> String? {
        if cause is NIOSSLError || "\(type(of: cause))".contains("SSL") {
            return """
                Secure connections fail where the server speaks plain HTTP (`--protocol http`), or has a certificate that \
                this machine does not trust
                (`--certificate FILE`, or `--trust-all` to accept any).
                """
        }
        guard connection.isLocal else { return nil }
        return "No server answers at \(connection.address). Start one with `swiftlet serve`."
    }
}
