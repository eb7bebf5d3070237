import HTTPTypes
import Hummingbird
import Platform

/// Answers of this surface.
enum Reply {
    static let label = HTTPField.Name("X-Faasten-Label")!
    static let invocation = HTTPField.Name("X-Faasten-Invocation")!
    static let duration = HTTPField.Name("X-Faasten-Duration-Ns")!
    static let functionError = HTTPField.Name("X-Faasten-Function-Error")!
    static let lines = "application/x-ndjson"
    private static let exposedHeaders = HTTPField.Name("Access-Control-Expose-Headers")!

    static func empty(_ status: HTTPResponse.Status) -> Response { Response(status: status) }

    static func text(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        bytes(Array(text.utf8), status, "text/plain; charset=utf-8")
    }

    static func bytes(_ bytes: [UInt8], _ status: HTTPResponse.Status, _ type: String) -> Response {
        Response(
            status: status, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// An object whose members `write` writes.
    static func json(_ status: HTTPResponse.Status = .ok, _ write: (inout JSONWriter) -> Void) -> Response {
        bytes(object(write), status, "application/json")
    }

    static func object(_ write: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        writer.object(write)
        return writer.bytes
    }

    static func failure(_ failure: Failure) -> Response {
        var response = json(failure.status) { writer in
            writer.member("error", failure.message)
            if let detail = failure.detail { writer.member("detail", detail) }
        }
        addHeaders(of: failure, to: &response)
        return response
    }

    static func addHeaders(of failure: Failure, to response: inout Response) {
        if let seconds = failure.retryAfterSeconds { response.headers[.retryAfter] = "\(seconds)" }
        if failure.status == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer" }
    }

    /// Lets web pages of others read an answer. No cookie opens anything here, so they see no more than any client does.
    static func allowWebPages(_ response: inout Response) {
        response.headers[.accessControlAllowOrigin] = "*"
        response.headers[.accessControlAllowHeaders] = "Authorization, Content-type, X-Faasten-Label"
        response.headers[.accessControlAllowMethods] = "GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS"
        response.headers[exposedHeaders] = "X-Faasten-Invocation, X-Faasten-Duration-Ns, X-Faasten-Function-Error"
    }
}
