import FaceFaasm
import HTTPTypes
import Model
import Platform
import Storage
import TestSupport
import Testing

/// Who may use this surface.
@Suite struct GuardingTests {
    private static let paths: [(method: HTTPRequest.Method, path: String, scope: TokenScope?)] = [
        (.get, "/faasm/upload/ping", nil), (.put, "/faasm/upload/p/u/f", .deploy), (.get, "/faasm/upload/p/u/f", .read),
        (.delete, "/faasm/upload/p/u/f", .deploy), (.get, "/faasm/upload/s/u/k", .read),
        (.put, "/faasm/upload/s/u/k", .deploy), (.post, "/faasm/call/u/f", .run),
    ]

    @Test func `without a token nobody is answered where all need one`() async throws {
        try await FaceFixture().test(guarding: .token) { ask in
            for (method, path, _) in Self.paths {
                let answer = try await ask(method, path, method == .get ? nil : "x", [:])
                #expect(answer.status == 401 && answer.headers[.wwwAuthenticate] == "Bearer", "\(method) \(path)")
            }
            #expect(try await ask(.post, "/", #"{"http_type":2}"#, [:]).status == 401)
        }
    }

    @Test(arguments: TokenScope.allCases)
    func `a token may do what its scope is for`(_ scope: TokenScope) async throws {
        let fixture = try FaceFixture()
        let token = try await fixture.platform.platform.tokens.issue(name: "test", scopes: [scope]).secret
        try await fixture.test(guarding: .token) { ask in
            for (method, path, needed) in Self.paths {
                let answer = try await ask(
                    method, path, method == .get ? nil : "x = 1", [.authorization: "Bearer \(token)"])
                let isAllowed = needed == nil || needed == scope || scope == .admin
                #expect((answer.status != 403) == isAllowed, "\(method) \(path): \(answer.body)")
            }
        }
    }

    @Test(arguments: [FaasmFace.Guarding.loopback, .none])
    func `web pages are refused on loopback, unless the operator wants them`(_ guarding: FaasmFace.Guarding)
        async throws
    {
        let origin = HTTPField.Name("Origin")!
        for isAllowed in [false, true] {
            try await FaceFixture().test(guarding: guarding, allowsWebPages: isAllowed) { ask in
                let answer = try await ask(.get, "/faasm/upload/ping", nil, [origin: "http://elsewhere.example"])
                #expect((answer.status == 200) == (isAllowed || guarding == .none))
                #expect(answer.headers[.accessControlAllowOrigin] == (isAllowed ? "*" : nil))
            }
        }
    }
}
