import Client
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// A server that gives prepared answers in their order, and remembers what it was asked.
final class FakeServer: Sendable {
    struct Request: Hashable {
        var line: String
        var authorization: String?
        var body: String
    }

    struct Answer {
        var status: HTTPResponse.Status = .ok
        var body: String
    }

    private let answers: Mutex<[Answer]>
    private let seen = Mutex<[Request]>([])

    var requests: [Request] { seen.withLock { $0 } }

    init(_ answers: [Answer]) { self.answers = Mutex(answers) }

    /// Runs `body` against a server with these answers, and returns what the server was asked.
    static func with(
        _ answers: [Answer], application: String? = nil, credentials: Connection.Credentials? = .token("T"),
        _ body: @escaping @Sendable (FaaspotClient) async throws -> Void
    ) async throws -> [Request] {
        let server = FakeServer(answers)
        let (ports, continuation) = AsyncStream<Int>.makeStream()
        let app = Application(
            responder: CallbackResponder<BasicRequestContext> { request, _ in try await server.respond(to: request) },
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in
                continuation.yield(channel.localAddress?.port ?? 0)
                continuation.finish()
            })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await app.run() }
            for await port in ports {
                let connection = Connection(
                    transport: "http", host: "127.0.0.1", port: port, application: application, credentials: credentials
                )
                try await FaaspotClient.with(connection, body)
            }
            group.cancelAll()
        }
        return server.requests
    }

    private func respond(to request: Hummingbird.Request) async throws -> Response {
        let body = try await request.body.collect(upTo: 1 << 20)
        seen.withLock {
            $0.append(
                Request(
                    line: "\(request.method) \(request.uri)", authorization: request.headers[.authorization],
                    body: String(buffer: body)))
        }
        let answer = answers.withLock { $0.isEmpty ? Answer(status: .gone, body: "no answer left") : $0.removeFirst() }
        return Response(
            status: answer.status, headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(string: answer.body)))
    }
}
