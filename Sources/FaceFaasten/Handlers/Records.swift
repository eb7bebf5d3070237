import Gatehouse
import HTTPTypes
import Hummingbird
import LabelledFiles
import Labels
import Model
import NIOCore
import Platform
import ServiceLifecycle

/// What functions printed and what they were refused, one JSON object a line, as far as whoever asks may know it.
extension FaastenFace {
    func showLogs(of gate: Substring, _ request: Request) async throws -> Response {
        let user = try await user(of: request)
        let path = try Self.path(gate)
        let follows = request.uri.queryParameters["follow"].map { ["", "1", "true"].contains($0) } ?? false
        let lines = try await gatehouse.logs(of: path, for: user.principal, follow: follows)
        let body = ResponseBody { writer in
            // A server that stops does not wait for lines.
            let (pieces, feed) = AsyncStream.makeStream(of: ByteBuffer.self)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    defer { feed.finish() }
                    await cancelWhenGracefulShutdown {
                        for await line in lines { feed.yield(Self.bytes(line)) }
                    }
                }
                defer { group.cancelAll() }
                for await piece in pieces { try await writer.write(piece) }
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: Reply.lines], body: body)
    }

    func showDenials(_ request: Request) async throws -> Response {
        let user = try await user(of: request)
        var lines: [UInt8] = []
        for denial in gatehouse.files.denials.denials(visibleWith: user.principal) {
            lines += Reply.object { writer in
                writer.member("time", TimestampText.rfc3339(denial.time))
                writer.member("actor", denial.actor)
                writer.member("privilege", denial.privilege.description)
                writer.member("label", denial.label.description)
                writer.member("operation", denial.operation)
                writer.member("reason", denial.reason)
            }
            lines.append(UInt8(ascii: "\n"))
        }
        return Reply.bytes(lines, .ok, Reply.lines)
    }

    private static func bytes(_ line: GateLogLine) -> ByteBuffer {
        let object = Reply.object { writer in
            writer.member("time", TimestampText.rfc3339(line.time))
            writer.member("stream", line.stream.rawValue)
            writer.member("text", line.text)
        }
        return ByteBuffer(bytes: object + [UInt8(ascii: "\n")])
    }
}
