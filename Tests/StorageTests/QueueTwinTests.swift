import Model
import Storage
import StorageSQLite
import Testing

/// Random work on the SQLite store and on its twin in memory, which runs the rules that `QueueModelTests` explores: both must
/// answer alike, always.
@Suite(.timeLimit(.minutes(3))) struct QueueTwinTests {
    private struct World {
        var samples = Samples()
        var random: SeededGenerator
        var now = Timestamp(microseconds: 1_700_000_000_000_000)
        var ids: [ExecutionID] = []
        var batches: [BatchID] = []
        var leases: [Lease] = []

        mutating func chance(_ part: Int) -> Bool { Int.random(in: 0..<100, using: &random) < part }

        mutating func queued() throws -> Execution {
            let name = ["a", "b", "c", "narrow"].randomElement(using: &random)
            var execution = try samples.queued(name)
            execution.priority = [0, 0, 0, 5, -5].randomElement(using: &random) ?? 0
            if chance(20) { execution.notBefore = now + .seconds(Int.random(in: -5...20, using: &random)) }
            if chance(20) { execution.expiresAt = now + .seconds(Int.random(in: 1...20, using: &random)) }
            if chance(10) { execution.callback = "https://a.example/" }
            return execution
        }

        mutating func settlement(_ lease: Lease) -> Settlement {
            let status = [ExecutionStatus.succeeded, .failed, .timedOut, .cancelled, .queued, .queued]
                .randomElement(using: &random)!
            var settlement = Samples.settlement(lease, status)
            settlement.finishedAt = now
            if status == .queued {
                settlement.isUnstarted = chance(30)
                if !settlement.isUnstarted, chance(70) { settlement.notBefore = now + .seconds(3) }
            }
            settlement.isDead = chance(70)
            return settlement
        }
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `the store and its twin answer random work alike`(seed: UInt64) async throws {
        try await withFolder { folder in
            let store = try SQLiteStore.open(folder: folder)
            let twin = MemoryStore()
            var world = World(random: SeededGenerator(seed: seed))
            var function = try world.samples.function("narrow")
            function.policy.concurrency = 2
            for each in [store, twin] as [any Store] {
                try await each.create(function, world.samples.version(1, of: function))
            }
            for step in 0..<150 {
                world.now = world.now + .milliseconds(Int.random(in: 1...2000, using: &world.random))
                try await act(&world, store, twin, "seed \(seed), step \(step)")
                let totals = try await store.totals()
                #expect(totals.isConserved, "seed \(seed), step \(step)")
                #expect(try await totals == twin.totals(), "seed \(seed), step \(step)")
                #expect(try await store.counts() == twin.counts(), "seed \(seed), step \(step)")
            }
            for id in world.ids {
                #expect(try await store.execution(id) == twin.execution(id), "seed \(seed)")
                #expect(try await store.attempts(of: id) == twin.attempts(of: id), "seed \(seed)")
            }
            for id in world.batches {
                #expect(try await store.batch(id)?.counts == twin.batch(id)?.counts, "seed \(seed)")
            }
            try await store.close()
        }
    }

    private func act(_ world: inout World, _ store: SQLiteStore, _ twin: MemoryStore, _ place: String) async throws {
        let comment = Comment(rawValue: place)
        switch Int.random(in: 0..<100, using: &world.random) {
        case 0..<30:
            var queued: [Execution] = []
            for _ in 0..<Int.random(in: 1...4, using: &world.random) { queued.append(try world.queued()) }
            if queued.count > 1 {
                let batch = world.samples.id()
                for index in queued.indices { queued[index].batch = batch }
                world.batches.append(batch)
            }
            var key: IdempotencyKey?
            if world.chance(30) {
                key = IdempotencyKey(
                    namespace: .default, text: "k\(Int.random(in: 0..<5, using: &world.random))",
                    digest: [UInt8.random(in: 0...1, using: &world.random)], now: world.now,
                    expiresAt: world.now + .seconds(10))
            }
            let first = try? await store.enqueue(queued, key: key)
            let second = try? await twin.enqueue(queued, key: key)
            #expect(first == second, comment)
            world.ids += first ?? []
        case 30..<60:
            let limit = Int.random(in: 0...4, using: &world.random)
            let until = world.now + .seconds(Int.random(in: 1...10, using: &world.random))
            let first = try await store.leaseNext(limit: limit, now: world.now, until: until)
            let second = try await twin.leaseNext(limit: limit, now: world.now, until: until)
            #expect(first.leases == second.leases, comment)
            #expect(Set(first.expired) == Set(second.expired), comment)
            #expect(first.nextDue == second.nextDue, comment)
            if first.leases.count < limit { #expect(first.isHeldBack == second.isHeldBack, comment) }
            world.leases += first.leases
        case 60..<82:
            var settlements: [Settlement] = []
            for _ in 0..<3 {
                guard let lease = world.leases.randomElement(using: &world.random) else { break }
                settlements.append(world.settlement(lease))
            }
            #expect(try await store.settle(settlements) == twin.settle(settlements), comment)
        case 82..<87:
            let now: Timestamp? = world.chance(20) ? nil : world.now
            #expect(try await store.requeueExpired(now: now) == twin.requeueExpired(now: now), comment)
        case 87..<92:
            guard let id = world.ids.randomElement(using: &world.random) else { return }
            #expect(try await store.cancel(id, at: world.now) == twin.cancel(id, at: world.now), comment)
        case 92..<94:
            let dead = try await twin.executions(matching: ExecutionFilter(isDead: true, limit: 2)).map(\.id)
            let redrives = dead.map { Redrive(dead: $0, id: world.samples.id(), createdAt: world.now) }
            #expect(try await store.redrive(redrives) == twin.redrive(redrives), comment)
            world.ids += redrives.map(\.id)
        case 94..<96:
            let dead = try await twin.executions(matching: ExecutionFilter(isDead: true, limit: 1)).map(\.id)
            #expect(try await store.purge(dead) == twin.purge(dead), comment)
        case 96..<98:
            let due = try await store.callbacks(dueAt: world.now, limit: 3)
            #expect(try await due == twin.callbacks(dueAt: world.now, limit: 3), comment)
            guard let callback = due.callbacks.first else { return }
            let result: CallbackResult = world.chance(50) ? .done : .retry(at: world.now + .seconds(5))
            try await store.note(result, for: callback.execution)
            try await twin.note(result, for: callback.execution)
        default:
            let rule = RetentionRule(
                endedBefore: Timestamp(microseconds: 0), deadBefore: Timestamp(microseconds: 0), maximumEnded: 20,
                maximumDead: 10, now: world.now)
            #expect(try await store.prune(rule, limit: 10) == twin.prune(rule, limit: 10), comment)
        }
    }
}
