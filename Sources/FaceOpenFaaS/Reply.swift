import HTTPTypes
import Hummingbird
import Model

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Answers of this surface.
enum Reply {
    static let plainText = "text/plain; charset=utf-8"
    static let internalError = HTTPField.Name("X-OpenFaaS-Internal")!

    static func empty(_ status: HTTPResponse.Status) -> Response { Response(status: status) }

    static func text(_ status: HTTPResponse.Status, _ text: String, type: String = plainText) -> Response {
        Response(
            status: status, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: try bytes(value))))
    }

    /// Compact JSON whose members stand in a fixed order.
    static func bytes(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value))
    }
}
