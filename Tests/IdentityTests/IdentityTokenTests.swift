import Crypto
import Foundation
import Labels
import Model
import Testing

@testable import Identity

struct IdentityTokenTests {
    private let key = SigningKey()
    private let now = Timestamp(microseconds: 1_800_000_000_000_000)
    private let source = UUID7(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0001)

    private func verify(_ text: String, at time: Timestamp? = nil) throws(TokenRefusal) -> IdentityToken {
        try IdentityToken(verifying: text, with: key.verifyingKey, now: time ?? now)
    }

    /// A token with any header and payload, signed by the right key.
    private func signed(_ payload: String, header: String = #"{"alg":"ES256"}"#, with other: SigningKey? = nil) throws
        -> String
    {
        let signed = "\(Base64URL.text(header.utf8)).\(Base64URL.text(payload.utf8))"
        let pem = (other ?? key).pem
        let signature = try P256.Signing.PrivateKey(pemRepresentation: pem).signature(for: Data(signed.utf8))
        return "\(signed).\(Base64URL.text(signature.rawRepresentation))"
    }

    @Test(arguments: ["alice", "alice/app", "alice|bob", "a&b|c", "T", "F", #"google/a\,b"#])
    func `what is signed is verified`(_ text: String) throws {
        let component = try Component(parsing: text)
        for source in [nil, source] {
            let token = IdentityToken(for: component, source: source, now: now)
            #expect(try verify(token.signed(with: key)) == token)
        }
    }

    @Test func `the claims are the agreed ones`() throws {
        let token = try IdentityToken(for: Component(parsing: "alice/app"), now: now).signed(with: key)
        let parts = token.split(separator: ".").map { Base64URL.bytes($0).map { String(decoding: $0, as: UTF8.self) } }
        #expect(parts[0] == #"{"alg":"ES256","typ":"JWT"}"#)
        #expect(
            parts[1]
                == #"{"alg":"ES256","exp":1800000600,"iat":1800000000,"sub":{"DCFormula":[[["alice","app"]]]}}"#)
    }

    @Test func `a token is good for ten minutes`() throws {
        let token = try IdentityToken(for: Component(parsing: "alice"), now: now).signed(with: key)
        #expect(throws: Never.self) { try verify(token, at: now + .seconds(599)) }
        #expect(throws: TokenRefusal.expired) { try verify(token, at: now + .seconds(600)) }
        #expect(throws: Never.self) { try verify(token, at: Timestamp(microseconds: now.microseconds - 5_000_000)) }
        #expect(throws: TokenRefusal.invalid) {
            try verify(token, at: Timestamp(microseconds: now.microseconds - 6_000_000))
        }
    }

    @Test(arguments: [
        (#""alice/app""#, "alice/app"), (#""DCFalse""#, "F"), (#"{"DCFormula":[]}"#, "T"),
        (#"{"DCFormula":[[["alice"],["bob"]]]}"#, "alice|bob"),
    ])
    func `the subject may be text or JSON`(_ subject: String, _ component: String) throws {
        let token = try signed(#"{"alg":"ES256","iat":1800000000,"exp":1800000600.5,"sub":\#(subject)}"#)
        #expect(try verify(token).subject.description == component)
    }

    @Test(arguments: [
        #"{"alg":"ES256","iat":1800000000,"sub":"alice"}"#, #"{"alg":"ES256","exp":1800000600,"sub":"alice"}"#,
        #"{"iat":1800000000,"exp":1800000600,"sub":"alice"}"#,
        #"{"alg":"HS256","iat":1800000000,"exp":1800000600,"sub":"alice"}"#,
        #"{"alg":"ES256","iat":1800000000,"exp":1800000600}"#,
        #"{"alg":"ES256","iat":1800000000,"exp":1800000600,"sub":null}"#,
        #"{"alg":"ES256","iat":1800000000,"exp":1800000600,"sub":""}"#,
        #"{"alg":"ES256","iat":1800000000,"exp":1800000600,"sub":"a|"}"#,
        #"{"alg":"ES256","iat":1800000000,"exp":1800000600,"sub":{"DCFormula":[[]]}}"#,
        #"{"alg":"ES256","iat":1800000000,"exp":1800000600,"sub":{}}"#,
        #"{"alg":"ES256","iat":"1800000000","exp":1800000600,"sub":"alice"}"#,
        #"{"alg":"ES256","iat":1800000000,"exp":1e300,"sub":"alice"}"#,
        #"{"alg":"ES256","iat":1800000000,"exp":1700000000,"sub":"alice"}"#,
        #"{"alg":"ES256","iat":-1,"exp":1800000600,"sub":"alice"}"#,
        #"{"alg":"ES256","iat":1800000000,"exp":1800000600,"sub":"alice","tok":"x"}"#,
        "[]", "null", "", "{", #""alice""#,
    ])
    func `claims that are missing or wrong are refused, although the signature is right`(_ payload: String) throws {
        let token = try signed(payload)
        #expect(throws: TokenRefusal.invalid) { try verify(token) }
    }

    private static let good = #"{"alg":"ES256","iat":1800000000,"exp":1800000600,"sub":"alice"}"#

    @Test(arguments: [
        #"{"alg":"none"}"#, #"{"alg":"None"}"#, #"{"alg":"HS256"}"#, #"{"alg":"RS256"}"#, #"{"alg":"es256"}"#, "{}",
        #"{"alg":null}"#, #"{"alg":["ES256"]}"#, #"{"alg":"ES256","crit":["exp"]}"#, #"{"alg":"ES256","crit":null}"#,
        "", "[]", #"{"alg":"ES256","kid":1}"#,
    ])
    func `other headers are refused, although the signature is right`(_ header: String) throws {
        let token = try signed(Self.good, header: header)
        #expect(throws: TokenRefusal.invalid) { try verify(token) }
    }

    @Test func `a token without a signature, or with that of another key, is refused`() throws {
        let good = try signed(Self.good)
        #expect(throws: Never.self) { try verify(good) }
        let parts = good.split(separator: ".").map(String.init)
        let none = Base64URL.text(#"{"alg":"none"}"#.utf8)
        let other = try signed(Self.good, with: SigningKey())
        for text in ["\(none).\(parts[1]).", "\(parts[0]).\(parts[1]).", "\(none).\(parts[1]).\(parts[2])", other] {
            #expect(throws: TokenRefusal.invalid) { try verify(text) }
        }
    }

    /// The classic confusion: the public key, which anybody may know, as the secret of a symmetric code.
    @Test func `an HMAC under the public key is no signature`() throws {
        for secret in [key.verifyingKey.pem, String(key.verifyingKey.pem.dropLast())] {
            for header in [#"{"alg":"HS256"}"#, #"{"alg":"ES256"}"#] {
                let text = "\(Base64URL.text(header.utf8)).\(Base64URL.text(Self.good.utf8))"
                let code = HMAC<SHA256>.authenticationCode(
                    for: Data(text.utf8), using: SymmetricKey(data: Data(secret.utf8)))
                #expect(throws: TokenRefusal.invalid) { try verify("\(text).\(Base64URL.text(code))") }
            }
        }
    }

    @Test func `every flipped bit is noticed`() throws {
        let token = Array(try signed(Self.good).utf8)
        for index in token.indices {
            var changed = token
            changed[index] ^= 1
            #expect(throws: TokenRefusal.invalid) { try verify(String(decoding: changed, as: UTF8.self)) }
        }
    }

    @Test(arguments: [
        "", ".", "..", "...", "a.b.c", "eyJ.eyJ.x", "a.b", String(repeating: "a", count: 100_000),
        String(repeating: ".", count: 10_000), "\u{0}.\u{0}.\u{0}", " . . ", "e30.e30.e30", "é.é.é",
    ])
    func `what is no token is refused`(_ text: String) {
        #expect(throws: TokenRefusal.invalid) { try verify(text) }
    }

    @Test func `keys are the same after they were written`() throws {
        let copy = try SigningKey(pem: key.pem)
        let token = try IdentityToken(for: Component(parsing: "alice"), now: now).signed(with: copy)
        _ = try IdentityToken(verifying: token, with: VerifyingKey(pem: key.verifyingKey.pem), now: now)
        #expect(key.pem.hasPrefix("-----BEGIN PRIVATE KEY-----") && key.verifyingKey.pem.contains("BEGIN PUBLIC KEY"))
        #expect(throws: (any Error).self) { try SigningKey(pem: "") }
        #expect(throws: (any Error).self) { try SigningKey(pem: key.verifyingKey.pem) }
    }
}
