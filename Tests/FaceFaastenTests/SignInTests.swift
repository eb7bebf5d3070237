import FaceFaasten
import Gatehouse
import HTTPTypes
import Labels
import Model
import Platform
import Storage
import TestSupport
import Testing

@testable import LabelledFiles

/// Signing in with a password.
struct SignInTests {
    private static let form = "application/x-www-form-urlencoded"

    @Test func `to make a user is enough to sign in`() async throws {
        let fixture = try await FaceFixture()
        try await fixture.addUser("alice")
        try await fixture.test { ask in
            let answer = try await ask(
                .post, "/login", FaceFixture.signIn("alice"), [.contentType: FaceFixture.json])
            #expect(answer.status == 200 && answer.headers[.contentType] == FaceFixture.json)
            let token = try #require(answer.member("token"))
            #expect(try await ask(.get, "/me", nil, FaceFixture.bearer(token)).member("login") == "alice")
            #expect(
                try await ask(.post, "/login/cas", FaceFixture.signIn("alice"), [.contentType: FaceFixture.json]).status
                    == 200)
        }
        // The gate of the home is there, and was made once.
        var caller = Caller(
            fixture.gatehouse.files, label: .public, privilege: try Component(parsing: "alice"), name: "test")
        let names = try await caller.list(caller.resolve(FilePath(parsing: "~"))).map(\.name)
        #expect(names == ["fsutil"])
    }

    @Test func `the form leads to a page with the token, or to JSON where that is asked for`() async throws {
        let fixture = try await FaceFixture()
        try await fixture.addUser("a&b")
        try await fixture.test { ask in
            let page = try await ask(.get, "/login", nil, [:])
            #expect(page.status == 200 && page.body.contains("<form method=\"post\" action=\"/login\">"))
            #expect(page.headers[.init("Content-Security-Policy")!]?.contains("frame-ancestors 'none'") == true)
            #expect(try await ask(.get, "/login/cas", nil, [:]).status == 200)
            let body = "username=a%26b&password=correct+horse"
            let shown = try await ask(.post, "/login", body, [.contentType: Self.form, .accept: "text/html,*/*"])
            #expect(shown.status == 200 && shown.body.contains(#"a\&amp;b"#) && shown.body.contains("swl_"))
            #expect(shown.headers[.cacheControl] == "no-store")
            let json = try await ask(.post, "/login", body, [.contentType: Self.form, .accept: FaceFixture.json])
            #expect(json.member("token")?.hasPrefix("swl_") == true)
            let wanted = try await ask(
                .post, "/login", FaceFixture.signIn("a&b"), [.contentType: FaceFixture.json, .accept: "text/html"])
            #expect(wanted.body.hasPrefix("<!doctype html>"))
        }
    }

    @Test func `a wrong password, a user who is not there and a token as password are the same`() async throws {
        let fixture = try await FaceFixture()
        try await fixture.addUser("alice")
        let token = try await fixture.token(nil, scopes: [.admin])
        try await fixture.test { ask in
            for body in [
                FaceFixture.signIn("alice", password: "wrong wrong"), FaceFixture.signIn("bob"),
                FaceFixture.signIn("admin", password: token), FaceFixture.signIn("", password: ""),
            ] {
                let answer = try await ask(.post, "/login", body, [.contentType: FaceFixture.json])
                #expect(answer.status == 401 && answer.body == #"{"error":"wrong user name or password"}"#)
            }
            let page = try await ask(
                .post, "/login", "username=alice&password=%3Cb%3E", [.contentType: Self.form, .accept: "text/html"])
            #expect(page.status == 401 && page.body.contains("role=\"alert\""))
            for (type, body) in [
                (FaceFixture.json, "{"), (FaceFixture.json, "[]"), (FaceFixture.json, #"{"username":"a"}"#),
                (Self.form, "username=a"), (Self.form, ""), (Self.form, "username=%FF&password=x"),
            ] {
                #expect(try await ask(.post, "/login", body, [.contentType: type]).status == 400, "\(body)")
            }
            let long = String(repeating: "x", count: 70_000)
            #expect(try await ask(.post, "/login", long, [.contentType: Self.form]).status == 413)
        }
    }

    @Test func `who guesses passwords waits`() async throws {
        let fixture = try await FaceFixture()
        try await fixture.addUser("alice")
        try await fixture.test { ask in
            let wrong = FaceFixture.signIn("alice", password: "wrong wrong")
            for _ in 0..<5 {
                #expect(try await ask(.post, "/login", wrong, [.contentType: FaceFixture.json]).status == 401)
            }
            let answer = try await ask(.post, "/login", FaceFixture.signIn("alice"), [.contentType: FaceFixture.json])
            #expect(answer.status == 429 && answer.headers[.retryAfter] == "1")
        }
    }

    @Test func `nobody becomes the operator, or the provider's users, by a name`() async throws {
        var fixture = try await FaceFixture()
        await #expect(throws: PlatformError.self) { try await fixture.addUser("faasten") }
        try await fixture.addUser("corp")
        fixture.configuration.provider = SignInProvider(
            name: "corp", issuer: "http://127.0.0.1:1", clientID: "a", clientSecret: "b")
        let done = fixture
        try await done.test { ask in
            let answer = try await ask(.post, "/login", FaceFixture.signIn("corp"), [.contentType: FaceFixture.json])
            #expect(answer.status == 403)
            #expect(try await ask(.get, "/login?local", nil, [:]).status == 200)
        }
    }

    @Test func `a new password and the end of a user end what they signed in to`() async throws {
        let fixture = try await FaceFixture()
        let platform = fixture.platform.platform
        try await fixture.addUser("alice")
        let other = try await fixture.token("alice", scopes: [.run])
        let signIn: @Sendable (FaceFixture.Ask) async throws -> String = { ask in
            let answer = try await ask(.post, "/login", FaceFixture.signIn("alice"), [.contentType: FaceFixture.json])
            return try #require(answer.member("token"))
        }
        try await fixture.test { ask in
            let token = try await signIn(ask)
            try await platform.endSignIns(ofUser: "alice")
            #expect(try await ask(.get, "/me", nil, FaceFixture.bearer(token)).status == 401)
            #expect(try await ask(.get, "/me", nil, FaceFixture.bearer(other)).status == 200)
            let first = try await signIn(ask)
            for _ in 0..<20 {
                fixture.clock.pass(1)
                _ = try await signIn(ask)
            }
            #expect(try await ask(.get, "/me", nil, FaceFixture.bearer(first)).status == 401)
            #expect(try await platform.tokens.tokens(limit: 100).count == 21)
            fixture.clock.pass(31 * 86_400)
            _ = try await signIn(ask)
            #expect(try await platform.tokens.tokens(limit: 100).count == 2, "those whose time is over are gone")
        }
    }
}
