import HTTPTypes
import Hummingbird
import Identity
import Labels
import Model
import Platform

/// Who sent a request, by the token that came with it.
struct SignedIn: Sendable {
    var principal: Component
    /// The API token that it came of; nil: the operator made it.
    var source: UUID7?
    /// Bytes of a request's body; nil: what the server allows.
    var maximumBodyBytes: Int?
}

extension FaastenFace {
    /// Who sent a request; nil where there is no `Authorization`. A header that opens nothing is a 401, never anonymous.
    func sender(of request: Request) async throws -> SignedIn? {
        let headers = request.headers[values: .authorization]
        guard let header = headers.first else { return nil }
        guard headers.count == 1, case .token(let token)? = Credentials(header: header) else {
            throw Failure.invalidToken
        }
        // API tokens have no dots; what the two halves of an identity token begin with is the same for all.
        if token.hasPrefix("eyJ") {
            let identity = try IdentityToken(verifying: token, with: key.verifyingKey, now: platform.now)
            return SignedIn(principal: identity.subject, source: identity.source)
        }
        let access = try await platform.signIn(token: token)
        guard let principal = access.principal else {
            throw Failure(
                .forbidden, "this token acts for no principal; make one with `swiftlet tokens create --principal`")
        }
        return SignedIn(principal: principal, source: access.account, maximumBodyBytes: access.maximumBodyBytes)
    }

    /// Who sent a request, which needs a token.
    func user(of request: Request) async throws -> SignedIn {
        guard let user = try await sender(of: request) else { throw Failure.missingToken }
        return user
    }

    func showMe(_ request: Request) async throws -> Response {
        let user = try await user(of: request)
        return Reply.json { $0.member("login", user.principal.description) }
    }
}
