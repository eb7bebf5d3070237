public import Model
import Synchronization

/// Dead letters, retention and callbacks.
extension MemoryStore {
    public func redrive(_ redrives: [Redrive]) async throws(StorageError) -> [Redrive] {
        state.withLock { state in
            redrives.filter { redrive in
                guard let stored = state.executions[redrive.dead], state.executions[redrive.id] == nil,
                    state.executions[redrive.dead]?.entry.redrive() == true
                else { return false }
                state.ledger.dead -= 1
                state.accept(stored.record.repetition(redrive))
                return true
            }
        }
    }

    public func purge(_ ids: [ExecutionID]) async throws(StorageError) -> Int {
        state.withLock { state in
            let dead = Set(ids.filter { state.executions[$0]?.entry.isDead == true })
            state.delete(dead)
            return dead.count
        }
    }

    public func prune(_ rule: RetentionRule, limit: Int) async throws(StorageError) -> Int {
        state.withLock { state in
            var count = 0
            for (isDead, bound, excess) in [
                (false, rule.endedBefore, state.ledger.excess(over: rule.maximumEnded)),
                (true, rule.deadBefore, max(0, state.ledger.dead - rule.maximumDead)),
            ] {
                let ended = state.order.filter { id in
                    guard let entry = state.executions[id]?.entry, state.callbacks[id] == nil else { return false }
                    return entry.status.isFinal && entry.isDead == isDead
                }
                let old = ended.filter { state.executions[$0]?.record.finishedAt.map { $0 < bound } ?? false }
                let chosen = Set(ended.prefix(min(excess, limit))).union(old.prefix(limit))
                state.delete(chosen)
                count += chosen.count
            }
            let keys = state.keys.filter { $0.value.expiresAt < rule.now }.map(\.key).prefix(limit)
            for key in keys { state.keys[key] = nil }
            let batches = state.batches.values.filter { $0.finishedAt.map { $0 < rule.endedBefore } ?? false }
                .prefix(limit)
            for batch in batches { state.batches[batch.id] = nil }
            return count + keys.count + batches.count
        }
    }

    public func callbacks(dueAt now: Timestamp, limit: Int) async throws(StorageError) -> DueCallbacks {
        state.withLock { state in
            let waiting = state.callbacks.values.sorted {
                ($0.dueAt, $0.callback.execution) < ($1.dueAt, $1.callback.execution)
            }
            let due = waiting.prefix { $0.dueAt <= now }.prefix(max(0, limit))
            return DueCallbacks(
                callbacks: due.map(\.callback), nextDue: waiting.count > due.count ? waiting[due.count].dueAt : nil)
        }
    }

    public func note(_ result: CallbackResult, for id: ExecutionID) async throws(StorageError) {
        state.withLock { state in
            switch result {
            case .done: state.callbacks[id] = nil
            case .retry(let time):
                state.callbacks[id]?.callback.attempts += 1
                state.callbacks[id]?.dueAt = time
            }
        }
    }
}

extension MemoryStore.State {
    fileprivate mutating func delete(_ ids: Set<ExecutionID>) {
        for id in ids {
            guard let entry = executions.removeValue(forKey: id)?.entry else { continue }
            ledger.delete(entry.status, isDead: entry.isDead)
            callbacks[id] = nil
        }
        order.removeAll { ids.contains($0) }
    }
}
