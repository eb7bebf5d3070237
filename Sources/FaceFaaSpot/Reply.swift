import HTTPTypes
import Hummingbird
import Model
import Platform

/// Answers of this surface: JSON, always.
enum Reply {
    private static let executionID = HTTPField.Name("X-Execution-Id")!
    private static let retryAfter = HTTPField.Name("Retry-After")!
    private static let wwwAuthenticate = HTTPField.Name("WWW-Authenticate")!
    private static let json = "application/json"

    /// Bytes that are JSON already.
    static func json(
        _ bytes: [UInt8], status: HTTPResponse.Status = .ok, execution: ExecutionID? = nil
    ) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = json
        if let execution { headers[executionID] = execution.description }
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// The bare uuid string of an execution.
    static func uuid(_ id: ExecutionID) -> Response { json(Array("\"\(id)\"".utf8), execution: id) }

    /// `{"uuid": U}`.
    static func object(uuid id: ExecutionID) -> Response {
        json(written { $0.object { $0.member("uuid", id.description) } }, execution: id)
    }

    /// An error body.
    static func failure(_ failure: Failure, execution: ExecutionID? = nil) -> Response {
        let body = written { writer in
            writer.object { writer in
                writer.member("message", failure.message)
                writer.member("detail", failure.message)
                writer.member("error_code", failure.code)
                writer.member("server_traceback", failure.traceback)
            }
        }
        var response = json(body, status: failure.status, execution: execution)
        if let seconds = failure.retryAfterSeconds { response.headers[retryAfter] = "\(seconds)" }
        if failure.status == .unauthorized {
            response.headers[wwwAuthenticate] = "Token, Bearer, Basic realm=\"swiftlet\""
        }
        return response
    }

    /// What `body` writes.
    static func written(_ body: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        body(&writer)
        return writer.bytes
    }
}
