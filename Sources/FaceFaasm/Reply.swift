import HTTPTypes
import Hummingbird

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

    static func failure(_ failure: Failure) -> Response {
        var response = text(failure.message, status: failure.status)
        if let seconds = failure.retryAfterSeconds { response.headers[retryAfter] = "\(seconds)" }
        if failure.status == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer" }
        return response
    }
}
