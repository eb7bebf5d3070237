import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTP1

/// Writes an answer's body, with its head before the first of it.
final class AnswerWriter: ResponseBodyWriter {
    private let connection: Connection
    /// What is to go before the next part.
    private var pending = ByteBuffer()
    /// How many bytes of the body are still to come; nil where nobody said.
    private var missing: Int?
    private let isChunked: Bool
    /// Whether the client can tell where the answer ends without the connection ending.
    let isDelimited: Bool
    /// Whether the body has come to its end, with as many bytes as were promised.
    private(set) var isWhole = false

    init(_ response: Response, to request: HTTPRequestHead, stays: Bool, _ connection: Connection) {
        self.connection = connection
        let isBodyless =
            request.method == .HEAD || response.status == .noContent || response.status == .notModified
            || response.status.kind == .informational
        missing = isBodyless ? 0 : response.headers[.contentLength].flatMap { Int($0) }
        isChunked = missing == nil && request.isNew && response.headers[.transferEncoding] == nil
        isDelimited = missing != nil || isChunked
        let delimiter: StaticString =
            switch (isChunked, stays && isDelimited) {
            case (true, true): "\r\nTransfer-Encoding: chunked"
            case (true, false): "\r\nTransfer-Encoding: chunked\r\nConnection: close"
            case (false, false): response.headers[.connection] == nil ? "\r\nConnection: close" : ""
            case (false, true): request.isNew ? "" : "\r\nConnection: keep-alive"
            }
        pending.reserveCapacity(1024)
        AnswerHead.write(response.head, delimiter, to: &pending)
    }

    func write(_ buffer: ByteBuffer) async throws {
        // An empty chunk would be the last.
        guard buffer.readableBytes > 0 else { return }
        if let left = missing {
            guard left >= buffer.readableBytes else { throw TooLong() }
            missing = left - buffer.readableBytes
        }
        if isChunked { pending.writeString(String(buffer.readableBytes, radix: 16) + "\r\n") }
        var first = pending
        pending = ByteBuffer()
        if isChunked { pending.writeStaticString("\r\n") }
        if buffer.readableBytes <= 16 << 10 {
            first.writeImmutableBuffer(buffer)
            try await connection.send(first)
        } else {
            try await connection.send(first, buffer)
        }
    }

    func finish(_ trailers: HTTPFields?) async throws {
        guard missing ?? 0 == 0 else { throw TooShort() }
        if isChunked {
            pending.writeStaticString("0\r\n")
            for field in trailers ?? [:] { pending.writeString("\(field.name.rawName): \(field.value)\r\n") }
            pending.writeStaticString("\r\n")
        }
        isWhole = true
        if pending.readableBytes > 0 { try await connection.send(pending) }
        pending.clear()
    }

    /// A body with more bytes than its head promises.
    struct TooLong: Error {}
    /// A body with fewer.
    struct TooShort: Error {}
}
