import HTTPTypes
import Platform

/// Where a provider of OpenID Connect says that its parts are.
struct ProviderMetadata: Decodable, Sendable {
    var issuer: String
    var authorization_endpoint: String
    var token_endpoint: String
    var jwks_uri: String
    var token_endpoint_auth_methods_supported: [String]?

    /// Whether the client's secret goes into the body of a request, because the provider takes it nowhere else.
    var wantsSecretInBody: Bool {
        guard let methods = token_endpoint_auth_methods_supported, !methods.contains("client_secret_basic") else {
            return false
        }
        return methods.contains("client_secret_post")
    }

    /// Whether these are another's, or lead to where a secret could be read on the way.
    func isSound(for issuer: String) -> Bool {
        self.issuer == issuer
            && [authorization_endpoint, token_endpoint, jwks_uri].allSatisfy { ProviderMetadata.isSafe($0) }
    }

    /// Whether an address is of https, or of this machine.
    static func isSafe(_ text: String) -> Bool {
        guard let url = CallbackURL(text) else { return false }
        return text.lowercased().hasPrefix("https://") || ["localhost", "127.0.0.1", "::1"].contains(url.host)
    }
}

/// What a provider answers where a code is redeemed.
struct ProviderTokens: Decodable {
    var id_token: String
}

/// A sign-in that the provider did not confirm: a sentence for the user, and what lies behind it.
struct ProviderFailure: Error, CustomStringConvertible {
    var sentence: String
    var detail: String

    var description: String { "\(sentence): \(detail)" }
}
