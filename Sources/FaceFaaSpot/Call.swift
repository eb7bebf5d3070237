import Hummingbird
import Model
import Platform

/// One request, whose sender and address are known.
struct Call {
    var request: Request
    var address: Address
    var access: Access

    /// The whole body, of no more bytes than the server and the token allow.
    func body(atMost bytes: Int) async throws -> [UInt8] {
        let buffer = try await request.body.collect(upTo: min(bytes, access.maximumBodyBytes ?? bytes))
        return Array(buffer.readableBytesView)
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
