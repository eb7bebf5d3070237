public import Gatehouse
import HTTPTypes
import Hummingbird
public import Identity
import Logging
import NIOCore
public import Platform
public import PlatformHTTP

/// The HTTP surface that Faasten's clients know: signing in, delegating, and calling gates. It only translates.
public struct FaastenFace: Sendable {
    /// What its operator may set.
    public struct Configuration: Sendable {
        /// Bytes of a payload, and of any body that has no files.
        public var maximumRequestBodyBytes = 8 << 20
        /// Bytes of a body with files.
        public var maximumUploadBytes = 1 << 30
        /// How long the token of somebody who signs in is good.
        public var signInLifetime: Duration = .seconds(30 * 86_400)
        /// The address that users reach the server under; nil: what they ask for.
        public var publicURL: String?
        /// Where users sign in; nil: here, with a password.
        public var provider: SignInProvider?
        /// The origins of web pages that may be told the token of who signs in from them, besides this server's own.
        public var openers: [String] = []

        public init() {}
    }

    let platform: Platform
    let gatehouse: Gatehouse
    let key: SigningKey
    let configuration: Configuration
    let provider: ProviderClient?

    /// - Parameter sender: what the sign-in provider is asked by.
    public init(
        platform: Platform, gatehouse: Gatehouse, key: SigningKey, sender: any OutboundSender,
        configuration: Configuration
    ) {
        self.platform = platform
        self.gatehouse = gatehouse
        self.key = key
        self.configuration = configuration
        provider = configuration.provider.map { ProviderClient($0, sender: sender) }
    }

    /// Adds this surface's paths.
    public func add(to paths: inout PathTable) {
        for path in ["login", "login/**", "authenticate/**", "me", "faasten", "faasten/**"] {
            paths.on(path, PathTable.methods) { request, context in
                await respond(to: request, logger: context.logger)
            }
        }
    }

    private func respond(to request: Request, logger: Logger) async -> Response {
        var response: Response
        do {
            response = try await answer(request, logger)
        } catch {
            let failure = Failure(error)
            if let cause = failure.cause {
                logger.error("a request failed", metadata: ["path": "\(request.uri.path)", "error": "\(cause)"])
            }
            response = Page.isWanted(by: request) ? Page.failure(failure) : Reply.failure(failure)
        }
        Reply.allowWebPages(&response)
        return response
    }

    private func answer(_ request: Request, _ logger: Logger) async throws -> Response {
        let path = request.uri.path
        let parts = path.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
        // Of what a `HEAD` is answered, the server sends no body.
        let method = request.method == .head ? .get : request.method
        switch (method, parts) {
        case (.options, _): return Reply.empty(.noContent)
        case (.get, ["login"]), (.get, ["login", "cas"]): return try await showSignIn(request)
        case (.post, ["login"]), (.post, ["login", "cas"]): return try await signIn(request)
        case (.get, ["authenticate", "oidc"]): return try await returnFromProvider(request)
        case (.get, ["me"]): return try await showMe(request)
        case (.get, ["faasten", "ping"]): return Reply.text("Pong.")
        case (.get, ["faasten", "ping", "scheduler"]): return try await pingScheduler()
        case (.get, ["faasten", "denials"]): return try await showDenials(request)
        case (.get, ["faasten", "check"]): return try await checkFiles(request)
        case (.post, ["faasten", "collect"]): return try await collectFiles(request)
        case (.post, ["faasten", "delegate"]): return try await delegate(request)
        case (let method, let parts) where parts.first == "faasten":
            if let gate = Self.rest(of: path, below: "/faasten/invoke/") {
                guard method == .post else { throw Failure.methodNotAllowed }
                return try await invoke(gate, request, logger)
            }
            if let gate = Self.rest(of: path, below: "/faasten/logs/") {
                guard method == .get else { throw Failure.methodNotAllowed }
                return try await showLogs(of: gate, request)
            }
            if let id = Self.rest(of: path, below: "/faasten/invocations/") {
                guard method == .get else { throw Failure.methodNotAllowed }
                return try await showInvocation(id, request)
            }
            throw Self.known.contains(parts) ? Failure.methodNotAllowed : Failure(.notFound, "not found")
        case (_, let parts):
            throw Self.known.contains(parts) ? Failure.methodNotAllowed : Failure(.notFound, "not found")
        }
    }

    private static let known: [[String]] = [
        ["login"], ["login", "cas"], ["authenticate", "oidc"], ["me"], ["faasten", "ping"],
        ["faasten", "ping", "scheduler"], ["faasten", "denials"], ["faasten", "delegate"],
        ["faasten", "check"], ["faasten", "collect"],
    ]

    /// What follows a prefix of a path, as it stands in the URL.
    private static func rest(of path: String, below prefix: String) -> Substring? {
        path.hasPrefix(prefix) ? path.dropFirst(prefix.count) : nil
    }
}
