/// One start of an execution that did not end it: what became of it, and what it printed.
public struct Attempt: Hashable, Sendable, Codable {
    /// Counted from 1.
    public var number: Int
    public var status: ExecutionStatus
    public var startedAt: Timestamp?
    /// Nil: the server or its worker was gone, so nobody saw the end.
    public var finishedAt: Timestamp?
    public var fault: ExecutionFault?
    public var usage: ResourceUsage
    public var logs: [LogLine]

    public init(
        number: Int, status: ExecutionStatus, startedAt: Timestamp?, finishedAt: Timestamp?, fault: ExecutionFault?,
        usage: ResourceUsage = ResourceUsage(), logs: [LogLine] = []
    ) {
        self.number = number
        self.status = status
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.fault = fault
        self.usage = usage
        self.logs = logs
    }
}

/// How far the executions are that were queued together.
public struct BatchProgress: Hashable, Sendable, Codable {
    public var id: BatchID
    public var createdAt: Timestamp
    public var total: Int
    /// How many have each status.
    public var counts: [ExecutionStatus: Int]
    /// When the last one ended.
    public var finishedAt: Timestamp?

    public init(
        id: BatchID, createdAt: Timestamp, total: Int, counts: [ExecutionStatus: Int], finishedAt: Timestamp? = nil
    ) {
        self.id = id
        self.createdAt = createdAt
        self.total = total
        self.counts = counts
        self.finishedAt = finishedAt
    }

    /// Whether all have ended.
    public var isFinished: Bool { counts[.queued, default: 0] + counts[.running, default: 0] == 0 }
}

/// A message about an ended execution that somebody waits for.
public struct Callback: Hashable, Sendable, Codable {
    public var execution: ExecutionID
    public var url: String
    /// How often it was tried to deliver it.
    public var attempts: Int

    public init(execution: ExecutionID, url: String, attempts: Int = 0) {
        self.execution = execution
        self.url = url
        self.attempts = attempts
    }
}
