public import Model

/// What was ever enqueued, and what became of it: accepted = queued + running + all settled.
public struct QueueTotals: Hashable, Sendable {
    public var accepted: Int
    public var queued: Int
    public var running: Int
    /// By final status. What is deleted later stays counted.
    public var settled: [ExecutionStatus: Int]

    public init(accepted: Int, queued: Int, running: Int, settled: [ExecutionStatus: Int]) {
        self.accepted = accepted
        self.queued = queued
        self.running = running
        self.settled = settled
    }

    /// Whether nothing was lost or counted twice.
    public var isConserved: Bool { accepted == queued + running + settled.values.reduce(0, +) }
}

/// The counters of a queue, or what is to be added to them.
package struct Ledger: Hashable, Sendable {
    package var accepted = 0
    package var queued = 0
    package var running = 0
    package var settled: [ExecutionStatus: Int] = [:]
    /// Ended executions that are stored, recorded ones too.
    package var kept: [ExecutionStatus: Int] = [:]
    /// Dead letters that are stored.
    package var dead = 0

    package init() {}

    /// An execution was enqueued.
    package mutating func accept(_ count: Int = 1) {
        accepted += count
        queued += count
    }

    /// An execution went from one status to another.
    package mutating func move(from old: ExecutionStatus, to new: ExecutionStatus, isDead: Bool = false) {
        count(old, -1)
        count(new, 1)
        if new.isFinal { kept[new, default: 0] += 1 }
        if isDead { dead += 1 }
    }

    /// An execution that had ended was stored.
    package mutating func record(_ status: ExecutionStatus) { kept[status, default: 0] += 1 }

    /// An execution that had ended was deleted.
    package mutating func delete(_ status: ExecutionStatus, isDead: Bool) {
        kept[status, default: 0] -= 1
        if isDead { dead -= 1 }
    }

    /// How many stored executions have each status; none that has no execution.
    package var counts: [ExecutionStatus: Int] {
        kept.merging([.queued: queued, .running: running]) { $1 }.filter { $0.value != 0 }
    }

    package var totals: QueueTotals {
        QueueTotals(accepted: accepted, queued: queued, running: running, settled: settled.filter { $0.value != 0 })
    }

    /// How many of what has ended are beyond a limit, dead letters not counted.
    package func excess(over limit: Int) -> Int { max(0, kept.values.reduce(0, +) - dead - limit) }

    private mutating func count(_ status: ExecutionStatus, _ number: Int) {
        switch status {
        case .queued: queued += number
        case .running: running += number
        case .succeeded, .failed, .cancelled, .timedOut: settled[status, default: 0] += number
        }
    }
}
