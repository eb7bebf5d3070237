import Crypto
import Identity
import Model

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A sign-in at the provider that was begun here. The browser keeps it, encrypted, in a cookie: so nothing is kept of sign-ins
/// that never end, and an answer of the provider is taken only from the browser that was sent there.
struct SignInAttempt: Codable, Hashable, Sendable {
    static let lifetime: Duration = .seconds(600)
    static let cookieName = "faasten_sign_in"
    static let maximumCookieBytes = 4096

    /// Comes back with the provider's answer.
    let state: String
    /// Comes back in the provider's token.
    let nonce: String
    /// Shows the provider that who redeems the answer is who asked for it (PKCE).
    let verifier: String
    /// Where the provider sends the browser.
    let redirect: String
    let begunAt: Timestamp

    init(redirect: String, now: Timestamp) {
        state = Self.random()
        nonce = Self.random()
        verifier = Self.random()
        self.redirect = redirect
        begunAt = now
    }

    /// The verifier's hash, which the provider is told at first.
    var challenge: String { Base64URL.text(SHA256.hash(data: Data(verifier.utf8))) }

    func sealed(with key: SymmetricKey) throws -> String {
        Base64URL.text(try ChaChaPoly.seal(try JSONEncoder().encode(self), using: key).combined)
    }

    /// Nil where the text was not sealed with the key, or too long ago.
    init?(sealed text: String, with key: SymmetricKey, now: Timestamp) {
        guard text.utf8.count <= Self.maximumCookieBytes, let bytes = Base64URL.bytes(text),
            let box = try? ChaChaPoly.SealedBox(combined: bytes), let data = try? ChaChaPoly.open(box, using: key),
            let attempt = try? JSONDecoder().decode(Self.self, from: data),
            now.since(attempt.begunAt) < Self.lifetime, attempt.begunAt <= now
        else { return nil }
        self = attempt
    }

    /// 256 bits.
    private static func random() -> String {
        Base64URL.text(SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) })
    }
}
