import HTTPTypes
import Hummingbird
import Logging
import Model
import NIOCore
public import Platform
public import PlatformHTTP

/// The HTTP surface that OpenFaaS's clients know as the gateway. It only translates.
public struct OpenFaaSFace: Sendable {
    /// What its operator may set.
    public struct Configuration: Sendable {
        /// Bytes of a request's body.
        public var maximumRequestBodyBytes = 8 << 20
        /// Bytes of the archive of a build.
        public var maximumBuildBytes = 64 << 20
        /// The longest that the caller of a function waits.
        public var timeout: Duration = .seconds(60)
        /// Whether `/system/info` is answered without a login.
        public var showsInfoToAll = false
        /// What builds are signed with; nil: builds need a login.
        public var payloadSecret: [UInt8]?
        /// Metrics of the rest of the server, in Prometheus's text format.
        public var otherMetrics: @Sendable () async throws -> String = { "" }

        public init() {}
    }

    let platform: Platform
    let configuration: Configuration
    /// What is counted about calls; to be run beside the server, so that the counts outlive it.
    public let metrics: GatewayMetrics
    let inFlight = InFlight()

    public init(platform: Platform, configuration: Configuration) {
        self.platform = platform
        self.configuration = configuration
        metrics = GatewayMetrics(platform: platform)
    }

    /// Adds this surface's paths.
    public func add(to paths: inout PathTable) {
        let handler: PathTable.Handler = { request, context in
            await respond(to: request, from: context)
        }
        // Other methods of the root are Faasm's.
        paths.on("", [.get, .head], handler)
        for path in ["function/**", "async-function/**", "system/**", "ui", "ui/**", "build", "publickey", "metrics"] {
            paths.on(path, PathTable.methods, handler)
        }
    }

    private func respond(to request: Request, from remote: ConnectionContext) async -> Response {
        let started = ContinuousClock.now
        let response: Response
        do { response = try await answer(request, remote) } catch {
            let refusal = Refusal(error)
            if refusal.status == .internalServerError, !(error is Refusal) {
                let cause = (error as? PlatformError)?.cause ?? error
                remote.logger.error("a request failed", metadata: ["path": "\(request.uri.path)", "error": "\(cause)"])
            }
            response = refusal.response
        }
        metrics.answered(
            Self.route(request.uri.path), request.method, code: response.status.code,
            after: ContinuousClock.now - started)
        return response
    }

    /// What metrics call a path: without the names in it, of which there may be any number.
    private static func route(_ path: String) -> String {
        if path.hasPrefix(calls) { return "/function/:name" }
        let parts = path.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: true)
        switch parts.first {
        case "async-function": return "/async-function/:name"
        case "system" where parts.count == 2 && resources.contains(parts[1]): return "/system/\(parts[1])"
        case "system" where parts.count > 2 && resources.contains(parts[1]): return "/system/\(parts[1])/:name"
        case "build", "metrics", "publickey", "ui": return "/\(parts[0])"
        case nil: return "/"
        default: return "other"
        }
    }

    private static let calls = "/function/"

    /// What there is below `/system`.
    private static let resources: Set<Substring> = [
        "info", "telemetry", "functions", "function", "scale-function", "alert", "namespaces", "namespace", "secrets",
        "logs",
    ]

    private func answer(_ request: Request, _ remote: ConnectionContext) async throws -> Response {
        let path = request.uri.path
        if path.hasPrefix(Self.calls) {
            return try await invoke(try CallAddress(path, below: Self.calls), request, remote)
        }
        let parts = path.split(separator: "/", omittingEmptySubsequences: true)
        switch (parts.first, request.method) {
        case (nil, _):
            return Response(status: .temporaryRedirect, headers: [.location: "/ui/"])
        case ("function", _): throw Refusal(.notFound, "Not found.")
        case ("async-function", .post):
            return try await enqueue(try CallAddress(path, below: "/async-function/"), request, remote)
        case ("async-function", _): throw Refusal.methodNotAllowed
        case ("metrics", .get): return try await showMetrics()
        case ("build", .post): return try await build(request)
        case ("publickey", _): throw Refusal(.notFound, "Build secrets are not supported.")
        case ("system", .get) where configuration.showsInfoToAll && parts == ["system", "info"]:
            return try showInfo()
        case ("system", _), ("ui", _):
            let access = try await platform.signIn(authorization: request.headers[.authorization])
            return try await system(parts.dropFirst(), SystemCall(face: self, request: request, access: access))
        default: throw Refusal.methodNotAllowed
        }
    }

    private func system(_ parts: ArraySlice<Substring>, _ call: SystemCall) async throws -> Response {
        let name = parts.count == 2 ? parts.last.map(String.init) : nil
        switch (parts.first, call.request.method) {
        case (nil, .get): return try await showPage(call)
        case ("info", .get): return try showInfo()
        case ("telemetry", .get): return Reply.empty(.ok)
        case ("functions", .get): return try await listFunctions(call)
        case ("functions", .post): return try await deploy(call, mustExist: false)
        case ("functions", .put): return try await deploy(call, mustExist: true)
        case ("functions", .delete): return try await deleteFunction(call)
        case ("function", .get) where name != nil: return try await showFunction(name ?? "", call)
        case ("scale-function", .post) where name != nil: return try await scale(name ?? "", call)
        case ("alert", .post): return try await takeAlert(call)
        case ("namespaces", .get): return try await listNamespaces(call)
        case ("namespace", let method): return try await namespace(name, method, call)
        case ("secrets", .get): return try await listSecrets(call)
        case ("secrets", .post): return try await saveSecret(call, isNew: true)
        case ("secrets", .put): return try await saveSecret(call, isNew: false)
        case ("secrets", .delete): return try await deleteSecret(call)
        case ("logs", .get): return try await showLogs(call)
        default:
            throw Self.resources.contains(parts.first ?? "")
                ? Refusal.methodNotAllowed : Refusal(.notFound, "Not found.")
        }
    }
}
