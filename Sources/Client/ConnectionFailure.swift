import AsyncHTTPClient
import Glibc
import NIOCore
import NIOPosix
import NIOSSL

/// Puts into words why no answer came.
enum ConnectionFailure {
    static func error(for cause: any Error, connection: Connection) -> ClientError {
        ClientError(
            .connection, message(for: cause, connection: connection), hint: hint(for: cause, connection: connection))
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
        if let cause = cause as? IOError { return String(cString: strerror(cause.errnoCode)) }
        let text = "\(cause)"
        // The TLS library names its errors in the text only.
        if text.contains("CERTIFICATE_VERIFY_FAILED") { return "The server's certificate is not trusted" }
        if text.contains("WRONG_VERSION_NUMBER") { return "The server does not speak HTTPS" }
        if text.contains("failedToValidateHostname") { return "The server's certificate is for another host" }
        return text
    }

    private static func hint(for cause: any Error, connection: Connection) -> String? {
        if cause is NIOSSLError || "\(type(of: cause))".contains("SSL") {
            return """
                If the server speaks plain HTTP: `fas profiles update NAME --protocol http`.
                If it has a certificate of its own: `fas profiles update NAME --certificate FILE` (or `--trust-all`).
                """
        }
        guard connection.isLocal else { return nil }
        let nobody = "No server answers at \(connection.address)."
        guard let url = LocalServer.discover()?.url, url != connection.address, let other = Connection.Address(url)
        else {
            return "\(nobody) Start one with `swiftlet serve`."
        }
        return "\(nobody) One is at \(url): "
            + "`fas profiles update NAME --protocol \(other.transport) --port \(other.port)`."
    }
}
