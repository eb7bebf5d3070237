import Model
import Storage
import Testing

/// Retries, keys, batches, dead letters, callbacks, retention and the counters.
@Suite struct QueueKeepingConformanceTests {
    private static let soon = Timestamp(microseconds: 2_000_000_000_000_000)
    private static let later = Timestamp(microseconds: 2_000_000_060_000_000)

    private func lease(_ store: any Store, _ limit: Int = 1, at now: Timestamp = soon) async throws -> [Lease] {
        try await store.lease(limit: limit, now: now, until: now + .seconds(60))
    }

    @Test(arguments: Driver.allCases)
    func `an attempt that is to be repeated waits for its time and is kept`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            try await store.enqueue([try samples.queued()])
            let first = try #require(try await lease(store).first)
            var failed = Samples.settlement(first, .queued)
            failed.fault = ExecutionFault(kind: .raised, type: "ValueError", message: "no", traceback: "TB")
            failed.notBefore = Self.later
            #expect(try await store.settle([failed]).isEmpty)
            let waiting = try #require(try await store.execution(first.execution.id))
            #expect(waiting.status == .queued && waiting.notBefore == Self.later && waiting.fault == nil)
            #expect(try await lease(store).isEmpty)
            let second = try #require(try await lease(store, at: Self.later).first)
            #expect(second.execution.attempts == 2 && second.epoch == 2)
            _ = try await store.settle([Samples.settlement(second)])
            let attempts = try await store.attempts(of: first.execution.id)
            #expect(
                attempts == [
                    Attempt(
                        number: 1, status: .failed, startedAt: Self.soon, finishedAt: failed.finishedAt,
                        fault: failed.fault, usage: failed.usage, logs: failed.logs)
                ])
        }
    }

    @Test(arguments: Driver.allCases)
    func `an attempt that never began does not count`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            try await store.enqueue([try samples.queued()])
            let first = try #require(try await lease(store).first)
            var back = Samples.settlement(first, .queued)
            back.isUnstarted = true
            #expect(try await store.settle([back]).isEmpty)
            #expect(try await store.attempts(of: first.execution.id).isEmpty)
            let second = try #require(try await lease(store).first)
            #expect(second.execution.attempts == 1 && second.epoch == 2)
        }
    }

    @Test(arguments: Driver.allCases)
    func `an attempt whose lease was lost is kept as such`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            try await store.enqueue([try samples.queued()])
            let first = try #require(try await lease(store).first)
            #expect(try await store.requeueExpired(now: nil) == 1)
            let attempts = try await store.attempts(of: first.execution.id)
            #expect(attempts.map(\.fault?.kind) == [.workerLost] && attempts.map(\.finishedAt) == [nil])
            #expect(attempts.map(\.startedAt) == [Self.soon])
        }
    }

    @Test(arguments: Driver.allCases)
    func `the same key for the same request gives the same executions`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            let queued = try (0..<3).map { _ in try samples.queued() }
            let key = IdempotencyKey(
                namespace: .default, text: "k", digest: [1, 2], now: Self.soon, expiresAt: Self.later)
            #expect(try await store.enqueue(queued, key: key) == queued.map(\.id))
            let again = try (0..<3).map { _ in try samples.queued() }
            #expect(try await store.enqueue(again, key: key) == queued.map(\.id))
            #expect(try await store.counts() == [.queued: 3])
            var other = key
            other.digest = [3]
            let conflict = other
            #expect(await refusal { _ = try await store.enqueue(again, key: conflict) } == .keyConflict)
            other.namespace = try Namespace("apps")
            #expect(try await store.enqueue([again[0]], key: other) == [again[0].id])
            // After its time a key may be used for anything.
            other = conflict
            other.now = Self.later
            other.expiresAt = Self.later + .seconds(1)
            #expect(try await store.enqueue([again[1]], key: other) == [again[1].id])
            #expect(try await store.totals().accepted == 5)
        }
    }

    @Test(arguments: Driver.allCases)
    func `a key of a request that was refused may be used`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            let queued = try samples.queued()
            try await store.enqueue([queued])
            let key = IdempotencyKey(namespace: .default, text: "k", digest: [1], now: Self.soon, expiresAt: Self.later)
            #expect(await refusal { _ = try await store.enqueue([queued], key: key) } == .alreadyExists)
            let other = try samples.queued()
            #expect(try await store.enqueue([other], key: key) == [other.id])
        }
    }

    @Test(arguments: Driver.allCases)
    func `a batch tells how far it is`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            let batch = samples.id()
            var queued = try (0..<5).map { _ in try samples.queued() }
            for index in queued.indices { queued[index].batch = batch }
            try await store.enqueue(queued + [try samples.queued()])
            var progress = try #require(try await store.batch(batch))
            #expect(progress.total == 5 && progress.counts == [.queued: 5] && progress.createdAt == queued[0].createdAt)
            let leases = try await lease(store, 4)
            _ = try await store.settle([
                Samples.settlement(leases[0]), Samples.settlement(leases[1], .failed),
                Samples.settlement(leases[2], .queued),
            ])
            progress = try #require(try await store.batch(batch))
            #expect(progress.counts == [.queued: 2, .running: 1, .succeeded: 1, .failed: 1])
            #expect(progress.finishedAt == nil && !progress.isFinished)
            for id in queued.map(\.id) { _ = try await store.cancel(id, at: Self.later) }
            _ = try await store.settle([Samples.settlement(leases[3], .timedOut)])
            progress = try #require(try await store.batch(batch))
            #expect(progress.counts == [.cancelled: 2, .timedOut: 1, .succeeded: 1, .failed: 1])
            #expect(progress.finishedAt != nil && progress.total == 5)
            #expect(try await store.batch(samples.id()) == nil)
        }
    }

    @Test(arguments: Driver.allCases)
    func `dead letters are listed, repeated and purged`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            try await store.enqueue(
                try (0..<4).map { _ in try samples.queued(input: [UInt8](repeating: 5, count: 600)) })
            let leases = try await lease(store, 4)
            let ends: [ExecutionStatus] = [.failed, .timedOut, .succeeded, .failed]
            _ = try await store.settle(
                zip(leases, ends).map { lease, status in
                    var settlement = Samples.settlement(lease, status)
                    settlement.isDead = lease.epoch > 0
                    return settlement
                })
            let ids = leases.map(\.execution.id)
            func dead() async throws -> [ExecutionID] {
                try await store.executions(matching: ExecutionFilter(isDead: true)).map(\.id)
            }
            #expect(try await dead() == [ids[3], ids[1], ids[0]])
            let key = FunctionKey(name: try FunctionName("hello"))
            let listed = try await store.executions(
                matching: ExecutionFilter(function: key, statuses: [.failed], isDead: true, before: ids[3]))
            #expect(listed.map(\.id) == [ids[0]] && listed[0].isDead)
            #expect(try await store.executions(matching: ExecutionFilter(isDead: false)).map(\.id) == [ids[2]])

            let redrives = ids.map { Redrive(dead: $0, id: samples.id(), createdAt: samples.now) }
            #expect(try await store.redrive([redrives[0], redrives[2], redrives[0]]) == [redrives[0]])
            let repetition = try #require(try await store.execution(redrives[0].id))
            #expect(repetition.redrivenFrom == ids[0] && repetition.status == .queued && repetition.attempts == 0)
            #expect(repetition.input.count == 600)
            #expect(try await store.execution(ids[0])?.isDead == false)
            #expect(try await dead() == [ids[3], ids[1]])
            #expect(try await lease(store).map(\.execution.id) == [redrives[0].id])

            #expect(try await store.purge([ids[1], ids[2], ids[1]]) == 1)
            #expect(try await store.execution(ids[1]) == nil)
            #expect(try await store.execution(ids[2]) != nil)
            #expect(try await dead() == [ids[3]])
            let totals = try await store.totals()
            #expect(totals.isConserved && totals.accepted == 5 && totals.settled[.timedOut] == 1)
            #expect(try await store.counts() == [.running: 1, .failed: 2, .succeeded: 1])
        }
    }

    @Test(arguments: Driver.allCases)
    func `a callback is due from the end of its execution until it is delivered`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            var queued = try (0..<4).map { _ in try samples.queued() }
            for index in 0..<3 { queued[index].callback = "https://a.example/\(index)" }
            queued[2].expiresAt = Self.later
            try await store.enqueue(queued)
            #expect(try await store.callbacks(dueAt: Self.later, limit: 9) == DueCallbacks(callbacks: [], nextDue: nil))
            let first = try await lease(store)[0]
            let settlement = Samples.settlement(first)
            _ = try await store.settle([settlement])
            #expect(try await store.cancel(queued[1].id, at: Self.later) == .cancelled)
            _ = try await lease(store, 1, at: Self.later)
            let all = try await store.callbacks(dueAt: Self.later, limit: 9)
            #expect(all.callbacks.map(\.execution) == queued[..<3].map(\.id) && all.nextDue == nil)
            let one = try await store.callbacks(dueAt: Self.later, limit: 1)
            #expect(one.callbacks == [Callback(execution: queued[0].id, url: "https://a.example/0")])
            #expect(one.nextDue == Self.later)
            #expect(try await store.callbacks(dueAt: Self.soon, limit: 9).callbacks.count == 1)
            try await store.note(.retry(at: Self.later + .seconds(9)), for: queued[0].id)
            try await store.note(.done, for: queued[1].id)
            let rest = try await store.callbacks(dueAt: Self.later, limit: 9)
            #expect(rest.callbacks.map(\.execution) == [queued[2].id] && rest.nextDue == Self.later + .seconds(9))
            let retried = try await store.callbacks(dueAt: Self.later + .seconds(9), limit: 9)
            #expect(retried.callbacks.map(\.attempts) == [0, 1])
        }
    }

    @Test(arguments: Driver.allCases)
    func `what ended long ago is deleted little by little, dead letters later`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            let ended = try (0..<7).map { _ in try samples.ended() }
            try await store.record(ended)
            var queued = try (0..<3).map { _ in try samples.queued(input: [UInt8](repeating: 1, count: 700)) }
            queued[1].callback = "https://a.example/"
            try await store.enqueue(queued)
            let leases = try await lease(store, 2)
            var dead = Samples.settlement(leases[0], .failed)
            dead.isDead = true
            _ = try await store.settle([dead, Samples.settlement(leases[1])])
            var rule = RetentionRule(
                endedBefore: Self.later, deadBefore: samples.now, maximumEnded: 100, maximumDead: 100, now: Self.later)
            var deleted: [Int] = []
            for _ in 0..<4 { deleted.append(try await store.prune(rule, limit: 3)) }
            #expect(deleted == [3, 3, 1, 0])
            #expect(try await store.executions(ended.map(\.id)).isEmpty)
            #expect(try await store.executions(queued.map(\.id)).count == 3, "dead, with a callback, and queued")
            rule.deadBefore = Self.later
            #expect(try await store.prune(rule, limit: 3) == 1)
            try await store.note(.done, for: queued[1].id)
            #expect(try await store.prune(rule, limit: 3) == 1)
            #expect(try await store.counts() == [.queued: 1])
            let totals = try await store.totals()
            #expect(totals.isConserved && totals.accepted == 3)
        }
    }

    @Test(arguments: Driver.allCases)
    func `more than may be kept are deleted, the oldest first`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            let ended = try (0..<10).map { index in try samples.ended(index % 2 == 0 ? .succeeded : .cancelled) }
            try await store.record(ended)
            _ = try await store.counts()
            let rule = RetentionRule(
                endedBefore: Timestamp(microseconds: 0), deadBefore: Timestamp(microseconds: 0), maximumEnded: 4,
                maximumDead: 4, now: samples.now)
            #expect(try await store.prune(rule, limit: 5) == 5)
            #expect(try await store.prune(rule, limit: 5) == 1)
            #expect(try await store.prune(rule, limit: 5) == 0)
            let left = try await store.executions(matching: ExecutionFilter())
            #expect(left.map(\.id) == ended[6...].reversed().map(\.id))
        }
    }

    @Test(arguments: Driver.allCases)
    func `lists can be limited to a time`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            let ended = try (0..<10).map { _ in try samples.ended() }
            try await store.record(ended)
            let filter = ExecutionFilter(createdFrom: ended[2].createdAt, createdBefore: ended[6].createdAt)
            #expect(try await store.executions(matching: filter).map(\.id) == ended[2..<6].reversed().map(\.id))
            var page = filter
            page.before = ended[4].id
            page.statuses = [.succeeded]
            #expect(try await store.executions(matching: page).map(\.id) == ended[2..<4].reversed().map(\.id))
        }
    }
}
