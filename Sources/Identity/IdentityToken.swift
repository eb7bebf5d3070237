import FoundationEssentials
public import Labels
public import Model

/// A token of this server that says for whom its bearer acts, for ten minutes: a JWT with the claims `alg`, `iat`, `exp`
/// and `sub`. It cannot be revoked, but names the API token that it came of (`tok`), so that it is not renewed beyond that.
public struct IdentityToken: Hashable, Sendable {
    public static let lifetimeSeconds: Int64 = 600
    /// So far ahead may the clock be by which a token was issued. Nothing is added to its end.
    public static let leewaySeconds: Double = 5

    public let subject: Component
    /// The id of the API token that it came of; nil: the operator made it.
    public let source: UUID7?
    /// In seconds since 1970.
    public let issuedAt: Int64

    public init(for subject: Component, source: UUID7? = nil, now: Timestamp) {
        self.subject = subject
        self.source = source
        issuedAt = now.microseconds / 1_000_000
    }

    public func signed(with key: SigningKey) throws -> String {
        try key.token(
            Payload(
                alg: "ES256", iat: issuedAt, exp: issuedAt + Self.lifetimeSeconds, sub: subject,
                tok: source?.description))
    }

    /// Checks a token's text.
    ///
    /// - Throws: `expired` where it was good once, `invalid` for everything else.
    public init(
        verifying text: some StringProtocol, with key: VerifyingKey, now: Timestamp
    ) throws(TokenRefusal) {
        let token = try CompactToken(parsing: text)
        guard key.signed(token) else { throw .invalid }
        let claims = try token.claims(Claims.self)
        let seconds = Double(now.microseconds) / 1e6
        guard claims.alg == "ES256", claims.exp.seconds > claims.iat.seconds,
            claims.iat.seconds <= seconds + Self.leewaySeconds
        else { throw .invalid }
        if let text = claims.tok {
            guard let id = UUID7(text) else { throw .invalid }
            source = id
        } else {
            source = nil
        }
        guard seconds < claims.exp.seconds else { throw .expired }
        subject = claims.sub.component
        issuedAt = Int64(claims.iat.seconds)
    }

    private struct Payload: Encodable {
        var alg: String
        var iat: Int64
        var exp: Int64
        var sub: Component
        var tok: String?
    }

    private struct Claims: Decodable {
        var alg: String
        var iat: NumericDate
        var exp: NumericDate
        var sub: Subject
        var tok: String?
    }
}

/// A component in JSON: as `Component` is written there, or as text.
public struct Subject: Decodable, Sendable {
    public let component: Component

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self), text != "DCFalse" {
            do { component = try Component(parsing: text) } catch {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: error.message)
            }
        } else {
            component = try container.decode(Component.self)
        }
    }
}
