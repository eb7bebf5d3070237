import HTTPTypes
import Hummingbird
import Model
import NIOCore
import Platform

/// What executions print.
extension FaaSpotFace {
    /// How often something is sent to who follows a silent log, so that no proxy takes the connection for dead.
    private static let heartbeat = Duration.seconds(15)

    /// The lines so far, or with `follow=true` or `Accept: text/event-stream` all lines as they come.
    func getLogs(_ id: String, _ call: Call) async throws -> Response {
        try requireReadOrRun(call)
        let id = try identifier(id)
        // Whether it is there must be known before the answer begins.
        _ = try await visible(id, call)
        let query = try Query(call.request.uri.query ?? "")
        let accepted = call.request.headers[.accept] ?? ""
        let isFollowing = try query.truth("follow")
        if isFollowing || accepted.contains("text/event-stream") {
            return follow(id)
        }
        let lines = try await platform.logs(of: id)
        return Reply.json(
            Reply.written { writer in
                writer.array { writer in for line in lines { Self.write(line, into: &writer) } }
            })
    }

    private func follow(_ id: ExecutionID) -> Response {
        let platform = platform
        let body = ResponseBody { writer in
            let (events, feed) = AsyncThrowingStream.makeStream(of: ByteBuffer.self)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    do {
                        try await platform.followLogs(of: id) { feed.yield(Self.event($0)) }
                        feed.finish()
                    } catch { feed.finish(throwing: error) }
                }
                group.addTask {
                    while (try? await Task.sleep(for: Self.heartbeat)) != nil {
                        feed.yield(ByteBuffer(string: ":\n\n"))
                    }
                }
                defer { group.cancelAll() }
                for try await event in events { try await writer.write(event) }
            }
            try await writer.finish(nil)
        }
        let headers: HTTPFields = [.contentType: "text/event-stream", .cacheControl: "no-cache"]
        return Response(status: .ok, headers: headers, body: body)
    }

    /// One server-sent event: its name, and a JSON object, which has no line ends.
    private static func event(_ event: LogEvent) -> ByteBuffer {
        let (name, json) =
            switch event {
            case .line(let line): ("log", Reply.written { write(line, into: &$0) })
            case .end(let execution): ("end", Reply.written { ExecutionBody.write(execution, into: &$0) })
            }
        var buffer = ByteBuffer(string: "event: \(name)\ndata: ")
        buffer.writeBytes(json)
        buffer.writeString("\n\n")
        return buffer
    }

    private static func write(_ line: AttemptLine, into writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("time", TimestampText.text(line.line.time))
            writer.member("stream", line.line.stream.rawValue)
            writer.member("text", line.line.text)
            writer.member("attempt", Int64(line.attempt))
        }
    }
}
