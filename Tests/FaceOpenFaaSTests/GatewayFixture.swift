import FaceOpenFaaS
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Model
import NIOCore
import Packages
import Platform
import PlatformHTTP
import Storage
import TestSupport
import Testing

/// The surface on a platform with scripted sandboxes, asked without a network.
struct GatewayFixture {
    let platform: PlatformFixture
    let token: String
    var configuration = OpenFaaSFace.Configuration()

    init(scopes: Set<TokenScope> = [.admin]) async throws {
        platform = try PlatformFixture()
        token = try await platform.platform.tokens.issue(name: "test", scopes: scopes).secret
        configuration.maximumRequestBodyBytes = 4096
        platform.sandbox.onCall { request in
            .success(
                Self.outcome(
                    status: 200, body: (try? HostFields.decode(request.input)).map { Array($0[4]) } ?? request.input))
        }
    }

    /// A call that answered.
    static func outcome(
        status: Int, body: [UInt8], headers: [(String, String)] = [], fault: ExecutionFault? = nil
    ) -> CallOutcome {
        let fields = [[UInt8(status & 0xFF), UInt8(status >> 8)], body]
        return CallOutcome(
            output: HostFields.encode(fields + headers.flatMap { [Array($0.0.utf8), Array($0.1.utf8)] }), fault: fault,
            logs: [], usage: ResourceUsage(wallMicroseconds: 1500, cpuMicroseconds: 750, peakMemoryBytes: 1 << 20))
    }

    struct Answer {
        var status: Int
        var headers: HTTPFields
        var body: String
    }

    typealias Ask = @Sendable (HTTPRequest.Method, String, String?, HTTPFields) async throws -> Answer

    var login: HTTPFields { [.authorization: "Bearer \(token)"] }

    /// Runs `body` with a function that sends requests.
    func test<T: Sendable>(_ body: @escaping @Sendable (@escaping Ask) async throws -> T) async throws -> T {
        var paths = PathTable()
        OpenFaaSFace(platform: platform.platform, configuration: configuration).add(to: &paths)
        return try await Application(responder: paths).test(.router) { client in
            try await body { method, uri, text, headers in
                try await client.execute(
                    uri: uri, method: method, headers: headers, body: text.map { ByteBuffer(string: $0) }
                ) { Answer(status: $0.status.code, headers: $0.headers, body: String(buffer: $0.body)) }
            }
        }
    }

    /// Stores a build as if it had been sent.
    func build(_ name: String, language: String = "python3") async throws {
        var files = PackageTree()
        try files.add("handler.py", Array("def handle(req): return req\n".utf8))
        _ = try await platform.platform.build(
            BuildOrder(image: "\(name):latest", face: .openfaas, language: language, files: files)
        ) { _ in }
    }
}
