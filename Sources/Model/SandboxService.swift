/// A request to import a user's module and keep the memory that results.
public struct PrepareRequest: Hashable, Sendable, Codable {
    public var key: FunctionKey
    public var face: Face
    public var entry: String?
    public var source: String
    public var limits: FunctionLimits
    /// What the module may import besides the library.
    public var packages: PackageUse

    public init(
        key: FunctionKey, face: Face, entry: String?, source: String, limits: FunctionLimits,
        packages: PackageUse = .none
    ) {
        self.key = key
        self.face = face
        self.entry = entry
        self.source = source
        self.limits = limits
        self.packages = packages
    }

    /// Where the guest finds the code.
    public var layout: CodeLayout { CodeLayout(of: key, face: face, isPackage: packages.own != nil) }
}

/// What became of a ``PrepareRequest``.
public struct PrepareOutcome: Hashable, Sendable {
    /// The image, stored; or why the user's code has none.
    public var result: Result<ImageID, ExecutionFault>
    public var logs: [LogLine]
    public var usage: ResourceUsage

    public init(result: Result<ImageID, ExecutionFault>, logs: [LogLine], usage: ResourceUsage) {
        self.result = result
        self.logs = logs
        self.usage = usage
    }
}

/// A request to run one call from an image.
public struct CallRequest: Hashable, Sendable {
    public var id: ExecutionID
    public var image: ImageID
    /// The packages that the image was taken with.
    public var mounts: [PackageMount]
    /// What fair queueing and affinity go by.
    public var function: FunctionKey
    public var limits: FunctionLimits
    /// Encoded arguments (JSON).
    public var input: [UInt8]
    /// The decrypted context as a JSON object; empty where there is none.
    public var context: [UInt8]
    /// Environment variables as a JSON object; empty where there are none.
    public var environment: [UInt8]

    public init(
        id: ExecutionID, image: ImageID, mounts: [PackageMount] = [], function: FunctionKey, limits: FunctionLimits,
        input: [UInt8], context: [UInt8] = [], environment: [UInt8] = []
    ) {
        self.id = id
        self.image = image
        self.mounts = mounts
        self.function = function
        self.limits = limits
        self.input = input
        self.context = context
        self.environment = environment
    }
}

/// What became of a ``CallRequest``.
public struct CallOutcome: Hashable, Sendable {
    /// The encoded result, also beside a fault where output was cut at its limit.
    public var output: [UInt8]?
    /// Nil: the call succeeded.
    public var fault: ExecutionFault?
    public var logs: [LogLine]
    public var usage: ResourceUsage

    public init(output: [UInt8]?, fault: ExecutionFault?, logs: [LogLine], usage: ResourceUsage) {
        self.output = output
        self.fault = fault
        self.logs = logs
        self.usage = usage
    }
}

/// Why the sandboxes did not take a request at all.
public enum SandboxRefusal: Error, Hashable, Sendable {
    /// As many calls wait as may wait; try again after this.
    case queueFull(retryAfterSeconds: Int)
    /// The image is unknown or was made by another interpreter: prepare the function anew.
    case imageUnavailable(ImageID)
    /// The archive of a package is lost or damaged.
    case packageUnavailable(PackageID)
    /// No worker is up, or the server is stopping.
    case unavailable(String)
    /// There is no spot: nothing can run until one is added.
    case noSpots
}

/// The sandboxes, wherever they run.
public protocol SandboxService: SpotHost {
    /// Imports a module in a fresh sandbox and stores the image.
    func prepare(_ request: PrepareRequest) async throws(SandboxRefusal) -> PrepareOutcome

    /// Runs one call. Returns when it ended; a cancelled Swift task cancels the call.
    func call(_ request: CallRequest) async throws(SandboxRefusal) -> CallOutcome

    /// Ends a call that waits or runs; it then returns with a fault of kind `cancelled`. False: no such call.
    func cancel(_ id: ExecutionID) -> Bool

    /// From now on, has `sink` told what calls print while they run: some lines now and then, never a line twice, and none
    /// of short calls. The outcome of a call still has all lines.
    func onLogs(_ sink: @escaping @Sendable (ExecutionID, [LogLine]) -> Void)

    /// Forgets an image that no function uses any more.
    func forget(_ image: ImageID)

    /// How the sandboxes fare now; nil where they do not say.
    var sandboxStatus: SandboxStatus? { get }
}
