import Model
import Synchronization

/// How the twin keeps its books: every change of an entry goes through ``change(_:at:_:)``.
extension MemoryStore.State {
    mutating func insert(_ execution: Execution) {
        executions[execution.id] = MemoryStore.StoredExecution(record: execution, entry: QueueEntry(execution))
        // Ids sort by creation, so the place is nearly always the end.
        let place = (order.lastIndex { $0 < execution.id } ?? -1) + 1
        order.insert(execution.id, at: place)
    }

    mutating func accept(_ execution: Execution) {
        insert(execution)
        ledger.accept()
        if QueueEntry(execution).isReady { addReady(LaneKey(execution), 1) }
        if let batch = execution.batch {
            var progress =
                batches[batch] ?? BatchProgress(id: batch, createdAt: execution.createdAt, total: 0, counts: [:])
            progress.total += 1
            progress.counts[.queued, default: 0] += 1
            batches[batch] = progress
        }
    }

    /// The executions that a key stands for; nil: it may be used.
    func use(of key: IdempotencyKey) throws(StorageError) -> [ExecutionID]? {
        guard let used = keys[MemoryStore.NamespacedKey(namespace: key.namespace, text: key.text)],
            key.now < used.expiresAt
        else { return nil }
        guard used.digest == key.digest else { throw .keyConflict(key) }
        return used.executions
    }

    /// Changes one execution and keeps the books. `now` is when its callback is due, should it end.
    @discardableResult
    mutating func change<Result>(
        _ id: ExecutionID, at now: Timestamp = Timestamp(microseconds: 0),
        _ body: (inout MemoryStore.StoredExecution) -> Result
    ) -> Result? {
        guard let old = executions[id]?.entry else { return nil }
        let result = body(&executions[id]!)
        guard let stored = executions[id], stored.entry != old else { return result }
        let (entry, record) = (stored.entry, stored.record)
        if old.isReady != entry.isReady { addReady(LaneKey(record), entry.isReady ? 1 : -1) }
        guard old.status != entry.status else { return result }
        ledger.move(from: old.status, to: entry.status, isDead: entry.isDead)
        if let batch = record.batch { batches[batch]?.move(from: old.status, to: entry.status, at: now) }
        if entry.status.isFinal, let url = record.callback {
            callbacks[id] = .init(callback: Callback(execution: id, url: url), dueAt: now)
        }
        return result
    }

    mutating func addReady(_ key: LaneKey, _ count: Int) {
        // A new lane has its turn after all that wait.
        var lane = lanes[key] ?? Lane(key: key, ready: 0, served: turn)
        lane.ready += count
        lanes[key] = lane.ready == 0 ? nil : lane
    }

    mutating func lease(limit: Int, now: Timestamp, until: Timestamp) -> LeasedWork {
        let expired = order.filter { expire($0, at: now) }
        for id in order { change(id) { _ = $0.entry.wake(at: now) } }
        var plan = LanePlan(limit: max(0, limit))
        for lane in lanes.values.sorted(by: { $0.precedes($1) }) where !plan.isFull {
            plan.offer(lane, room: room(lane.key.function))
        }
        plan.finish()
        var leases: [Lease] = []
        for key in plan.picks {
            guard let id = order.first(where: { isNext($0, in: key) }) else { continue }
            change(id) { stored in
                guard stored.entry.lease(until: until) else { return }
                stored.record.startedAt = now
            }
            if let stored = executions[id] {
                leases.append(Lease(execution: stored.execution, epoch: stored.entry.epoch))
            }
            turn += 1
            lanes[key]?.served = turn
        }
        let nextDue = executions.values.compactMap(\.entry.nextDue).min()
        return LeasedWork(leases: leases, expired: expired, nextDue: nextDue, isHeldBack: plan.isHeldBack)
    }

    private func isNext(_ id: ExecutionID, in key: LaneKey) -> Bool {
        guard let stored = executions[id] else { return false }
        return stored.entry.isReady && LaneKey(stored.record) == key
    }

    private mutating func expire(_ id: ExecutionID, at now: Timestamp) -> Bool {
        change(id, at: now) { stored in
            guard stored.entry.age(at: now) else { return false }
            stored.record.fault = .expired
            stored.record.finishedAt = now
            return true
        } ?? false
    }

    /// How many more of a function may run; nil: there is no limit.
    private func room(_ function: FunctionKey?) -> Int? {
        guard let function, let limit = functions[function]?.policy.concurrency else { return nil }
        return limit - executions.values.count { $0.record.function == function && $0.entry.status == .running }
    }

    mutating func settle(_ settlement: Settlement) -> Bool {
        change(settlement.id, at: settlement.finishedAt) { stored in
            let attempt = stored.entry.attempts
            guard stored.entry.settle(epoch: settlement.epoch, settlement.verdict) else { return false }
            if settlement.status == .queued {
                if !settlement.isUnstarted {
                    stored.attempts.append(
                        Attempt(
                            number: attempt, status: settlement.attemptStatus, startedAt: stored.record.startedAt,
                            finishedAt: settlement.finishedAt, fault: settlement.fault, usage: settlement.usage,
                            logs: settlement.logs))
                }
                stored.record.startedAt = nil
                return true
            }
            stored.record.output = settlement.output
            stored.record.fault = settlement.fault
            stored.record.logs = settlement.logs
            stored.record.usage = settlement.usage
            stored.record.finishedAt = settlement.finishedAt
            return true
        } ?? false
    }
}

extension BatchProgress {
    mutating func move(from old: ExecutionStatus, to new: ExecutionStatus, at now: Timestamp) {
        counts[old, default: 0] -= 1
        if counts[old] == 0 { counts[old] = nil }
        counts[new, default: 0] += 1
        if isFinished { finishedAt = now }
    }
}
