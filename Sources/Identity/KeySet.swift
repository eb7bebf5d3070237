import Crypto
import CryptoExtras
import FoundationEssentials

/// The public keys of a sign-in provider (RFC 7517): RSA for RS256, P-256 for ES256. Others are left out.
public struct KeySet: Sendable {
    public static let maximumKeys = 100
    /// Bytes of an RSA key's modulus: 2048 to 8192 bits.
    private static let modulusBytes = 256...1024

    private enum Key {
        case rsa(_RSA.Signing.PublicKey)
        case p256(P256.Signing.PublicKey)
    }

    private let keys: [(id: String?, key: Key)]

    /// Reads a JSON object with a list `keys`.
    public init(json: [UInt8]) throws(TokenRefusal) {
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(json)),
            document.keys.count <= Self.maximumKeys
        else { throw .invalid }
        keys = document.keys.compactMap { entry in Self.key(entry).map { (entry.kid, $0) } }
    }

    /// Whether one of these keys may be the one of a token. Where none is, the provider may have new ones.
    public func fits(_ token: CompactToken) -> Bool { !candidates(token).isEmpty }

    /// Whether the owner of one of the keys signed the token.
    func signed(_ token: CompactToken) -> Bool {
        candidates(token).contains { key in
            switch key {
            case .p256(let key): return key.signed(token)
            case .rsa(let key):
                return key.isValidSignature(
                    _RSA.Signing.RSASignature(rawRepresentation: Data(token.signature)), for: Data(token.signed),
                    padding: .insecurePKCS1v1_5)
            }
        }
    }

    /// A token says which algorithm it is signed by, but never with a key of another kind: the key decides.
    private func candidates(_ token: CompactToken) -> [Key] {
        keys.compactMap { id, key in
            if let wanted = token.header.kid, let id, wanted != id { return nil }
            return switch (key, token.header.alg) {
            case (.rsa, "RS256"), (.p256, "ES256"): key
            default: nil
            }
        }
    }

    private static func key(_ entry: Entry) -> Key? {
        guard entry.use ?? "sig" == "sig" else { return nil }
        switch (entry.kty, entry.crv) {
        case ("RSA", _):
            guard entry.alg ?? "RS256" == "RS256", let n = entry.n.flatMap(Base64URL.bytes),
                let e = entry.e.flatMap(Base64URL.bytes), modulusBytes.contains(n.count), 1...8 ~= e.count
            else { return nil }
            return (try? _RSA.Signing.PublicKey(n: n, e: e)).map(Key.rsa)
        case ("EC", "P-256"):
            guard entry.alg ?? "ES256" == "ES256", let x = entry.x.flatMap(Base64URL.bytes),
                let y = entry.y.flatMap(Base64URL.bytes), x.count == 32, y.count == 32
            else { return nil }
            return (try? P256.Signing.PublicKey(x963Representation: [4] + x + y)).map(Key.p256)
        default: return nil
        }
    }

    private struct Document: Decodable {
        var keys: [Entry]
    }

    private struct Entry: Decodable {
        var kty: String?
        var kid: String?
        var use: String?
        var alg: String?
        var crv: String?
        var n: String?
        var e: String?
        var x: String?
        var y: String?
    }
}
