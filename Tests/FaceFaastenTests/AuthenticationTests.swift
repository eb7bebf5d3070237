import HTTPTypes
import Identity
import Labels
import Model
import Platform
import Storage
import TestSupport
import Testing

/// Who is let in, and as whom.
struct AuthenticationTests {
    /// What needs a token, and what may do without.
    private static let guarded: [(HTTPRequest.Method, String)] = [
        (.get, "/me"), (.post, "/faasten/delegate"), (.get, "/faasten/invocations/x"), (.get, "/faasten/logs/~:a"),
        (.get, "/faasten/denials"),
    ]
    private static let optional: [(HTTPRequest.Method, String)] = [(.post, "/faasten/invoke/~:a")]

    @Test func `a header that opens nothing is refused everywhere, and never anonymous`() async throws {
        let fixture = try await FaceFixture()
        let other = try IdentityToken(for: Component(parsing: "alice"), now: fixture.clock.now)
            .signed(with: SigningKey())
        let revoked = try await fixture.platform.platform.tokens.issue(name: "a", scopes: [], principal: "alice")
        _ = try await fixture.platform.platform.tokens.revoke(revoked.token.id)
        let wrong = [
            "Bearer", "Bearer ", "Bearer x", "x", "", "Basic YWxpY2U6eA==", "Digest x", "Bearer \(other)",
            "Bearer \(try fixture.identity("alice"))x", "Bearer eyJ.eyJ.x", "Bearer eyJhbGciOiJub25lIn0.e30.",
            "Bearer \(revoked.secret)", "Bearer \(String(repeating: "x", count: 20_000))",
        ]
        try await fixture.test { ask in
            for (method, path) in Self.guarded + Self.optional {
                for header in wrong {
                    let answer = try await ask(
                        method, path, "{}", [.authorization: header, .contentType: FaceFixture.json])
                    #expect(answer.status == 401, "\(method) \(path) \(header.prefix(60))")
                    #expect(answer.body == #"{"error":"invalid token"}"#)
                    #expect(answer.headers[.accessControlAllowOrigin] == "*")
                }
            }
        }
    }

    @Test func `without a header only what is for all is answered`() async throws {
        try await FaceFixture().test { ask in
            for (method, path) in Self.guarded {
                let answer = try await ask(method, path, "{}", [:])
                #expect(answer.status == 401 && answer.error == "a token is needed", "\(method) \(path)")
                #expect(answer.headers[.wwwAuthenticate] == "Bearer")
            }
            for (method, path) in Self.optional {
                #expect(try await ask(method, path, "{}", [.contentType: FaceFixture.json]).status == 400)
            }
            #expect(try await ask(.get, "/faasten/ping", nil, [:]).body == "Pong.")
            #expect(try await ask(.get, "/faasten/ping/scheduler", nil, [:]).status == 204)
        }
    }

    @Test func `tokens of both kinds end, and say so`() async throws {
        let fixture = try await FaceFixture()
        let tokens = [try fixture.identity("alice"), try await fixture.token("alice", expiresIn: 600)]
        try await fixture.test { ask in
            for token in tokens {
                #expect(try await ask(.get, "/me", nil, FaceFixture.bearer(token)).body == #"{"login":"alice"}"#)
            }
            fixture.clock.pass(600)
            for token in tokens {
                for (method, path) in Self.guarded + Self.optional {
                    let answer = try await ask(method, path, "{}", FaceFixture.bearer(token))
                    #expect(answer.status == 401 && answer.body == #"{"error":"Authentication token expired"}"#)
                }
            }
        }
    }

    @Test func `a token acts as whom it is bound to`() async throws {
        let fixture = try await FaceFixture()
        let expected: [(String, String)] = [
            (try await fixture.token("alice/app|bob"), "alice/app|bob"),
            (try await fixture.token(#"google/a\,b"#, scopes: [.run]), #"google/a\,b"#),
            (try await fixture.token(nil, scopes: [.admin]), "faasten"),
            (try await fixture.token("alice", scopes: [.admin]), "alice"), (try fixture.identity("F"), "F"),
        ]
        let nobody = try await fixture.token(nil, scopes: [.read, .run, .deploy])
        try await fixture.test { ask in
            for (token, principal) in expected {
                let answer = try await ask(.get, "/me", nil, FaceFixture.bearer(token))
                #expect(answer.status == 200 && answer.member("login") == principal)
                #expect(try await ask(.get, "/me", nil, [.authorization: "Token \(token)"]).status == 200)
            }
            for (method, path) in Self.guarded + Self.optional {
                #expect(try await ask(method, path, "{}", FaceFixture.bearer(nobody)).status == 403)
            }
        }
        await #expect(throws: PlatformError.self) { try await fixture.token("a|") }
    }

    @Test func `two headers are one too many`() async throws {
        let fixture = try await FaceFixture()
        var headers = FaceFixture.bearer(try await fixture.token("alice"))
        headers.append(HTTPField(name: .authorization, value: "Bearer x"))
        let sent = headers
        let answer = try await fixture.test { ask in try await ask(.get, "/me", nil, sent) }
        #expect(answer.status == 401)
    }

    @Test func `every path answers what web pages ask before they ask`() async throws {
        try await FaceFixture().test { ask in
            let paths =
                (Self.guarded + Self.optional).map(\.1) + ["/login", "/login/cas", "/faasten/ping", "/faasten/x"]
            for path in paths {
                let answer = try await ask(.options, path, nil, FaceFixture.bearer("wrong"))
                #expect(answer.status == 204 && answer.body.isEmpty, "\(path)")
                #expect(answer.headers[.accessControlAllowOrigin] == "*")
                #expect(
                    answer.headers[.accessControlAllowHeaders] == "Authorization, Content-type, X-Faasten-Label")
                #expect(answer.headers[.accessControlAllowMethods]?.contains("PUT") == true)
            }
            for (method, path, status) in [
                (HTTPRequest.Method.put, "/me", 405), (.get, "/faasten/delegate", 405),
                (.get, "/faasten/invoke/a", 405),
                (.post, "/faasten/denials", 405), (.get, "/faasten/nothing", 404), (.get, "/login/other", 404),
            ] {
                #expect(try await ask(method, path, nil, [:]).status == status, "\(method) \(path)")
            }
        }
    }
}
