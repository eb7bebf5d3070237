public import Model

/// What a sign-in provider says of somebody: an `id_token` of OpenID Connect whose signature and claims were checked.
public struct IDToken: Sendable {
    /// So far may the provider's clock be away from ours.
    public static let leewaySeconds: Double = 60
    public static let maximumUserBytes = 255

    private let texts: [String: String]
    private let isEmailVerified: Bool

    /// - Parameter nonce: what the sign-in was begun with.
    /// - Throws: `expired`, or `invalid` for everything else.
    public init(
        verifying token: CompactToken, with keys: KeySet, issuer: String, client: String, nonce: String, now: Timestamp
    ) throws(TokenRefusal) {
        guard keys.signed(token) else { throw .invalid }
        let claims = try token.claims(Claims.self)
        let seconds = Double(now.microseconds) / 1e6
        guard claims.iss == issuer, claims.aud.names.contains(client), claims.texts["nonce"] == nonce,
            // Who shares a token with others must be the one that it was made for.
            claims.aud.names.count == 1 || claims.texts["azp"] != nil, claims.texts["azp"] ?? client == client,
            claims.texts["sub"]?.isEmpty == false, claims.iat.seconds <= seconds + Self.leewaySeconds
        else { throw .invalid }
        guard seconds < claims.exp.seconds + Self.leewaySeconds else { throw .expired }
        texts = claims.texts
        isEmailVerified = claims.isEmailVerified
    }

    /// Who it is, by a claim such as `sub`; nil where the claim is missing, too long, or an address that nobody verified.
    public func user(by claim: String) -> String? {
        guard let user = texts[claim], 1...Self.maximumUserBytes ~= user.utf8.count else { return nil }
        return claim == "email" && !isEmailVerified ? nil : user
    }

    private struct Claims: Decodable {
        var iss: String
        var aud: Audience
        var exp: NumericDate
        var iat: NumericDate
        var isEmailVerified: Bool
        /// All claims that are text.
        var texts: [String: String] = [:]

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: ClaimName.self)
            iss = try container.decode(String.self, forKey: ClaimName("iss"))
            aud = try container.decode(Audience.self, forKey: ClaimName("aud"))
            exp = try container.decode(NumericDate.self, forKey: ClaimName("exp"))
            iat = try container.decode(NumericDate.self, forKey: ClaimName("iat"))
            let verified = ClaimName("email_verified")
            isEmailVerified = (try? container.decode(Bool.self, forKey: verified)) ?? false
            for key in container.allKeys { texts[key.stringValue] = try? container.decode(String.self, forKey: key) }
        }
    }

    private struct ClaimName: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }

        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// One name, or a list of them.
    private struct Audience: Decodable {
        var names: [String]

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            names = try (try? container.decode(String.self)).map { [$0] } ?? container.decode([String].self)
        }
    }
}
