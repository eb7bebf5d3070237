import HTTPTypes
import Hummingbird
import Platform

/// Answers of this surface.
enum Reply {
    private static let retryAfter = HTTPField.Name("Retry-After")!

    static func bytes(
        _ bytes: [UInt8], status: HTTPResponse.Status = .ok, type: String = "application/octet-stream"
    ) -> Response {
        Response(
            status: status, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    static func text(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        bytes(Array(text.utf8), status: status, type: "text/plain; charset=utf-8")
    }

    /// An object whose members `write` writes.
    static func json(_ write: (inout JSONWriter) -> Void) -> Response {
        var writer = JSONWriter()
        writer.object(write)
        return bytes(writer.bytes, type: "application/json")
    }

    /// Lets web pages of others read an answer.
    static func allowWebPages(_ response: inout Response) {
        response.headers[.accessControlAllowOrigin] = "*"
        response.headers[.accessControlAllowMethods] = "GET,POST,PUT,OPTIONS"
        response.headers[.accessControlAllowHeaders] = "User-Agent,Content-Type"
    }

    static func failure(_ failure: Failure) -> Response {
        var response = text(failure.message, status: failure.status)
        if let seconds = failure.retryAfterSeconds { response.headers[retryAfter] = "\(seconds)" }
        if failure.status == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer" }
        return response
    }
}
