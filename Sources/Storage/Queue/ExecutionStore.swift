public import Model

/// Executions: the record of every call, and the queue of those still to run.
///
/// What comes in through ``enqueue(_:key:)`` is counted: accepted = queued + running + settled, in every state that can be
/// read, for the counters change in the transactions that they count.
public protocol ExecutionStore: Sendable {
    /// Stores executions in status `queued`, all or none. Returns when they are on disk: what was acknowledged survives
    /// a crash. `alreadyExists` where an id is known. Those of one ``Execution/batch`` are counted together.
    ///
    /// With a key that was used before for the same request nothing is stored, and the ids of that time are returned;
    /// `keyConflict` where it was used for another one.
    func enqueue(_ executions: [Execution], key: IdempotencyKey?) async throws -> [ExecutionID]
    /// Stores executions that already ended (synchronous calls, administrative acts). A crash may lose the last ones;
    /// readers see them at once. Where an id is known, what is stored stays.
    func record(_ executions: [Execution]) async throws
    /// Ends what is too old to start, then takes up to `limit` queued executions that may start, sets them `running`,
    /// counts an attempt, and leases them until `until`. Higher priorities come first; of one priority the functions
    /// take turns, who had none for longest first; of one function the oldest comes first. A function's
    /// ``FunctionPolicy/concurrency`` is kept.
    func leaseNext(limit: Int, now: Timestamp, until: Timestamp) async throws -> LeasedWork
    /// Ends leased executions, or puts them back. Returns the ids whose lease was no longer the current one: those were
    /// refused, nothing changed. The callbacks of those that ended are due from then on.
    func settle(_ settlements: [Settlement]) async throws -> [ExecutionID]
    /// Puts back into the queue what is leased until before `now` (all that is leased, where `now` is nil: after a
    /// restart), and returns how many. Their attempts are kept as ones whose worker was lost.
    func requeueExpired(now: Timestamp?) async throws -> Int
    func cancel(_ id: ExecutionID, at now: Timestamp) async throws -> Cancellation

    func execution(_ id: ExecutionID) async throws -> Execution?
    /// The known ones among `ids`, in the order of `ids`.
    func executions(_ ids: [ExecutionID]) async throws -> [Execution]
    /// Lists without `input` and `logs`, newest first.
    func executions(matching filter: ExecutionFilter) async throws -> [Execution]
    /// The recorded calls that came of a client's call, without `input` and `logs`, by their numbers; of one number the oldest
    /// first.
    func executions(ofRoot root: ExecutionID) async throws -> [Execution]
    /// The attempts of an execution that did not end it, oldest first.
    func attempts(of id: ExecutionID) async throws -> [Attempt]
    /// How far the executions of a batch are; one look, however many they are.
    func batch(_ id: BatchID) async throws -> BatchProgress?
    /// How many stored executions are queued, running, and ended. Looks at no execution.
    func counts() async throws -> [ExecutionStatus: Int]
    /// What was ever enqueued, and what became of it. Looks at no execution.
    func totals() async throws -> QueueTotals

    /// Queues dead letters anew, each under a new id; the old ones are dead no longer. Returns those that were done:
    /// the others are no dead letters.
    func redrive(_ redrives: [Redrive]) async throws -> [Redrive]
    /// Deletes dead letters, and returns how many of `ids` were such.
    func purge(_ ids: [ExecutionID]) async throws -> Int
    /// Deletes some of what is kept for too long, and returns how much; 0: there is nothing more to delete.
    func prune(_ rule: RetentionRule, limit: Int) async throws -> Int

    /// Callbacks that are due, the longest due first.
    func callbacks(dueAt now: Timestamp, limit: Int) async throws -> DueCallbacks
    /// Notes what came of an attempt to deliver. Nothing happens where the callback is gone.
    func note(_ result: CallbackResult, for id: ExecutionID) async throws
}

extension ExecutionStore {
    /// Stores executions in status `queued`, all or none.
    public func enqueue(_ executions: [Execution]) async throws { _ = try await enqueue(executions, key: nil) }

    /// Leases the next executions.
    public func lease(limit: Int, now: Timestamp, until: Timestamp) async throws -> [Lease] {
        try await leaseNext(limit: limit, now: now, until: until).leases
    }
}

/// Which executions to list, newest first.
public struct ExecutionFilter: Hashable, Sendable {
    public var function: FunctionKey?
    public var statuses: Set<ExecutionStatus>?
    /// Only dead letters, or only others; nil: both.
    public var isDead: Bool?
    /// Only those made at this time or later, by their ids.
    public var createdFrom: Timestamp?
    /// Only those made before this time, by their ids.
    public var createdBefore: Timestamp?
    /// Only those with ids before this one: the last id of the page before.
    public var before: ExecutionID?
    public var limit: Int

    public init(
        function: FunctionKey? = nil, statuses: Set<ExecutionStatus>? = nil, isDead: Bool? = nil,
        createdFrom: Timestamp? = nil, createdBefore: Timestamp? = nil, before: ExecutionID? = nil, limit: Int = 100
    ) {
        self.function = function
        self.statuses = statuses
        self.isDead = isDead
        self.createdFrom = createdFrom
        self.createdBefore = createdBefore
        self.before = before
        self.limit = limit
    }

    /// The ids that the times and the page allow: from the first to before the second.
    package var range: (from: ExecutionID, before: ExecutionID) {
        let last = ExecutionID(high: .max, low: .max)
        let bounds = [before, createdBefore.map { ExecutionID(firstAt: $0) }].compactMap { $0 }
        return (createdFrom.map { ExecutionID(firstAt: $0) } ?? ExecutionID(high: 0, low: 0), bounds.min() ?? last)
    }

    /// Whether an execution is among those that are asked for, whatever the limit.
    package func admits(_ execution: Execution) -> Bool {
        let (from, before) = range
        return from <= execution.id && execution.id < before
            && (function == nil || execution.function == function)
            && (statuses?.contains(execution.status) ?? true)
            && (isDead == nil || execution.isDead == isDead)
    }
}
