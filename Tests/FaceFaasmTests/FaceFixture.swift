import FaceFaasm
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Model
import NIOCore
import Platform
import PlatformHTTP
import Storage
import TestSupport
import Testing

/// Faasm's surface on a platform with scripted sandboxes, asked without a network.
struct FaceFixture {
    let platform: PlatformFixture

    init(_ change: (inout PlatformConfiguration) -> Void = { _ in }) throws { platform = try PlatformFixture(change) }

    struct Answer {
        var status: Int
        var body: String
        var headers: HTTPFields
    }

    typealias Ask = @Sendable (HTTPRequest.Method, String, String?, HTTPFields) async throws -> Answer

    /// Runs `body` with a function that sends requests, while the queue runs.
    func test<T: Sendable>(
        guarding: FaasmFace.Guarding = .loopback, allowsWebPages: Bool = false,
        _ body: @escaping @Sendable (@escaping Ask) async throws -> T
    ) async throws -> T {
        var configuration = FaasmFace.Configuration()
        configuration.guarding = guarding
        configuration.allowsWebPages = allowsWebPages
        var paths = PathTable()
        FaasmFace(platform: platform.platform, configuration: configuration).add(to: &paths)
        let application = Application(responder: paths)
        return try await platform.withServices {
            try await application.test(.router) { client in
                try await body { method, uri, text, headers in
                    try await client.execute(
                        uri: uri, method: method, headers: headers, body: text.map { ByteBuffer(string: $0) }
                    ) { response in
                        Answer(
                            status: response.status.code, body: String(buffer: response.body),
                            headers: response.headers)
                    }
                }
            }
        }
    }
}
