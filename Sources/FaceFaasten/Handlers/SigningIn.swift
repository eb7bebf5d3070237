import Gatehouse
import HTTPTypes
import Hummingbird
import Identity
import LabelledFiles
import Labels
import Model
import Platform

/// Signing in, here or at the provider.
extension FaastenFace {
    private static let callback = "/authenticate/oidc"
    private static let forwardedScheme = HTTPField.Name("X-Forwarded-Proto")!

    func showSignIn(_ request: Request) async throws -> Response {
        // Local users sign in on the page also where there is a provider.
        guard let provider, request.uri.queryParameters["local"] == nil else { return Page.signIn() }
        let base = base(of: request)
        let url: String
        let cookie: String
        do {
            (url, cookie) = try await provider.begin(redirect: base + Self.callback, now: platform.now)
        } catch let failure as ProviderFailure {
            throw Failure(.badGateway, failure.sentence)
        }
        var response = Response(status: .found, headers: [.location: url])
        response.headers[.setCookie] = Self.cookie(cookie, isSecure: base.hasPrefix("https:"))
        return response
    }

    func signIn(_ request: Request) async throws -> Response {
        let isJSON = request.headers[.contentType]?.lowercased().hasPrefix("application/json") ?? false
        let body: LoginBody
        if isJSON {
            body = try await smallBody(LoginBody.self, request)
        } else {
            let text = String(validating: try await smallBody(request), as: UTF8.self)
            guard let read = text.flatMap(LoginBody.init(form:)) else {
                throw Failure.badRequest("give `username` and `password`, as a form or as JSON")
            }
            body = read
        }
        do {
            let access = try await platform.signIn(localUser: body.username, password: body.password)
            guard let principal = access.principal, body.username != provider?.settings.name else {
                throw Failure(.forbidden, "a user of this name cannot sign in here")
            }
            return try await welcome(principal, request, isJSON: isJSON)
        } catch {
            var failure = Failure(error)
            if failure.status == .unauthorized { failure.message = "wrong user name or password" }
            guard Page.isWanted(by: request), failure.cause == nil else { throw failure }
            return Page.signIn(failure: failure)
        }
    }

    func returnFromProvider(_ request: Request) async throws -> Response {
        guard let provider else { throw Failure(.notFound, "there is no sign-in provider") }
        let parameters = request.uri.queryParameters
        if let error = parameters["error"] {
            throw Failure.badRequest("the sign-in provider refuses: \(String(error).prefix(200))")
        }
        guard let code = parameters["code"], let state = parameters["state"],
            let cookie = Self.cookie(of: request)
        else { throw Failure.badRequest("this sign-in was not begun in this browser, or too long ago") }
        do {
            let principal = try await provider.finish(
                code: String(code), state: String(state), cookie: cookie, now: platform.now)
            var response = try await welcome(principal, request, isJSON: false)
            response.headers[.setCookie] = Self.cookie("", isSecure: false, seconds: 0)
            return response
        } catch let failure as ProviderFailure {
            throw Failure.badRequest(failure.sentence)
        }
    }

    /// Makes somebody's home where this is the first time, and gives them a token.
    private func welcome(_ principal: Component, _ request: Request, isJSON: Bool) async throws -> Response {
        try await gatehouse.files.prepareHome(of: principal)
        let token = try await platform.tokens.signIn(as: principal, lifetime: configuration.signInLifetime)
        let accepted = request.headers[.accept]?.lowercased() ?? "*/*"
        let wantsJSON = accepted.contains("application/json") || isJSON && !accepted.contains("text/html")
        guard wantsJSON else {
            return Page.token(token, login: principal.description, openers: configuration.openers)
        }
        return Reply.json { $0.member("token", token) }
    }

    /// The address that the browser reached us under.
    private func base(of request: Request) -> String {
        if let url = configuration.publicURL { return url }
        let scheme = request.headers[Self.forwardedScheme] == "https" ? "https" : "http"
        return "\(scheme)://\(request.head.authority ?? "localhost")"
    }

    private static func cookie(_ value: String, isSecure: Bool, seconds: Int64? = nil) -> String {
        let age = seconds ?? SignInAttempt.lifetime.components.seconds
        return "\(SignInAttempt.cookieName)=\(value); Path=\(callback); Max-Age=\(age); HttpOnly; SameSite=Lax"
            + (isSecure ? "; Secure" : "")
    }

    private static func cookie(of request: Request) -> String? {
        let prefix = "\(SignInAttempt.cookieName)="
        for field in request.headers[values: .cookie] {
            for pair in field.split(separator: ";") {
                let pair = pair.drop { $0 == " " }
                if pair.hasPrefix(prefix) { return String(pair.dropFirst(prefix.count)) }
            }
        }
        return nil
    }
}
