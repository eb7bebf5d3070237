import HTTPTypes
import Hummingbird
import Model
import NIOCore
import Platform
import Storage

/// What functions print, one JSON object a line.
extension OpenFaaSFace {
    func showLogs(_ call: SystemCall) async throws -> Response {
        try call.access.require(.read)
        guard let name = call.parameter("name") else { throw Refusal(.badRequest, "`name` is missing.") }
        let key = try await key(named: name, call.parameter("namespace"))
        try call.access.requireVisible(key)
        let tail = try call.parameter("tail").map { text in
            guard let tail = Int(text) else { throw Refusal(.unprocessableContent, "`tail` is no number: `\(text)`.") }
            return tail
        }
        let since = try call.parameter("since").map { text in
            guard let time = TimestampText.time(text) else {
                throw Refusal(.unprocessableContent, "`since` is no time such as 2017-07-21T15:10:52Z: `\(text)`.")
            }
            return time
        }
        let follows = ["true", "1"].contains(call.parameter("follow") ?? "")
        let instance = call.parameter("instance")
        // Whether it is there must be known before the answer begins.
        _ = try await details(key)
        let wanted = tail.flatMap { $0 > 0 ? $0 : nil }
        let platform = platform
        let body = ResponseBody { writer in
            if follows {
                try await Self.follow(platform, key, since, wanted, instance, &writer)
            } else {
                for line in try await platform.logs(of: key, since: since, tail: wanted) {
                    if let bytes = Self.bytes(line, key, instance) { try await writer.write(bytes) }
                }
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: "application/x-ndjson"], body: body)
    }

    /// Sends lines until the caller leaves, which a write finds out.
    private static func follow(
        _ platform: Platform, _ key: FunctionKey, _ since: Timestamp?, _ tail: Int?, _ instance: String?,
        _ writer: inout any ResponseBodyWriter
    ) async throws {
        let (lines, feed) = AsyncThrowingStream.makeStream(of: ByteBuffer.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    try await platform.followLogs(of: key, since: since, tail: tail) { line in
                        if let bytes = bytes(line, key, instance) { feed.yield(bytes) }
                    }
                    feed.finish()
                } catch { feed.finish(throwing: error) }
            }
            defer { group.cancelAll() }
            for try await line in lines { try await writer.write(line) }
        }
    }

    private static func bytes(_ line: FunctionLogLine, _ key: FunctionKey, _ instance: String?) -> ByteBuffer? {
        let body = LogBody(line, of: key)
        guard instance == nil || instance == body.instance, let bytes = try? Reply.bytes(body) else { return nil }
        return ByteBuffer(bytes: bytes + [UInt8(ascii: "\n")])
    }
}
