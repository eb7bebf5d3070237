import AsyncHTTPClient
import NIOCore
public import NIOHTTP1

/// What a server of Faasten's answers: the head, and a body that may still be on its way.
public struct FaastenReply: Sendable {
    public var status: Int
    public var reason: String
    public var headers: HTTPHeaders
    /// Bytes of the body, where the server said how many.
    public var length: Int? { headers.first(name: "content-length").flatMap { Int($0) } }
    /// Whether the function that was called failed: an uncaught exception, or an operation that was refused.
    public var functionFailed: Bool { headers.first(name: "x-faasten-function-error") == "1" }
    public var isSuccess: Bool { (200..<300).contains(status) }

    let body: HTTPClientResponse.Body
    let connection: Connection

    init(_ response: HTTPClientResponse, _ connection: Connection) {
        status = Int(response.status.code)
        reason = response.status.reasonPhrase
        headers = response.headers
        body = response.body
        self.connection = connection
    }

    /// Hands on the body as it comes.
    public func receive(_ take: ([UInt8]) throws(ClientError) -> Void) async throws(ClientError) {
        do { for try await bytes in body { try take(Array(bytes.readableBytesView)) } } catch let error as ClientError {
            throw error
        } catch { throw ConnectionFailure.error(for: error, connection: connection) }
    }

    /// Hands on the lines of the body as they come, without their ends.
    public func receiveLines(_ take: (String) throws(ClientError) -> Void) async throws(ClientError) {
        var lines = LineSplitter()
        try await receive { (bytes) throws(ClientError) in try lines.split(bytes, take) }
        try lines.finish(take)
    }

    /// The whole body.
    public func bytes() async throws(ClientError) -> [UInt8] {
        do {
            return Array(try await body.collect(upTo: FaaspotClient.maximumResponseBytes).readableBytesView)
        } catch { throw ConnectionFailure.error(for: error, connection: connection) }
    }
}
