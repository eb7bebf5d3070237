import Crypto
import FaceFaasten
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Identity
import Model
import NIOCore
import Synchronization
import Testing

/// A provider of OpenID Connect on this machine, which a test tells what to say.
final class FakeProvider: Sendable {
    struct Script: Sendable {
        var subject = "1234"
        var claims = ""
        var issuer: String?
        var audience = "swiftlet"
        var lifetime = 300
        /// Nil: that of the request.
        var nonce: String?
        /// How it takes the secret of a client, as JSON; nil: it does not say.
        var methods: String?
        var signsWithOther = false
        var redeems = true
    }

    struct Seen: Sendable {
        var nonce: String?
        var challenge: String?
        var redeemed: [String: String] = [:]
        var authorization: String?
        var keyRequests = 0
    }

    let script = Mutex(Script())
    let seen = Mutex(Seen())
    private let issuer = Mutex("")
    private let keys = Mutex((id: "1", key: P256.Signing.PrivateKey()))

    var address: String { issuer.withLock { $0 } }

    /// Takes a new key, as providers do now and then.
    func rotate(to id: String) { keys.withLock { $0 = (id, P256.Signing.PrivateKey()) } }

    /// Runs it while `body` runs.
    static func run(_ body: @escaping @Sendable (FakeProvider) async throws -> Void) async throws {
        let provider = FakeProvider()
        let router = Router()
        router.get(".well-known/openid-configuration") { _, _ in provider.metadata }
        router.get("keys") { _, _ in provider.keySet }
        router.post("token") { request, _ in
            let text = String(buffer: try await request.body.collect(upTo: 10_000))
            return try provider.redeem(text, request.headers[.authorization])
        }
        let application = Application(
            router: router, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)))
        try await application.test(.live) { client in
            let port = try #require(client.port)
            provider.issuer.withLock { $0 = "http://127.0.0.1:\(port)" }
            try await body(provider)
        }
    }

    private var metadata: String {
        let (issuer, script) = (address, script.withLock { $0 })
        let methods = script.methods.map { #","token_endpoint_auth_methods_supported":\#($0)"# } ?? ""
        return """
            {"issuer":"\(script.issuer ?? issuer)","authorization_endpoint":"\(issuer)/auth","token_endpoint":"\(issuer)/token",
            "jwks_uri":"\(issuer)/keys"\(methods)}
            """
    }

    private var keySet: String {
        seen.withLock { $0.keyRequests += 1 }
        let (id, key) = keys.withLock { $0 }
        let point = key.publicKey.x963Representation
        return """
            {"keys":[{"kty":"EC","crv":"P-256","kid":"\(id)","x":"\(Base64URL.text(point[1..<33]))",
            "y":"\(Base64URL.text(point[33...]))"}]}
            """
    }

    private func redeem(_ form: String, _ authorization: String?) throws -> Response {
        var fields: [String: String] = [:]
        for pair in form.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            fields[String(parts[0])] = PercentCoding.decoded(parts[1], plusIsBlank: true)
        }
        let (redeemed, script) = (fields, script.withLock { $0 })
        let nonce = seen.withLock { seen in
            seen.redeemed = redeemed
            seen.authorization = authorization
            return seen.nonce
        }
        guard script.redeems else { return Response(status: .badRequest) }
        let (id, key) = keys.withLock { $0 }
        let claims = """
            {"iss":"\(address)","aud":"\(script.audience)","sub":"\(script.subject)","iat":1800000000,
            "exp":\(1_800_000_000 + script.lifetime),"nonce":"\(script.nonce ?? nonce ?? "")"\(script.claims)}
            """
        let signed = [#"{"alg":"ES256","kid":"\#(id)"}"#, claims].map { Base64URL.text($0.utf8) }.joined(separator: ".")
        let signature = try (script.signsWithOther ? P256.Signing.PrivateKey() : key).signature(for: Data(signed.utf8))
        let body = #"{"id_token":"\#(signed).\#(Base64URL.text(signature.rawRepresentation))","access_token":"x"}"#
        return Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: body)))
    }
}

/// Signing in at a provider of OpenID Connect, over real connections.
struct ProviderTests {
    private struct Begun: Sendable {
        var state: String
        var cookie: String
    }

    private func fixture(_ provider: FakeProvider, claim: String = "sub") async throws -> FaceFixture {
        var fixture = try await FaceFixture()
        fixture.configuration.provider = SignInProvider(
            name: "corp", issuer: provider.address, clientID: "swiftlet", clientSecret: "s&cret")
        fixture.configuration.provider?.claim = claim
        return fixture
    }

    /// Begins a sign-in and notes at the provider what the browser was sent with.
    private static func begin(_ ask: FaceFixture.Ask, _ provider: FakeProvider) async throws -> Begun {
        let answer = try await ask(.get, "/login", nil, [:])
        #expect(answer.status == 302)
        let location = try #require(answer.headers[.location])
        #expect(
            location.hasPrefix(
                "\(provider.address)/auth?response_type=code&client_id=swiftlet&redirect_uri=http%3A%2F%2F"))
        let items = URLComponents(string: location)?.queryItems ?? []
        func item(_ name: String) -> String? { items.first { $0.name == name }?.value }
        provider.seen.withLock {
            $0.nonce = item("nonce")
            $0.challenge = item("code_challenge")
        }
        let cookie = try #require(answer.headers[.setCookie])
        #expect(cookie.contains("HttpOnly; SameSite=Lax") && cookie.contains("Path=/authenticate/oidc"))
        return Begun(state: try #require(item("state")), cookie: String(cookie.prefix { $0 != ";" }))
    }

    private static func end(
        _ ask: FaceFixture.Ask, _ begun: Begun, code: String = "c0de", accept: String = FaceFixture.json
    ) async throws -> FaceFixture.Answer {
        try await ask(
            .get, "/authenticate/oidc?code=\(code)&state=\(begun.state)", nil,
            [.cookie: "other=1; \(begun.cookie)", .accept: accept])
    }

    @Test func `a user of the provider signs in and is told a token`() async throws {
        try await FakeProvider.run { provider in
            try await fixture(provider).test { ask in
                let begun = try await Self.begin(ask, provider)
                let answer = try await Self.end(ask, begun)
                #expect(answer.status == 200, "\(answer.body)")
                let token = try #require(answer.member("token"))
                #expect(try await ask(.get, "/me", nil, FaceFixture.bearer(token)).member("login") == "corp/1234")
                let seen = provider.seen.withLock { $0 }
                #expect(seen.redeemed["code"] == "c0de" && seen.redeemed["grant_type"] == "authorization_code")
                let digest = SHA256.hash(data: Data((seen.redeemed["code_verifier"] ?? "").utf8))
                #expect(seen.challenge == Base64URL.text(digest))
                #expect(seen.authorization == "Basic c3dpZnRsZXQ6cyUyNmNyZXQ=" && seen.redeemed["client_secret"] == nil)
                let page = try await Self.end(ask, try await Self.begin(ask, provider), accept: "text/html")
                #expect(page.body.contains("corp/1234") && page.body.contains("postMessage(token, origin)"))
                #expect(page.body.contains("of [location.origin])"))
            }
        }
    }

    @Test func `an answer is taken once begun, in the same browser, in time`() async throws {
        try await FakeProvider.run { provider in
            let fixture = try await fixture(provider)
            try await fixture.test { ask in
                let (first, second) = (try await Self.begin(ask, provider), try await Self.begin(ask, provider))
                let mixed = Begun(state: first.state, cookie: second.cookie)
                let forged = Begun(state: second.state, cookie: second.cookie + "A")
                let other = Begun(state: "x", cookie: second.cookie)
                for begun in [mixed, forged, other] { #expect(try await Self.end(ask, begun).status == 400) }
                #expect(
                    try await ask(.get, "/authenticate/oidc?code=c&state=\(second.state)", nil, [:]).status == 400)
                #expect(try await ask(.get, "/authenticate/oidc", nil, [:]).status == 400)
                let denied = try await ask(.get, "/authenticate/oidc?error=%3Cdenied%3E", nil, [.accept: "text/html"])
                #expect(denied.status == 400 && !denied.body.contains("<denied>"))
                #expect(try await Self.end(ask, second).status == 200)
                fixture.clock.pass(600)
                #expect(try await Self.end(ask, first).status == 400)
            }
        }
    }

    private static let lies: [@Sendable (inout FakeProvider.Script) -> Void] = [
        { $0.nonce = "other" }, { $0.audience = "other" }, { $0.lifetime = -61 }, { $0.signsWithOther = true },
        { $0.redeems = false }, { $0.subject = "" }, { $0.subject = String(repeating: "x", count: 300) },
        { $0.subject = #"a\nb"# }, { $0.claims = #","azp":"other""# }, { $0.issuer = "https://elsewhere.example.org" },
    ]

    @Test(arguments: lies.indices)
    func `what the provider did not say for us is refused`(_ index: Int) async throws {
        try await FakeProvider.run { provider in
            try await fixture(provider).test { ask in
                // The metadata are kept, but for the lie about them.
                if index == Self.lies.count - 1 {
                    provider.script.withLock { Self.lies[index](&$0) }
                    #expect(try await ask(.get, "/login", nil, [:]).status == 502)
                    return
                }
                let begun = try await Self.begin(ask, provider)
                provider.script.withLock { Self.lies[index](&$0) }
                let answer = try await Self.end(ask, begun)
                #expect(answer.status == 400 && answer.error != nil)
            }
        }
    }

    @Test func `a verified address may be the name, and the secret may go where the provider takes it`() async throws {
        try await FakeProvider.run { provider in
            provider.script.withLock {
                $0.methods = #"["client_secret_post"]"#
                $0.claims = #","email":"ann@example.org","email_verified":true"#
            }
            try await fixture(provider, claim: "email").test { ask in
                let answer = try await Self.end(ask, try await Self.begin(ask, provider))
                let token = try #require(answer.member("token"))
                #expect(
                    try await ask(.get, "/me", nil, FaceFixture.bearer(token)).member("login") == "corp/ann@example.org"
                )
                let seen = provider.seen.withLock { $0 }
                #expect(seen.redeemed["client_secret"] == "s&cret" && seen.authorization == nil)
                provider.script.withLock { $0.claims = #","email":"ann@example.org""# }
                #expect(try await Self.end(ask, try await Self.begin(ask, provider)).status == 400)
            }
        }
    }

    @Test func `new keys of the provider are fetched, but not for every wrong token`() async throws {
        try await FakeProvider.run { provider in
            let fixture = try await fixture(provider)
            try await fixture.test { ask in
                let answer = try await Self.end(ask, try await Self.begin(ask, provider))
                #expect(answer.status == 200)
                provider.rotate(to: "2")
                #expect(try await Self.end(ask, try await Self.begin(ask, provider)).status == 400)
                #expect(provider.seen.withLock { $0.keyRequests } == 1)
                fixture.clock.pass(31)
                #expect(try await Self.end(ask, try await Self.begin(ask, provider)).status == 200)
                #expect(provider.seen.withLock { $0.keyRequests } == 2)
            }
        }
    }

    @Test func `a provider that is away is told of`() async throws {
        var fixture = try await FaceFixture()
        fixture.configuration.provider = SignInProvider(
            name: "corp", issuer: "http://127.0.0.1:1", clientID: "a", clientSecret: "b")
        let done = fixture
        try await done.test { ask in
            let answer = try await ask(.get, "/login", nil, [:])
            #expect(answer.status == 502 && answer.error == "the sign-in provider does not answer")
        }
    }
}
