import HTTPTypes
import Hummingbird
import Model
import NIOCore
import Platform

/// One request, whose sender and address are known.
struct Call {
    var request: Request
    var address: Address
    var access: Access

    /// The whole body, of no more bytes than the server and the token allow.
    func body(atMost bytes: Int) async throws -> [UInt8] {
        let most = min(bytes, access.maximumBodyBytes ?? bytes)
        do {
            return Array(try await request.body.collect(upTo: most).readableBytesView)
        } catch is NIOTooManyBytesError {
            throw Failure(
                .contentTooLarge,
                "The request's body may have \(most) bytes and has more; "
                    + (most == bytes ? "that is all this server takes." : "that is all its token or user may send."))
        }
    }

    /// The absolute address that runs a function asynchronously, in the request's own dialect.
    func runnerURL(_ key: FunctionKey, publicURL: String?) -> String {
        let base = publicURL ?? "\(scheme)://\(request.head.authority ?? "localhost")"
        let dialect = address.dialect
        return "\(base)/\(dialect.prefix)/\(dialect.noun)/\(key)/rpc/"
    }

    /// A proxy that takes the TLS off says so.
    private var scheme: String {
        request.headers[.init("X-Forwarded-Proto")!] == "https" ? "https" : "http"
    }
}
