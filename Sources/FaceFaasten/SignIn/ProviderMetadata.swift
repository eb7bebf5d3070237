import HTTPTypes
import Platform

/// Where a provider of OpenID Connect says that its parts are.
struct ProviderMetadata: Decodable, Sendable {
    var issuer: String
    var authorizationEndpoint: String
    var tokenEndpoint: String
    var keysAddress: String
    /// How the provider takes the secret of a client.
    var secretMethods: [String]?

    private enum CodingKeys: String, CodingKey {
        case issuer
        case authorizationEndpoint = "authorization_endpoint"
        case tokenEndpoint = "token_endpoint"
        case keysAddress = "jwks_uri"
        case secretMethods = "token_endpoint_auth_methods_supported"
    }

    /// Whether the client's secret goes into the body of a request, because the provider takes it nowhere else.
    var wantsSecretInBody: Bool {
        guard let methods = secretMethods, !methods.contains("client_secret_basic") else {
            return false
        }
        return methods.contains("client_secret_post")
    }

    /// Whether these are another's, or lead to where a secret could be read on the way.
    func isSound(for issuer: String) -> Bool {
        self.issuer == issuer
            && [authorizationEndpoint, tokenEndpoint, keysAddress].allSatisfy { ProviderMetadata.isSafe($0) }
    }

    /// Whether an address is of https, or of this machine.
    static func isSafe(_ text: String) -> Bool {
        guard let url = CallbackURL(text) else { return false }
        return text.lowercased().hasPrefix("https://") || ["localhost", "127.0.0.1", "::1"].contains(url.host)
    }
}

/// What a provider answers where a code is redeemed.
struct ProviderTokens: Decodable {
    var identity: String

    private enum CodingKeys: String, CodingKey { case identity = "id_token" }
}

/// A sign-in that the provider did not confirm: a sentence for the user, and what lies behind it.
struct ProviderFailure: Error, CustomStringConvertible {
    var sentence: String
    var detail: String

    var description: String { "\(sentence): \(detail)" }
}
