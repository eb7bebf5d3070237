package import Model

/// One execution as the queue sees it, and all that can happen to it: pure. Drivers follow these rules; the twin in memory
/// runs them, and a test explores them exhaustively.
package struct QueueEntry: Hashable, Sendable {
    /// What a settle says.
    package enum Verdict: Hashable, Sendable {
        case end(ExecutionStatus, isDead: Bool)
        case again(notBefore: Timestamp?, isUnstarted: Bool)
    }

    package private(set) var status: ExecutionStatus
    package private(set) var attempts: Int
    /// Counts leases. Only who names the current one may settle.
    package private(set) var epoch: Int64 = 0
    package private(set) var leasedUntil: Timestamp?
    /// When it may start, where that is or was in the future.
    package private(set) var notBefore: Timestamp?
    /// Whether it still waits for that time.
    package private(set) var isDelayed: Bool
    package private(set) var isDead: Bool
    package let expiresAt: Timestamp?

    /// An execution as it is when it is stored.
    package init(_ execution: Execution) {
        status = execution.status
        attempts = execution.attempts
        notBefore = execution.notBefore
        isDelayed = execution.status == .queued && execution.notBefore != nil
        isDead = execution.isDead
        expiresAt = execution.expiresAt
    }

    /// Whether it may be leased now.
    package var isReady: Bool { status == .queued && !isDelayed }

    /// When time alone changes it next; nil: it waits for no time.
    package var nextDue: Timestamp? {
        guard status == .queued else { return nil }
        return [isDelayed ? notBefore : nil, attempts == 0 ? expiresAt : nil].compactMap { $0 }.min()
    }

    /// Its time has come. False: it has not, or nothing waits for it.
    package mutating func wake(at now: Timestamp) -> Bool {
        guard status == .queued, isDelayed, let notBefore, notBefore <= now else { return false }
        isDelayed = false
        return true
    }

    /// It is too old to start. False: it is not, or it has been started once.
    package mutating func age(at now: Timestamp) -> Bool {
        guard status == .queued, attempts == 0, let expiresAt, expiresAt <= now else { return false }
        status = .failed
        isDelayed = false
        isDead = true
        return true
    }

    /// Somebody takes it to run it. False: it is not ready.
    package mutating func lease(until: Timestamp) -> Bool {
        guard isReady else { return false }
        status = .running
        attempts += 1
        epoch += 1
        leasedUntil = until
        return true
    }

    /// Who holds lease number `epoch` says what became of it. False: that lease is not the current one.
    package mutating func settle(epoch: Int64, _ verdict: Verdict) -> Bool {
        guard status == .running, self.epoch == epoch else { return false }
        leasedUntil = nil
        switch verdict {
        case .end(let status, let isDead):
            self.status = status
            self.isDead = isDead
        case .again(let notBefore, let isUnstarted):
            status = .queued
            if isUnstarted { attempts -= 1 } else { self.notBefore = notBefore }
            isDelayed = notBefore != nil
        }
        return true
    }

    /// The lease ran out; without a time, all leases did. False: it did not.
    package mutating func loseLease(at now: Timestamp?) -> Bool {
        guard status == .running, let leasedUntil else { return false }
        if let now, leasedUntil >= now { return false }
        self.leasedUntil = nil
        status = .queued
        isDelayed = false
        notBefore = nil
        return true
    }

    /// Somebody wants it to end.
    package mutating func cancel() -> Cancellation {
        switch status {
        case .queued:
            status = .cancelled
            isDelayed = false
            return .cancelled
        case .running: return .running
        case .succeeded, .failed, .cancelled, .timedOut: return .alreadyFinal
        }
    }

    /// It is repeated under another id. False: it is no dead letter.
    package mutating func redrive() -> Bool {
        defer { isDead = false }
        return isDead
    }
}

extension Execution {
    /// Shows what became of it in the queue.
    package mutating func take(_ entry: QueueEntry) {
        status = entry.status
        attempts = entry.attempts
        notBefore = entry.notBefore
        isDead = entry.isDead
    }

    /// What a repetition of a dead letter is: the same call, at once, of the same priority.
    package func repetition(_ redrive: Redrive) -> Execution {
        Execution(
            id: redrive.id, task: task, trigger: trigger, function: function, version: version, status: .queued,
            input: input, createdAt: redrive.createdAt, parent: parent, priority: priority, callback: callback,
            redrivenFrom: id)
    }
}

extension ExecutionFault {
    /// The end of what was too old to start.
    package static let expired = ExecutionFault(
        kind: .expired, type: "ExpiredError",
        message: "The execution had not started when its greatest age was reached.")

    /// The end of an attempt whose lease ran out, or whose server is gone.
    package static let leaseLost = ExecutionFault(
        kind: .workerLost, type: "WorkerLost", message: "The server or the worker that ran it was gone before the end.")
}
