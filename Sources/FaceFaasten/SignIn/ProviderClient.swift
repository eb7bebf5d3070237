import Crypto
import Identity
import Labels
import Model
import Platform
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Signs users in at a provider of OpenID Connect, by the code flow. What the provider says of itself is kept for a while.
final class ProviderClient: Sendable {
    private static let freshness: Duration = .seconds(3600)
    /// Tokens with unknown keys do not make us ask for new ones more often.
    private static let keyPause: Duration = .seconds(30)
    private static let timeout: Duration = .seconds(10)
    private static let maximumAnswerBytes = 1 << 20
    private static let maximumCodeBytes = 4096

    private struct State {
        var metadata: (value: ProviderMetadata, at: Timestamp)?
        var keys: (value: KeySet, at: Timestamp)?
    }

    let settings: SignInProvider
    private let sender: any OutboundSender
    private let cookieKey = SymmetricKey(size: .bits256)
    private let state = Mutex(State())

    init(_ settings: SignInProvider, sender: any OutboundSender) {
        self.settings = settings
        self.sender = sender
    }

    /// Where the browser is to go, and the cookie that it must come back with.
    func begin(redirect: String, now: Timestamp) async throws -> (url: String, cookie: String) {
        let metadata = try await metadata(now)
        let attempt = SignInAttempt(redirect: redirect, now: now)
        let scope = settings.claim == "sub" ? "openid" : "openid profile email"
        let query = Self.form([
            ("response_type", "code"), ("client_id", settings.clientID), ("redirect_uri", redirect), ("scope", scope),
            ("state", attempt.state), ("nonce", attempt.nonce), ("code_challenge", attempt.challenge),
            ("code_challenge_method", "S256"),
        ])
        let mark = metadata.authorizationEndpoint.contains("?") ? "&" : "?"
        return ("\(metadata.authorizationEndpoint)\(mark)\(query)", try attempt.sealed(with: cookieKey))
    }

    /// Who signed in, by what the browser came back with.
    func finish(code: String, state: String, cookie: String, now: Timestamp) async throws -> Component {
        guard let attempt = SignInAttempt(sealed: cookie, with: cookieKey, now: now), attempt.state == state else {
            throw ProviderFailure(
                sentence: "this sign-in was not begun in this browser, or too long ago", detail: "state")
        }
        guard code.utf8.count <= Self.maximumCodeBytes else {
            throw ProviderFailure(sentence: "the provider's code is too long", detail: "code")
        }
        let metadata = try await metadata(now)
        let text = try await redeem(code, attempt, metadata)
        let claims: IDToken
        do {
            let token = try CompactToken(parsing: text)
            let keys = try await keys(for: token, metadata, now)
            claims = try IDToken(
                verifying: token, with: keys, issuer: settings.issuer, client: settings.clientID, nonce: attempt.nonce,
                now: now)
        } catch let refusal as TokenRefusal {
            throw ProviderFailure(sentence: "the provider's token is not valid", detail: "\(refusal)")
        }
        guard let user = claims.user(by: settings.claim), let principal = try? Principal([settings.name, user]) else {
            throw ProviderFailure(sentence: "the provider does not say who you are", detail: settings.claim)
        }
        return Component(principal)
    }

    private func redeem(
        _ code: String, _ attempt: SignInAttempt, _ metadata: ProviderMetadata
    ) async throws -> String {
        var fields = [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", attempt.redirect),
            ("code_verifier", attempt.verifier),
        ]
        var headers = [("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json")]
        if metadata.wantsSecretInBody {
            fields += [("client_id", settings.clientID), ("client_secret", settings.clientSecret)]
        } else {
            let pair = [settings.clientID, settings.clientSecret].map { PercentCoding.encoded($0, safe: "") }
            headers.append(("Authorization", "Basic \(Base64.encode(Array(pair.joined(separator: ":").utf8)))"))
        }
        let answer = try await ask("POST", metadata.tokenEndpoint, headers, Array(Self.form(fields).utf8))
        return try Self.decoded(ProviderTokens.self, answer).identity
    }

    // MARK: What the provider says of itself

    private func metadata(_ now: Timestamp) async throws -> ProviderMetadata {
        if let known = state.withLock({ $0.metadata }), now.since(known.at) < Self.freshness { return known.value }
        let base = settings.issuer.hasSuffix("/") ? String(settings.issuer.dropLast()) : settings.issuer
        let answer = try await ask("GET", "\(base)/.well-known/openid-configuration")
        let metadata = try Self.decoded(ProviderMetadata.self, answer)
        guard metadata.isSound(for: settings.issuer) else {
            throw ProviderFailure(
                sentence: "the sign-in provider cannot be used",
                detail: "its configuration is another's, or not of https")
        }
        state.withLock { $0.metadata = (metadata, now) }
        return metadata
    }

    /// The provider's keys; new ones where none of the known ones may be the token's.
    private func keys(
        for token: CompactToken, _ metadata: ProviderMetadata, _ now: Timestamp
    ) async throws -> KeySet {
        if let known = state.withLock({ $0.keys }) {
            let age = now.since(known.at)
            if age < Self.freshness, known.value.fits(token) || age < Self.keyPause { return known.value }
        }
        let keys = try KeySet(json: try await ask("GET", metadata.keysAddress))
        state.withLock { $0.keys = (keys, now) }
        return keys
    }

    private func ask(
        _ method: String, _ address: String, _ headers: [(String, String)] = [("Accept", "application/json")],
        _ body: [UInt8] = []
    ) async throws -> [UInt8] {
        let sentence = "the sign-in provider does not answer"
        guard let url = CallbackURL(address) else { throw ProviderFailure(sentence: sentence, detail: "its address") }
        let answer = await sender.send(
            OutboundRequest(
                method: method, url: url, headers: headers.map { (name: $0.0, value: $0.1) }, body: body,
                timeout: Self.timeout, maximumAnswerBytes: Self.maximumAnswerBytes))
        switch answer {
        case .success(let answer) where answer.status == 200: return answer.body
        case .success(let answer):
            throw ProviderFailure(sentence: "the sign-in provider refuses", detail: "\(answer.status)")
        case .failure(let failure): throw ProviderFailure(sentence: sentence, detail: "\(failure)")
        }
    }

    private static func decoded<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8]) throws -> Value {
        do { return try JSONDecoder().decode(type, from: Data(bytes)) } catch {
            throw ProviderFailure(sentence: "the sign-in provider cannot be understood", detail: "\(type)")
        }
    }

    /// Fields as a query or a form.
    private static func form(_ fields: [(String, String)]) -> String {
        fields.map { "\($0.0)=\(PercentCoding.encoded($0.1, safe: ""))" }.joined(separator: "&")
    }
}
