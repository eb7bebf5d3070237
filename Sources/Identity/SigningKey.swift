import Crypto
import FoundationEssentials

/// The key that a server signs its tokens with: P-256, for ES256.
public struct SigningKey: Sendable {
    private let key: P256.Signing.PrivateKey

    /// A new key.
    public init() { key = P256.Signing.PrivateKey() }

    /// Reads PEM, as PKCS #8 or SEC 1.
    public init(pem: String) throws { key = try P256.Signing.PrivateKey(pemRepresentation: pem) }

    /// PKCS #8. It is secret.
    public var pem: String { key.pemRepresentation }
    public var verifyingKey: VerifyingKey { VerifyingKey(key: key.publicKey) }

    /// A token with this payload.
    func token(_ payload: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let header = Base64URL.text(#"{"alg":"ES256","typ":"JWT"}"#.utf8)
        let signed = "\(header).\(Base64URL.text(try encoder.encode(payload)))"
        let signature = try key.signature(for: Data(signed.utf8))
        return "\(signed).\(Base64URL.text(signature.rawRepresentation))"
    }
}

/// What tokens of a ``SigningKey`` are checked with.
public struct VerifyingKey: Sendable {
    let key: P256.Signing.PublicKey

    init(key: P256.Signing.PublicKey) { self.key = key }

    /// Reads PEM (SubjectPublicKeyInfo).
    public init(pem: String) throws { key = try P256.Signing.PublicKey(pemRepresentation: pem) }

    public var pem: String { key.pemRepresentation }

    /// Whether the key's owner signed the token, by ES256.
    func signed(_ token: CompactToken) -> Bool { token.header.alg == "ES256" && key.signed(token) }
}

extension P256.Signing.PublicKey {
    func signed(_ token: CompactToken) -> Bool {
        guard let signature = try? P256.Signing.ECDSASignature(rawRepresentation: token.signature) else {
            return false
        }
        return isValidSignature(signature, for: Data(token.signed))
    }
}
