public import Model
public import Storage

extension Platform {
    /// One execution, as it is now.
    public func execution(_ id: ExecutionID) async throws(PlatformError) -> Execution {
        if let change = spots.unfinished.first(where: { $0.id == id }) { return change }
        if let stored = try await stored(id) { return stored }
        if let call = runner.active[id] { return call.execution(id) }
        // It may have ended in between.
        guard let stored = try await stored(id) else { throw .noExecution(id) }
        return stored
    }

    /// The known ones among `ids`, in their order.
    public func executions(_ ids: [ExecutionID]) async throws(PlatformError) -> [Execution] {
        guard ids.count <= configuration.maximumBulkCalls else {
            throw PlatformError(
                .tooLarge,
                "\(ids.count) ids in one request, but at most \(configuration.maximumBulkCalls) are allowed "
                    + "(`maximumBulkCalls`).")
        }
        let running =
            ids.compactMap { id in runner.active[id].map { $0.execution(id) } }
            .filter { $0.trigger == .synchronous } + spots.unfinished.filter { ids.contains($0.id) }
        let stored = try await PlatformError.storing { try await store.executions(ids) }
        if running.isEmpty { return stored }
        let known = Dictionary((running + stored).map { ($0.id, $0) }) { $1 }
        return ids.compactMap { known[$0] }
    }

    /// Executions, newest first, without input and logs.
    public func executions(matching filter: ExecutionFilter) async throws(PlatformError) -> [Execution] {
        var filter = filter
        filter.limit = min(filter.limit, configuration.maximumListedExecutions)
        let running = (runner.active.all(.synchronous).map { $0.call.execution($0.id) } + spots.unfinished)
            .filter(filter.admits)
        let stored = try await PlatformError.storing { try await store.executions(matching: filter) }
        if running.isEmpty { return stored }
        let ids = Set(stored.map(\.id))
        let all = (stored + running.filter { !ids.contains($0.id) }).sorted { $1.id < $0.id }
        return Array(all.prefix(filter.limit))
    }

    /// Ends a queued or running execution and returns it as it is then. One that had ended stays as it was.
    public func cancel(_ id: ExecutionID) async throws(PlatformError) -> Execution {
        // Between two looks a queued execution may be leased, and a leased one may be started.
        for _ in 0..<3 {
            if await runner.cancel(id) {
                await runner.active.ended(id, within: configuration.cancelWait)
                await dispatcher.settleNow()
                break
            }
            let now = time.now()
            let cancellation = try await PlatformError.storing { try await store.cancel(id, at: now) }
            if cancellation == .cancelled {
                dispatcher.release(1)
                hub.changed([id])
                callbacks.wake()
            }
            if cancellation != .running { break }
            if await dispatcher.withdraw(id) { break }
        }
        return try await execution(id)
    }

    private func stored(_ id: ExecutionID) async throws(PlatformError) -> Execution? {
        try await PlatformError.storing { try await store.execution(id) }
    }
}
