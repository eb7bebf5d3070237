import Gatehouse
import HTTPTypes
import Hummingbird
import Identity
import LabelledFiles
import Labels
import Model
import Platform

extension FaastenFace {
    /// Gives a token that acts for less than, or for the same as, the one that came with the request.
    func delegate(_ request: Request) async throws -> Response {
        let user = try await user(of: request)
        let body = try await smallBody(DelegateBody.self, request)
        let wanted = body.component.component
        guard user.principal.implies(wanted) else {
            throw Failure(.notAcceptable, "`\(wanted)` is not yours to delegate")
        }
        // A chain of tokens ends with the one that it began with.
        if let source = user.source, try await !platform.tokens.isAlive(source) { throw Failure.invalidToken }
        guard body.clearance == nil || body.bootstrap == true else {
            throw Failure.badRequest("`clearance` is for a home that is made: it needs `bootstrap`")
        }
        if body.bootstrap == true {
            try await gatehouse.files.prepareHome(of: wanted, clearance: body.clearance?.component)
        }
        let token = IdentityToken(for: wanted, source: user.source, now: platform.now)
        return Reply.text(try token.signed(with: key))
    }

    /// Whether calls can run.
    func pingScheduler() async throws -> Response {
        if let status = platform.sandbox.sandboxStatus, status.workers == 0 {
            throw Failure(.internalServerError, "no worker is up")
        }
        do { try await platform.checkStore() } catch { throw Failure(.internalServerError, error.message) }
        return Reply.empty(.noContent)
    }
}
