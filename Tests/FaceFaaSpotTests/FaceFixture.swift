import FaceFaaSpot
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

/// The surface on a platform with scripted sandboxes, asked without a network.
struct FaceFixture {
    let platform: PlatformFixture
    let token: String

    init(
        scopes: Set<TokenScope> = [.admin], time: TimeSource = .system,
        _ change: (inout PlatformConfiguration) -> Void = { _ in }
    ) async throws {
        platform = try PlatformFixture(change, time: time)
        token = try await platform.platform.tokens.issue(name: "test", scopes: scopes).secret
    }

    struct Answer {
        var status: Int
        var body: String
        var headers: HTTPFields
    }

    typealias Ask = @Sendable (HTTPRequest.Method, String, String?) async throws -> Answer

    /// The headers of a request with the fixture's token, and more.
    func headers(_ more: [String: String]) -> HTTPFields {
        var headers: HTTPFields = [.authorization: "Token \(token)", .contentType: "application/json"]
        for (name, value) in more { if let name = HTTPField.Name(name) { headers[name] = value } }
        return headers
    }

    /// Runs `body` with a function that sends requests.
    func test<T: Sendable>(
        headers: HTTPFields? = nil, _ body: @escaping @Sendable (@escaping Ask) async throws -> T
    ) async throws -> T {
        var configuration = FaaSpotFace.Configuration()
        configuration.maximumRequestBodyBytes = 4096
        var paths = PathTable()
        FaaSpotFace(platform: platform.platform, configuration: configuration).add(to: &paths)
        let headers = headers ?? [.authorization: "Token \(token)", .contentType: "application/json"]
        return try await Application(responder: paths).test(.router) { client in
            try await body { method, uri, text in
                try await client.execute(
                    uri: uri, method: method, headers: headers, body: text.map { ByteBuffer(string: $0) }
                ) { response in
                    let type = response.headers[.contentType] ?? ""
                    #expect(
                        type == "application/json"
                            || ["text/event-stream", "text/plain"].contains { type.hasPrefix($0) })
                    return Answer(
                        status: response.status.code, body: String(buffer: response.body), headers: response.headers)
                }
            }
        }
    }
}

/// The body of an error.
func failure(_ message: String, code: String? = nil, traceback: String? = nil) -> String {
    var writer = JSONWriter()
    writer.object { writer in
        writer.member("message", message)
        writer.member("detail", message)
        writer.member("error_code", code)
        writer.member("server_traceback", traceback)
    }
    return String(decoding: writer.bytes, as: UTF8.self)
}
