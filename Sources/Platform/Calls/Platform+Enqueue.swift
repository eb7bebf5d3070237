public import Model
import Storage

extension Platform {
    /// Queues calls of a function, all or none, and returns their ids in order once they are on disk.
    public func enqueue(
        _ key: FunctionKey, inputs: [[UInt8]], detail: CallDetail? = nil
    ) async throws(PlatformError) -> [ExecutionID] {
        try await enqueue(key, inputs: inputs, RunOptions(detail: detail), isBatch: false).ids
    }

    /// Queues calls of a function, all or none, and returns when they are on disk. Where the idempotency key was used
    /// before for the same, these are the calls of that time.
    public func enqueue(
        _ key: FunctionKey, inputs: [[UInt8]], _ options: RunOptions, isBatch: Bool
    ) async throws(PlatformError) -> QueuedRuns {
        guard inputs.count <= configuration.maximumBulkCalls else {
            throw PlatformError(
                .tooLarge,
                "\(inputs.count) calls in one request, but at most \(configuration.maximumBulkCalls) are allowed "
                    + "(`maximumBulkCalls`).")
        }
        let function = try await resolve(key)
        for input in inputs { try check(input, function) }
        try check(callback: options.callback)
        let now = time.now()
        let batch = isBatch ? time.makeID(at: now) : nil
        let executions = inputs.enumerated().map { index, input in
            // A microsecond apart, so that ids keep the order of the request.
            Execution(
                id: options.id.flatMap { index == 0 ? $0 : nil } ?? time.makeID(at: now + .microseconds(index)),
                task: .runFunction, trigger: .asynchronous, function: key, status: .queued, input: input,
                createdAt: now, detail: options.detail, priority: options.priority,
                notBefore: options.delay.map { now + $0 }, expiresAt: options.maximumAge.map { now + $0 },
                callback: options.callback, batch: batch)
        }
        let idempotency = options.idempotencyKey.map { text in
            IdempotencyKey(
                namespace: key.namespace, text: text, digest: RunOptions.digest(key, inputs), now: now,
                expiresAt: now + configuration.idempotencyWindow)
        }
        let ids = try await store(executions, idempotency)
        guard ids.first != executions.first?.id else { return QueuedRuns(ids: ids, batch: batch) }
        // The calls of an earlier request, which came in one batch or in none.
        guard isBatch, let first = ids.first else { return QueuedRuns(ids: ids, batch: nil) }
        let earlier = try await PlatformError.storing { try await store.execution(first) }
        return QueuedRuns(ids: ids, batch: earlier?.batch)
    }

    /// Queues calls of several functions, all or none, and returns their ids in order once they are on disk.
    public func enqueue(_ calls: [QueuedCall]) async throws(PlatformError) -> [ExecutionID] {
        guard calls.count <= configuration.maximumBulkCalls else {
            throw PlatformError(
                .tooLarge,
                "\(calls.count) calls in one request, but at most \(configuration.maximumBulkCalls) are allowed "
                    + "(`maximumBulkCalls`).")
        }
        for call in calls { try check(call.input, try await resolve(call.function)) }
        let now = time.now()
        let executions = calls.enumerated().map { index, call in
            Execution(
                id: time.makeID(at: now + .microseconds(index)), task: .runFunction, trigger: .asynchronous,
                function: call.function, status: .queued, input: call.input, createdAt: now, detail: call.detail)
        }
        return try await store(executions, nil)
    }

    /// Queues the dead letters of a function, or all, anew: all or none of them, the newest `maximumBulkCalls` where there are
    /// more. Returns how many there were.
    public func redriveAll(_ function: FunctionKey?) async throws(PlatformError) -> Int {
        let filter = ExecutionFilter(function: function, isDead: true, limit: configuration.maximumBulkCalls)
        let dead = try await PlatformError.storing { try await store.executions(matching: filter) }
        return try await redrive(dead.map(\.id)).count
    }

    /// Queues one dead letter anew, and returns the id of its repetition.
    public func redrive(_ id: ExecutionID) async throws(PlatformError) -> ExecutionID {
        guard let done = try await redrive([id]).first else { throw .noExecution(id) }
        return done
    }

    /// Deletes a dead letter.
    public func purge(_ id: ExecutionID) async throws(PlatformError) {
        guard try await PlatformError.storing({ try await store.purge([id]) }) == 1 else { throw .noExecution(id) }
    }

    /// Deletes the dead letters of a function, or all, and returns how many there were.
    public func purgeAll(_ function: FunctionKey?) async throws(PlatformError) -> Int {
        var count = 0
        while true {
            let filter = ExecutionFilter(function: function, isDead: true, limit: configuration.retentionBatch)
            let purged = try await PlatformError.storing {
                try await store.purge(store.executions(matching: filter).map(\.id))
            }
            count += purged
            if purged == 0 { return count }
        }
    }

    private func redrive(_ ids: [ExecutionID]) async throws(PlatformError) -> [ExecutionID] {
        guard !ids.isEmpty else { return [] }
        try dispatcher.reserve(ids.count)
        let now = time.now()
        let redrives = ids.enumerated().map { index, id in
            Redrive(dead: id, id: time.makeID(at: now + .microseconds(index)), createdAt: now)
        }
        var done: [Redrive] = []
        defer { dispatcher.release(ids.count - done.count) }
        done = try await PlatformError.storing { try await store.redrive(redrives) }
        if !done.isEmpty { dispatcher.wake() }
        return done.map(\.id)
    }

    private func store(
        _ executions: [Execution], _ key: IdempotencyKey?
    ) async throws(PlatformError) -> [ExecutionID] {
        try dispatcher.reserve(executions.count)
        var isStored = false
        defer { if !isStored { dispatcher.release(executions.count) } }
        let ids = try await PlatformError.storing { try await store.enqueue(executions, key: key) }
        isStored = ids.first == executions.first?.id
        if isStored { dispatcher.wake() }
        return ids
    }
}
