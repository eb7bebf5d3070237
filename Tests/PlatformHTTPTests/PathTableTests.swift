import HTTPTypes
import Hummingbird
import HummingbirdTesting
import PlatformHTTP
import Testing

@Suite("Which part of the server answers a path")
struct PathTableTests {
    private static func says(_ text: String) -> PathTable.Handler {
        { _, _ in Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: text))) }
    }

    private static let table: PathTable = {
        var paths = PathTable()
        paths.on("", [.get], says("root"))
        paths.on("ui", PathTable.methods, says("ui"))
        paths.on("ui/**", PathTable.methods, says("below ui"))
        paths.on("api/**", PathTable.methods, says("below api"))
        paths.on("api/v2/**", PathTable.methods, says("below api/v2"))
        paths.on("api/v2", [.get], says("api/v2"))
        paths.on("sync/deployments/**", PathTable.methods, says("runs"))
        paths.on("", [.get, .post], says("second at the root"))
        paths.on("empty", [.get]) { _, _ in
            Response(
                status: .noContent, headers: [.contentLength: "1"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: "x")))
        }
        paths.elsewhere = { _, _ in Response(status: .notFound) }
        return paths
    }()

    private static func ask<T: Sendable>(
        _ path: String, _ method: HTTPRequest.Method, _ read: @escaping @Sendable (TestResponse) -> T
    ) async throws -> T {
        try await Application(responder: table).test(.router) { client in
            try await client.execute(uri: path, method: method) { read($0) }
        }
    }

    @Test(
        "The longest beginning decides, an exact path first",
        arguments: [
            ("/", "root"), ("/ui", "ui"), ("/ui/", "ui"), ("/ui/x", "below ui"), ("/api/v1", "below api"),
            ("/api/v2", "api/v2"), ("/api/v2/", "api/v2"), ("/api/v2/x/y", "below api/v2"), ("/api/v22/x", "below api"),
            ("/sync/deployments/x/rpc", "runs"), ("//api//v2//x", "below api/v2"), ("/api/v2/x?a=/ui", "below api/v2"),
        ])
    func paths(_ path: String, _ answer: String) async throws {
        #expect(try await Self.ask(path, .get) { String(buffer: $0.body) } == answer)
    }

    @Test(
        "What nobody has is answered as nothing",
        arguments: [
            "/api", "/api/", "/apis/x", "/sync", "/sync/deployments", "/sync/deployment/x", "/%61pi/x", "/other",
        ])
    func nothing(_ path: String) async throws {
        #expect(try await Self.ask(path, .get) { $0.status } == .notFound)
    }

    @Test("Methods of one path may have different parts; the first one to ask for one has it")
    func methods() async throws {
        #expect(try await Self.ask("/", .get) { String(buffer: $0.body) } == "root")
        #expect(try await Self.ask("/", .post) { String(buffer: $0.body) } == "second at the root")
        #expect(try await Self.ask("/", .put) { $0.status } == .notFound)
        #expect(try await Self.ask("/ui", HTTPRequest.Method(rawValue: "BREW")!) { $0.status } == .notFound)
    }

    @Test("Answers that have no body get none")
    func bodies() async throws {
        let (status, body, length) = try await Self.ask("/empty", .get) {
            ($0.status, $0.body.readableBytes, $0.headers[.contentLength])
        }
        #expect(status == .noContent && body == 0 && length == nil)
        #expect(try await Self.ask("/ui", .head) { $0.body.readableBytes } == 0)
    }
}
