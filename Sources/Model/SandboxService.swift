/// What a user wrote.
public enum FunctionCode: Hashable, Sendable, Codable {
    case python(String)
    /// A binary module of WASI preview 1.
    case webAssembly([UInt8])
}

/// A request to import a user's module and keep the memory that results; or to compile one of WebAssembly, and keep that.
public struct PrepareRequest: Hashable, Sendable, Codable {
    public var key: FunctionKey
    public var face: Face
    public var entry: String?
    public var code: FunctionCode
    public var limits: FunctionLimits
    /// Whether the module is imported in each call instead, because it uses what only calls have.
    public var importsInCalls: Bool
    /// What the module may import besides the library.
    public var packages: PackageUse

    public init(
        key: FunctionKey, face: Face, entry: String?, code: FunctionCode, limits: FunctionLimits,
        packages: PackageUse = .none, importsInCalls: Bool = false
    ) {
        self.key = key
        self.face = face
        self.entry = entry
        self.code = code
        self.limits = limits
        self.packages = packages
        self.importsInCalls = importsInCalls
    }

    /// As ``init(key:face:entry:code:limits:packages:importsInCalls:)``, for Python.
    public init(
        key: FunctionKey, face: Face, entry: String?, source: String, limits: FunctionLimits,
        packages: PackageUse = .none
    ) {
        self.init(key: key, face: face, entry: entry, code: .python(source), limits: limits, packages: packages)
    }

    /// The text of Python code; empty where it is WebAssembly.
    public var source: String { if case .python(let source) = code { source } else { "" } }

    /// Where the guest finds the code.
    public var layout: CodeLayout { CodeLayout(of: key, face: face, isPackage: packages.own != nil) }
}

/// What became of a ``PrepareRequest``.
public struct PrepareOutcome: Hashable, Sendable {
    /// The image, stored; or why the user's code has none.
    public var result: Result<ImageID, ExecutionFault>
    /// Whether it has none because the module uses what only calls have.
    public var needsCall: Bool
    public var logs: [LogLine]
    public var usage: ResourceUsage
    /// What its user should know of code that was accepted: a sentence each.
    public var warnings: [String]

    public init(
        result: Result<ImageID, ExecutionFault>, needsCall: Bool = false, logs: [LogLine], usage: ResourceUsage,
        warnings: [String] = []
    ) {
        self.result = result
        self.needsCall = needsCall
        self.logs = logs
        self.usage = usage
        self.warnings = warnings
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
    /// What the face's adapter is told of this call beside its input, as a JSON object; empty where there is nothing.
    public var detail: [UInt8]
    /// How many calls stand between a client and this one. Deeper ones start first and are never refused.
    public var depth: Int
    /// Whose shared state it sees; nil: nobody's.
    public var tenant: Namespace?

    public init(
        id: ExecutionID, image: ImageID, mounts: [PackageMount] = [], function: FunctionKey, limits: FunctionLimits,
        input: [UInt8], context: [UInt8] = [], environment: [UInt8] = [], detail: [UInt8] = [], depth: Int = 0,
        tenant: Namespace? = nil
    ) {
        self.id = id
        self.image = image
        self.mounts = mounts
        self.function = function
        self.limits = limits
        self.input = input
        self.context = context
        self.environment = environment
        self.detail = detail
        self.depth = depth
        self.tenant = tenant
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

    /// A call waits for other calls from now on: it counts as none that runs until ``unpark(_:)``.
    func park(_ id: ExecutionID)

    /// A call that was parked goes on.
    func unpark(_ id: ExecutionID)

    /// Has the sandboxes beside a call answer reads of a value themselves, as long as the copy is good. To be called before
    /// the reply to the read that it came of.
    func lend(_ copy: StateCopy, to id: ExecutionID)

    /// From now on, has `service` answer what guests ask of the platform.
    func setHostCalls(_ service: any HostCallService)

    /// From now on, has `sink` told what calls print while they run: some lines now and then, never a line twice, and none
    /// of short calls. The outcome of a call still has all lines.
    func onLogs(_ sink: @escaping @Sendable (ExecutionID, [LogLine]) -> Void)

    /// Forgets an image that no function uses any more.
    func forget(_ image: ImageID)

    /// From now on until ``endPreparation()``, calls wait although there is no spot yet: the server is starting.
    func beginPreparation()

    /// Makes what all spots need, which the first start takes long for: `onLong` is told before.
    func prepareSpots(onLong: @escaping @Sendable () -> Void) async throws(SandboxRefusal)

    func endPreparation()

    /// How the sandboxes fare now; nil where they do not say.
    var sandboxStatus: SandboxStatus? { get }
}
