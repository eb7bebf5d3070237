public import Model

/// What a store cannot do, or refuses.
public struct StorageError: Error, Sendable, Equatable {
    public enum Code: String, Sendable {
        case alreadyExists = "already_exists"
        case notFound = "not_found"
        /// The stored thing is not in the state that the change needs.
        case conflict
        /// The disk is full or may not be written: nothing was stored.
        case unavailable
        case corrupt
    }

    public var code: Code
    public var message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

/// The encrypted context of one version of a function.
public struct SealedContext: Hashable, Sendable {
    public var function: FunctionID
    public var version: Int
    public var bytes: [UInt8]

    public init(function: FunctionID, version: Int, bytes: [UInt8]) {
        self.function = function
        self.version = version
        self.bytes = bytes
    }
}

/// Functions and their immutable versions.
public protocol FunctionStore: Sendable {
    /// Stores a new function with its first version, both or neither. `alreadyExists` where the key is taken.
    func create(_ function: Function, _ version: FunctionVersion) async throws
    func function(_ key: FunctionKey) async throws -> Function?
    func version(_ number: Int, of function: FunctionID) async throws -> FunctionVersion?
    /// All functions of a namespace by name; of all namespaces where it is nil.
    func functions(in namespace: Namespace?) async throws -> [Function]
    /// Adds a version and makes it current (and stores the changed `key`, `limits`, `updatedAt`), atomically.
    /// `conflict` unless `version.number` is the stored number plus one; `alreadyExists` where a new key is taken;
    /// `notFound` where it is gone.
    func update(_ function: Function, adding version: FunctionVersion) async throws
    /// Notes that a version's image was taken anew. `notFound` where the version is gone.
    func setImage(_ image: ImageID, version: Int, of function: FunctionID) async throws
    /// Deletes a function with its versions and returns the images that no version refers to any more.
    /// `notFound` where it is gone.
    func delete(_ key: FunctionKey) async throws -> [ImageID]
    /// Encrypted contexts of all versions, by function and version; only those after this one.
    func sealedContexts(after: SealedContext?, limit: Int) async throws -> [SealedContext]
    /// Replaces encrypted contexts by the same ones, encrypted otherwise. Those that are gone or changed are left alone.
    func replace(_ contexts: [(old: SealedContext, new: [UInt8])]) async throws
}

/// Which executions to list, newest first.
public struct ExecutionFilter: Hashable, Sendable {
    public var function: FunctionKey?
    public var statuses: Set<ExecutionStatus>?
    /// Only those with ids before this one: the last id of the page before.
    public var before: ExecutionID?
    public var limit: Int

    public init(
        function: FunctionKey? = nil, statuses: Set<ExecutionStatus>? = nil, before: ExecutionID? = nil,
        limit: Int = 100
    ) {
        self.function = function
        self.statuses = statuses
        self.before = before
        self.limit = limit
    }
}

/// The right to run one queued execution until a time. A settle with an older epoch is refused.
public struct Lease: Hashable, Sendable {
    public var execution: Execution
    public var epoch: Int64

    public init(execution: Execution, epoch: Int64) {
        self.execution = execution
        self.epoch = epoch
    }
}

/// How an execution ended, or that it should be tried again.
public struct Settlement: Hashable, Sendable {
    public var id: ExecutionID
    public var epoch: Int64
    /// A final status, or `queued` to give the lease back.
    public var status: ExecutionStatus
    public var output: [UInt8]?
    public var fault: ExecutionFault?
    public var logs: [LogLine]
    public var usage: ResourceUsage
    public var finishedAt: Timestamp

    public init(
        id: ExecutionID, epoch: Int64, status: ExecutionStatus, output: [UInt8]?, fault: ExecutionFault?,
        logs: [LogLine],
        usage: ResourceUsage, finishedAt: Timestamp
    ) {
        self.id = id
        self.epoch = epoch
        self.status = status
        self.output = output
        self.fault = fault
        self.logs = logs
        self.usage = usage
        self.finishedAt = finishedAt
    }
}

/// What became of a request to cancel.
public enum Cancellation: Hashable, Sendable {
    /// It had not started and is cancelled now.
    case cancelled
    /// It runs: the sandbox must be told, and settles it.
    case running
    /// It had ended before; nothing changed.
    case alreadyFinal
    case notFound
}

/// Executions: the record of every call, and the queue of those still to run.
public protocol ExecutionStore: Sendable {
    /// Stores executions in status `queued`, all or none. Returns when they are on disk: what was acknowledged survives
    /// a crash. `alreadyExists` where an id is known.
    func enqueue(_ executions: [Execution]) async throws
    /// Stores executions that already ended (synchronous calls, administrative acts). A crash may lose the last ones;
    /// readers see them at once. Where an id is known, what is stored stays.
    func record(_ executions: [Execution]) async throws
    /// Takes up to `limit` queued executions, oldest first, sets them `running`, counts an attempt, and leases them
    /// until `until`.
    func lease(limit: Int, now: Timestamp, until: Timestamp) async throws -> [Lease]
    /// Ends leased executions, or gives them back (then only their status and `startedAt` change). Returns the ids
    /// whose lease was no longer the current one: those were refused, nothing changed.
    func settle(_ settlements: [Settlement]) async throws -> [ExecutionID]
    /// Puts back into the queue what is leased until before `now` (all that is leased, where `now` is nil: after a
    /// restart), and returns how many.
    func requeueExpired(now: Timestamp?) async throws -> Int
    func cancel(_ id: ExecutionID, at now: Timestamp) async throws -> Cancellation
    func execution(_ id: ExecutionID) async throws -> Execution?
    /// The known ones among `ids`, in the order of `ids`.
    func executions(_ ids: [ExecutionID]) async throws -> [Execution]
    /// Lists without `input` and `logs`, newest first.
    func executions(matching filter: ExecutionFilter) async throws -> [Execution]
    /// How many are queued, running, and ended, in all.
    func counts() async throws -> [ExecutionStatus: Int]
}

/// Whether a store can do its work.
public protocol StoreHealth: Sendable {
    /// Writes something of no meaning and makes it durable. Throws `unavailable` where that cannot be done.
    func checkWritable() async throws
}

/// The spots.
public protocol SpotStore: Sendable {
    /// What was saved last; nil where nothing ever was.
    func spots() async throws -> SpotRoster?
    /// Stores the spots and the records of those changes that have ended, all or nothing. Returns when it is on disk.
    func save(_ roster: SpotRoster, ended: [Execution]) async throws
}

/// Everything that a server keeps.
public typealias Store = FunctionStore & ExecutionStore & TokenStore & UserStore & AuditStore & SpotStore & StoreHealth
