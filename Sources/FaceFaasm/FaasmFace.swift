import HTTPTypes
import Hummingbird
import Logging
public import Model
import NIOCore
public import Platform
public import PlatformHTTP

/// The HTTP surface that Faasm's users know: upload, planner JSON, legacy JSON, and a URL for each function.
public struct FaasmFace: Sendable {
    /// Who needs a token.
    public enum Guarding: String, Sendable {
        /// Everybody.
        case token
        /// Everybody but programs of this machine: only for listeners that nobody else can reach.
        case loopback
        /// Nobody.
        case none
    }

    /// What its operator may set.
    public struct Configuration: Sendable {
        public var guarding = Guarding.token
        /// Whether web pages of others may use this surface.
        public var allowsWebPages = false
        /// Whether what a call prints comes before its output.
        public var capturesStandardOutput = false
        /// The name under which clients see the machine that runs calls.
        public var nodeName = "127.0.0.1"
        /// Whether `/ping` waits until the interpreter is compiled.
        public var compilesFirst = false
        /// How long a request for an app's status is held.
        public var statusWait: Duration = .seconds(20)
        /// What functions that are uploaded may use.
        public var limits = FunctionLimits(
            wallTimeMilliseconds: 300_000, cpuTimeMilliseconds: 300_000, memoryBytes: 512 << 20,
            outputBytes: 32 << 20, logBytes: 1 << 20, hostCalls: 1_000_000, inputBytes: 32 << 20)
        /// Bytes of a Python source.
        public var maximumSourceBytes = 16 << 20
        /// Bytes of a WebAssembly module.
        public var maximumModuleBytes = 256 << 20
        /// Bytes of a value of state.
        public var maximumStateBytes = 256 << 20
        /// Bytes of a call's input, and of a JSON request.
        public var maximumInputBytes = 48 << 20

        public init() {}
    }

    /// The user of Python functions where a request names none.
    static let usualUser = "python"

    public var configuration: Configuration
    let platform: Platform
    let parts: FaasmParts
    let policy = PolicyName()
    let numbers = CallNumbers()
    let startedAt: Timestamp

    public init(platform: Platform, configuration: Configuration, parts: FaasmParts = FaasmParts()) {
        self.platform = platform
        self.configuration = configuration
        self.parts = parts
        startedAt = platform.now
    }

    /// Adds this surface's paths of the main listener.
    public func add(to paths: inout PathTable) {
        add(["faasm/upload/**"], to: &paths) { request, access in
            try await upload(request, Self.parts(of: request, after: 2), access)
        }
        add(["faasm/call/**"], to: &paths) { request, access in
            try await call(request, Self.parts(of: request, after: 2), access)
        }
        add(["faasm/packages", "faasm/packages/**"], to: &paths) { request, access in
            try await packages(request, Self.parts(of: request, after: 2), access)
        }
        add([""], [.post, .options], to: &paths) { request, access in try await invoke(request, access) }
    }

    /// Adds the paths of a listener that is only for uploads.
    public func addUploads(to paths: inout PathTable) {
        paths.elsewhere = handler { request, access in
            try await upload(request, Self.parts(of: request, after: 0), access)
        }
    }

    /// Adds the paths of a listener that is only for planner JSON and legacy JSON.
    public func addInvocations(to paths: inout PathTable) {
        paths.elsewhere = handler { request, access in try await invoke(request, access) }
    }

    private func add(
        _ names: [String], _ methods: [HTTPRequest.Method] = PathTable.methods, to paths: inout PathTable,
        _ handle: @escaping @Sendable (Request, Access) async throws -> Response
    ) {
        for name in names { paths.on(name, methods, handler(handle)) }
    }

    private func handler(
        _ handle: @escaping @Sendable (Request, Access) async throws -> Response
    ) -> PathTable.Handler {
        { request, context in
            var response: Response
            do {
                response =
                    request.method == .options && configuration.allowsWebPages
                    ? Reply.bytes([]) : try await handle(request, try await access(request))
            } catch {
                let failure = Failure(error)
                if failure.isUnexpected {
                    let cause = (error as? PlatformError)?.cause ?? error
                    context.logger.error(
                        "a request failed", metadata: ["path": "\(request.uri.path)", "error": "\(cause)"])
                }
                response = Reply.failure(failure)
            }
            if configuration.allowsWebPages { Reply.allowWebPages(&response) }
            return response
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
