import HTTPTypes
import Model
import Platform
import Storage
import TestSupport
import Testing

/// Who may do what.
struct AccessTests {
    static let protected: [(HTTPRequest.Method, String)] = [
        (.get, "/system/functions"), (.post, "/system/functions"), (.put, "/system/functions"),
        (.delete, "/system/functions"), (.get, "/system/function/a"), (.post, "/system/scale-function/a"),
        (.get, "/system/namespaces"), (.post, "/system/namespace/"), (.get, "/system/namespace/a"),
        (.put, "/system/namespace/a"), (.delete, "/system/namespace/a"), (.get, "/system/secrets"),
        (.post, "/system/secrets"), (.put, "/system/secrets"), (.delete, "/system/secrets"), (.get, "/system/logs"),
        (.get, "/system/info"), (.get, "/system/telemetry"), (.post, "/system/alert"), (.get, "/ui/"),
        (.post, "/build"),
    ]

    @Test func `nothing but calls and health is done without a login`() async throws {
        let fixture = try await GatewayFixture()
        let wrong = ["Bearer ", "Bearer wrong", "Basic YWRtaW46MTIzNA==", "Basic ???", "Digest x", ""]
        try await fixture.test { ask in
            for (method, path) in Self.protected {
                for header in wrong {
                    let headers: HTTPFields = header.isEmpty ? [:] : [.authorization: header]
                    let answer = try await ask(method, path, "{}", headers)
                    // A name is throttled after some wrong passwords.
                    #expect([401, 429].contains(answer.status), "\(method) \(path) \(header)")
                    if answer.status == 401 {
                        #expect(answer.body == "invalid credentials")
                        #expect(answer.headers[.wwwAuthenticate] == "Basic realm=\"Restricted\"")
                    }
                }
            }
            #expect(try await ask(.get, "/metrics", nil, [:]).status == 200)
            #expect(try await ask(.get, "/", nil, [:]).status == 307)
        }
    }

    static let allowed: [(TokenScope, Set<String>)] = [
        (.read, ["GET"]), (.run, []), (.deploy, ["POST", "PUT", "DELETE"]),
    ]

    @Test(arguments: allowed)
    func `a token does what its scopes say`(_ scope: TokenScope, _ methods: Set<String>) async throws {
        let fixture = try await GatewayFixture(scopes: [scope])
        try await fixture.test { ask in
            for (method, path) in Self.protected where !["/system/info", "/system/telemetry"].contains(path) {
                let isNamespaceChange = path.hasPrefix("/system/namespace/") && method != .get
                let answer = try await ask(method, path, "{}", fixture.login)
                let isAllowed = methods.contains(method.rawValue) && !isNamespaceChange
                #expect((answer.status == 403) == !isAllowed, "\(method) \(path): \(answer.status) \(answer.body)")
            }
        }
    }

    @Test func `the gateway's own login stays with the gateway`() async throws {
        let fixture = try await GatewayFixture()
        try await fixture.build("hello")
        try await fixture.test { ask in
            #expect(
                try await ask(.post, "/system/functions", #"{"service":"hello","image":"hello:latest"}"#, fixture.login)
                    .status == 202)
            _ = try await ask(.post, "/function/hello", "x", fixture.login)
            _ = try await ask(.post, "/function/hello", "x", [.authorization: "Bearer theirs"])
        }
        let inputs = fixture.platform.sandbox.called.map { String(decoding: $0.input, as: UTF8.self) }
        #expect(!inputs[0].contains(fixture.token) && !inputs[0].contains("Authorization"))
        #expect(inputs[1].contains("Bearer theirs"))
    }
}
