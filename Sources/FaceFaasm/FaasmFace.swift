import HTTPTypes
public import Hummingbird
import Logging
import Model
import NIOCore
public import Platform

/// The HTTP surface that Faasm's users know: upload, planner JSON, legacy JSON, and a URL for each function.
public struct FaasmFace: Sendable {
    /// What its operator may set.
    public struct Configuration: Sendable {
        /// Whether requests need no token: only where nobody but this machine can send them.
        public var isOpen = false
        /// Bytes of a Python source.
        public var maximumSourceBytes = 16 << 20
        /// Bytes of a call's input, and of a JSON request.
        public var maximumInputBytes = 48 << 20

        public init() {}
    }

    let platform: Platform
    let configuration: Configuration

    public init(platform: Platform, configuration: Configuration) {
        self.platform = platform
        self.configuration = configuration
    }

    private static let methods: [HTTPRequest.Method] = [.get, .post, .put, .patch, .delete, .head, .options]

    /// Adds this surface's paths of the main listener.
    public func addRoutes<Context: RequestContext>(to router: Router<Context>) {
        add("faasm/upload/**", to: router) { request, access in
            try await upload(request, Self.parts(of: request, after: 2), access)
        }
        add("faasm/call/**", to: router) { request, access in
            try await call(request, Self.parts(of: request, after: 2), access)
        }
    }

    private func add<Context: RequestContext>(
        _ path: RouterPath, to router: Router<Context>,
        _ handle: @escaping @Sendable (Request, Access) async throws -> Response
    ) {
        for method in Self.methods {
            router.on(path, method: method) { request, context in
                do {
                    return try await handle(request, try await access(request))
                } catch {
                    let failure = Failure(error)
                    if failure.status == .internalServerError {
                        let cause = (error as? PlatformError)?.cause ?? error
                        context.logger.error(
                            "a request failed", metadata: ["path": "\(request.uri.path)", "error": "\(cause)"])
                    }
                    return Reply.failure(failure)
                }
            }
        }
    }

    /// The parts of a request's path behind so many, decoded.
    static func parts(of request: Request, after count: Int) -> [String] {
        request.uri.path.split(separator: "/").dropFirst(count).map { PercentCoding.decoded($0) ?? String($0) }
    }

    /// The function that two parts of a path name.
    static func key(_ user: String, _ name: String) throws -> FunctionKey {
        FunctionKey(namespace: try Namespace(user), name: try FunctionName(name))
    }
}
