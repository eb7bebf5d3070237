import Crypto
import CryptoExtras
import Foundation
import Model
import Testing

@testable import Identity

/// Tokens of a sign-in provider.
struct IDTokenTests {
    private static let rsa = Result { try _RSA.Signing.PrivateKey(keySize: .bits2048) }
    private let p256 = P256.Signing.PrivateKey()
    private let now = Timestamp(microseconds: 1_800_000_000_000_000)

    private func keySet(_ more: String = "") throws -> KeySet {
        let primitives = try Self.rsa.get().publicKey.getKeyPrimitives()
        let point = p256.publicKey.x963Representation
        return try KeySet(
            json: Array(
                """
                {"keys": [\(more)
                {"kty": "RSA", "kid": "r", "use": "sig", "n": "\(Base64URL.text(primitives.modulus))",
                 "e": "\(Base64URL.text(primitives.publicExponent))", "x5t": "unknown"},
                {"kty": "EC", "kid": "e", "alg": "ES256", "crv": "P-256", "x": "\(Base64URL.text(point[1..<33]))",
                 "y": "\(Base64URL.text(point[33...]))"}
                ]}
                """.utf8))
    }

    private func token(_ claims: String, _ header: String) throws -> CompactToken {
        let signed = "\(Base64URL.text(header.utf8)).\(Base64URL.text(claims.utf8))"
        let signature =
            header.contains("RS256")
            ? try Self.rsa.get().signature(for: Data(signed.utf8), padding: .insecurePKCS1v1_5).rawRepresentation
            : try p256.signature(for: Data(signed.utf8)).rawRepresentation
        return try CompactToken(parsing: "\(signed).\(Base64URL.text(signature))")
    }

    private static let claims = """
        "iss":"https://id.example.org","aud":"swiftlet","sub":"1234","iat":1800000000,"exp":1800000300,"nonce":"n",\
        "email":"a@example.org","email_verified":true,"preferred_username":"ann"
        """

    private func verified(_ token: CompactToken, _ keys: KeySet? = nil) throws -> IDToken {
        try IDToken(
            verifying: token, with: keys ?? keySet(), issuer: "https://id.example.org", client: "swiftlet", nonce: "n",
            now: now)
    }

    @Test(arguments: [
        #"{"alg":"RS256","kid":"r"}"#, #"{"alg":"ES256","kid":"e"}"#, #"{"alg":"RS256"}"#, #"{"alg":"ES256"}"#,
    ])
    func `tokens by both algorithms are verified, with a key's name or without`(_ header: String) throws {
        let identity = try verified(token("{\(Self.claims)}", header))
        #expect(identity.user(by: "sub") == "1234" && identity.user(by: "preferred_username") == "ann")
        #expect(identity.user(by: "email") == "a@example.org" && identity.user(by: "name") == nil)
    }

    @Test func `an address that nobody verified is nobody's`() throws {
        for verified in ["false", "\"true\"", "null"] {
            let claims = Self.claims.replacing(#""email_verified":true"#, with: "\"email_verified\":\(verified)")
            let identity = try self.verified(token("{\(claims)}", #"{"alg":"ES256"}"#))
            #expect(identity.user(by: "email") == nil && identity.user(by: "sub") == "1234")
        }
    }

    @Test(arguments: [
        ("https://id.example.org", "https://id.example.org/"), (#""swiftlet""#, #""other""#),
        (#""swiftlet""#, #"["swiftlet","other"]"#), (#""swiftlet""#, #"["other"]"#), (#""swiftlet""#, "[]"),
        (#""nonce":"n""#, #""nonce":"m""#), (#""nonce":"n","#, ""), (#""sub":"1234""#, #""sub":"""#),
        (#""sub":"1234","#, ""), ("1800000000", "1800000100"), (#""exp":1800000300,"#, ""),
        (#""aud""#, #""azp":"other","aud""#),
    ])
    func `claims that are not ours are refused`(_ old: String, _ new: String) throws {
        let token = try token("{\(Self.claims.replacing(old, with: new))}", #"{"alg":"ES256"}"#)
        #expect(throws: TokenRefusal.invalid) { try verified(token) }
    }

    @Test func `more audiences are right where we are named as who asked`() throws {
        let claims = Self.claims.replacing(#""aud":"swiftlet""#, with: #""aud":["a","swiftlet"],"azp":"swiftlet""#)
        _ = try verified(token("{\(claims)}", #"{"alg":"ES256"}"#))
    }

    @Test func `a token ends`() throws {
        let old = Self.claims.replacing("1800000300", with: "1799999900")
        let token = try token("{\(old)}", #"{"alg":"ES256"}"#)
        #expect(throws: TokenRefusal.expired) { try verified(token) }
    }

    @Test(arguments: [
        #"{"alg":"RS256","kid":"e"}"#, #"{"alg":"ES256","kid":"r"}"#, #"{"alg":"ES256","kid":"x"}"#,
        #"{"alg":"none"}"#, #"{"alg":"HS256"}"#, #"{"alg":"PS256","kid":"r"}"#,
    ])
    func `the key says what it signs by, not the token`(_ header: String) throws {
        let token = try token("{\(Self.claims)}", header)
        #expect(try !keySet().fits(token))
        #expect(throws: TokenRefusal.invalid) { try verified(token) }
    }

    @Test func `another's signature is refused`() throws {
        let token = try IDTokenTests().token("{\(Self.claims)}", #"{"alg":"ES256","kid":"e"}"#)
        #expect(try keySet().fits(token))
        #expect(throws: TokenRefusal.invalid) { try verified(token) }
    }

    @Test func `keys that are weak, for something else or unknown are left out`() throws {
        let short = Base64URL.text([UInt8](repeating: 0xFF, count: 128))
        let keys = try keySet(
            """
            {"kty": "oct", "k": "AAAA"}, {"kty": "RSA", "kid": "x", "n": "\(short)", "e": "AQAB"}, {}, {"kty": "EC"},
            {"kty": "EC", "kid": "x", "crv": "P-256", "x": "AA", "y": "AA"}, {"kty": "RSA", "kid": "x", "use": "enc"},
            """)
        #expect(try !keys.fits(token("{\(Self.claims)}", #"{"alg":"RS256","kid":"x"}"#)))
        _ = try verified(token("{\(Self.claims)}", #"{"alg":"RS256","kid":"r"}"#), keys)
        for text in ["", "{}", "[]", #"{"keys": 1}"#, #"{"keys": [1]}"#] {
            #expect(throws: TokenRefusal.invalid) { try KeySet(json: Array(text.utf8)) }
        }
        let many = Array(repeating: "{}", count: KeySet.maximumKeys + 1).joined(separator: ",")
        #expect(throws: TokenRefusal.invalid) { try KeySet(json: Array("{\"keys\":[\(many)]}".utf8)) }
    }
}
