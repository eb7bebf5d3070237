public import Model

/// What makes a request that is sent twice be done once.
public struct IdempotencyKey: Hashable, Sendable {
    /// Keys of different namespaces have nothing to do with each other.
    public var namespace: Namespace
    public var text: String
    /// A hash of all that makes two requests the same.
    public var digest: [UInt8]
    public var now: Timestamp
    /// From when on the key may be used anew.
    public var expiresAt: Timestamp

    public init(namespace: Namespace, text: String, digest: [UInt8], now: Timestamp, expiresAt: Timestamp) {
        self.namespace = namespace
        self.text = text
        self.digest = digest
        self.now = now
        self.expiresAt = expiresAt
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

/// What a look for work found.
public struct LeasedWork: Hashable, Sendable {
    /// In the order to start them.
    public var leases: [Lease]
    /// What was ended because it was too old to start.
    public var expired: [ExecutionID]
    /// When something that waits for its time may start, or becomes too old; nil: nothing waits so.
    public var nextDue: Timestamp?
    /// Whether something could start but for its function's limit on what runs at one time.
    public var isHeldBack: Bool

    public init(leases: [Lease], expired: [ExecutionID] = [], nextDue: Timestamp? = nil, isHeldBack: Bool = false) {
        self.leases = leases
        self.expired = expired
        self.nextDue = nextDue
        self.isHeldBack = isHeldBack
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
    /// With `queued`: it starts again no earlier than this.
    public var notBefore: Timestamp?
    /// With `queued`: whether it never began, so that no attempt counts. Else the attempt is kept with `fault`, `logs` and
    /// `usage`.
    public var isUnstarted: Bool
    /// With `failed` or `timed-out`: whether it becomes a dead letter.
    public var isDead: Bool

    public init(
        id: ExecutionID, epoch: Int64, status: ExecutionStatus, output: [UInt8]?, fault: ExecutionFault?,
        logs: [LogLine], usage: ResourceUsage, finishedAt: Timestamp, notBefore: Timestamp? = nil,
        isUnstarted: Bool = false, isDead: Bool = false
    ) {
        self.id = id
        self.epoch = epoch
        self.status = status
        self.output = output
        self.fault = fault
        self.logs = logs
        self.usage = usage
        self.finishedAt = finishedAt
        self.notBefore = notBefore
        self.isUnstarted = isUnstarted
        self.isDead = isDead
    }

    /// What becomes of the entry in the queue.
    package var verdict: QueueEntry.Verdict {
        status == .queued
            ? .again(notBefore: notBefore, isUnstarted: isUnstarted)
            : .end(status, isDead: isDead && (status == .failed || status == .timedOut))
    }

    /// How the attempt ended that does not end the execution.
    package var attemptStatus: ExecutionStatus {
        switch fault?.kind {
        case .timedOut: .timedOut
        case .cancelled: .cancelled
        default: .failed
        }
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

/// A dead letter to be queued anew.
public struct Redrive: Hashable, Sendable {
    public var dead: ExecutionID
    /// The id of its repetition.
    public var id: ExecutionID
    public var createdAt: Timestamp

    public init(dead: ExecutionID, id: ExecutionID, createdAt: Timestamp) {
        self.dead = dead
        self.id = id
        self.createdAt = createdAt
    }
}

/// How long ended executions are kept.
public struct RetentionRule: Hashable, Sendable {
    /// Those that ended before this are deleted, but for dead letters.
    public var endedBefore: Timestamp
    /// Dead letters that ended before this are deleted.
    public var deadBefore: Timestamp
    /// As many are kept at most, dead letters not counted; the oldest go first.
    public var maximumEnded: Int
    /// As many dead letters are kept at most.
    public var maximumDead: Int
    /// Idempotency keys that expired before this are forgotten.
    public var now: Timestamp

    public init(
        endedBefore: Timestamp, deadBefore: Timestamp, maximumEnded: Int, maximumDead: Int, now: Timestamp
    ) {
        self.endedBefore = endedBefore
        self.deadBefore = deadBefore
        self.maximumEnded = maximumEnded
        self.maximumDead = maximumDead
        self.now = now
    }
}

/// Callbacks to be sent now, and when to look again.
public struct DueCallbacks: Hashable, Sendable {
    public var callbacks: [Callback]
    /// When the next one is due that is not among them; nil: none waits.
    public var nextDue: Timestamp?

    public init(callbacks: [Callback], nextDue: Timestamp?) {
        self.callbacks = callbacks
        self.nextDue = nextDue
    }
}

/// What came of an attempt to deliver a callback.
public enum CallbackResult: Hashable, Sendable {
    /// Delivered, or given up for good: nothing more is sent.
    case done
    case retry(at: Timestamp)
}
