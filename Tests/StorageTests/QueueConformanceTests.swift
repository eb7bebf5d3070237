import Model
import Storage
import Testing

@Suite struct QueueConformanceTests {
    private static let soon = Timestamp(microseconds: 2_000_000_000_000_000)
    private static let later = Timestamp(microseconds: 2_000_000_060_000_000)

    @Test(arguments: Driver.allCases)
    func `a queued execution is leased, runs and is settled`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            let queued = try samples.queued()
            try await store.enqueue([queued])
            #expect(try await store.execution(queued.id) == queued)

            let leases = try await store.lease(limit: 10, now: Self.soon, until: Self.later)
            var running = queued
            running.status = .running
            running.attempts = 1
            running.startedAt = Self.soon
            #expect(leases == [Lease(execution: running, epoch: 1)])
            #expect(try await store.execution(queued.id) == running)
            #expect(try await store.lease(limit: 10, now: Self.soon, until: Self.later).isEmpty)

            let settlement = Samples.settlement(leases[0])
            #expect(try await store.settle([settlement]).isEmpty)
            var ended = running
            ended.status = .succeeded
            ended.output = settlement.output
            ended.logs = settlement.logs
            ended.usage = settlement.usage
            ended.finishedAt = settlement.finishedAt
            #expect(try await store.execution(queued.id) == ended)
        }
    }

    @Test(arguments: Driver.allCases)
    func `a failure is kept with its fault and traceback`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            try await store.enqueue([try samples.queued()])
            let lease = try #require(try await store.lease(limit: 1, now: Self.soon, until: Self.later).first)
            var settlement = Samples.settlement(lease, .failed, output: nil)
            settlement.fault = ExecutionFault(
                kind: .raised, type: "ValueError", message: "“no”", traceback: "File \"main.py\"\n", file: "main.py",
                line: 3)
            _ = try await store.settle([settlement])
            let stored = try await store.execution(lease.execution.id)
            #expect(stored?.fault == settlement.fault)
            #expect(stored?.output == nil)
        }
    }

    @Test(arguments: Driver.allCases)
    func `the oldest are leased first, no more than asked for`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            let queued = try (0..<5).map { _ in try samples.queued() }
            try await store.enqueue(queued.reversed())
            let first = try await store.lease(limit: 2, now: Self.soon, until: Self.later)
            let second = try await store.lease(limit: 9, now: Self.soon, until: Self.later)
            #expect(first.map(\.execution.id) == queued[..<2].map(\.id))
            #expect(second.map(\.execution.id) == queued[2...].map(\.id))
            #expect(try await store.lease(limit: 0, now: Self.soon, until: Self.later).isEmpty)
        }
    }

    @Test(arguments: Driver.allCases)
    func `several are queued all or none`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            let (known, fresh) = (try samples.queued(), try samples.queued())
            try await store.enqueue([known])
            #expect(await refusal { try await store.enqueue([fresh, known]) } == .alreadyExists)
            #expect(await refusal { try await store.enqueue([fresh, fresh]) } == .alreadyExists)
            let ended = try samples.ended()
            #expect(await refusal { try await store.enqueue([fresh, ended]) } == .conflict)
            #expect(try await store.execution(fresh.id) == nil)
            #expect(try await store.counts() == [.queued: 1])
            try await store.enqueue([])
        }
    }

    @Test(arguments: Driver.allCases)
    func `a lease that was given back is leased again under a new epoch`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            try await store.enqueue([try samples.queued()])
            let first = try #require(try await store.lease(limit: 1, now: Self.soon, until: Self.later).first)
            #expect(try await store.settle([Samples.settlement(first, .queued)]).isEmpty)
            let waiting = try await store.execution(first.execution.id)
            #expect(waiting?.status == .queued)
            #expect(waiting?.output == nil)
            #expect(waiting?.startedAt == nil)
            let second = try #require(try await store.lease(limit: 1, now: Self.soon, until: Self.later).first)
            #expect(second.epoch == 2)
            #expect(second.execution.attempts == 2)
        }
    }

    @Test(arguments: Driver.allCases)
    func `a settle is refused once its lease is no longer the current one`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            try await store.enqueue([try samples.queued(), try samples.queued()])
            let leases = try await store.lease(limit: 2, now: Self.soon, until: Self.later)
            let (lost, kept) = (leases[0], leases[1])
            #expect(try await store.requeueExpired(now: nil) == 2)
            #expect(try await store.settle([Samples.settlement(lost)]) == [lost.execution.id], "nobody holds it")
            let again = try await store.lease(limit: 2, now: Self.soon, until: Self.later)
            let settlements = [Samples.settlement(lost, .failed), Samples.settlement(again[1])]
            #expect(try await store.settle(settlements) == [lost.execution.id])
            #expect(try await store.execution(lost.execution.id)?.status == .running)
            #expect(try await store.execution(kept.execution.id)?.status == .succeeded)
            #expect(try await store.settle([Samples.settlement(again[1])]) == [kept.execution.id], "it is settled")
            #expect(try await store.settle([Samples.settlement(lost, .queued)]) == [lost.execution.id])
        }
    }

    @Test(arguments: Driver.allCases)
    func `a settle of an unknown execution is refused, and one as running is an error`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            let lease = Lease(execution: try samples.queued(), epoch: 1)
            #expect(try await store.settle([Samples.settlement(lease)]) == [lease.execution.id])
            #expect(await refusal { _ = try await store.settle([Samples.settlement(lease, .running)]) } == .conflict)
        }
    }

    @Test(arguments: Driver.allCases)
    func `only what is leased until before now is put back`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            try await store.enqueue([try samples.queued(), try samples.queued()])
            let short = try await store.lease(limit: 1, now: Self.soon, until: Self.soon)
            let long = try await store.lease(limit: 1, now: Self.soon, until: Self.later)
            #expect(try await store.requeueExpired(now: Self.soon) == 0)
            #expect(try await store.requeueExpired(now: Self.later) == 1)
            #expect(try await store.execution(short[0].execution.id)?.status == .queued)
            #expect(try await store.execution(long[0].execution.id)?.status == .running)
            #expect(try await store.requeueExpired(now: nil) == 1)
            #expect(try await store.counts() == [.queued: 2])
        }
    }

    @Test(arguments: Driver.allCases)
    func `cancelling says in what state the execution was`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            let (waiting, started) = (try samples.queued(), try samples.queued())
            let ended = try samples.ended()
            try await store.enqueue([waiting, started])
            try await store.record([ended])
            #expect(try await store.cancel(waiting.id, at: Self.soon) == .cancelled)
            let cancelled = try await store.execution(waiting.id)
            #expect(cancelled?.status == .cancelled)
            #expect(cancelled?.finishedAt == Self.soon)
            #expect(try await store.cancel(waiting.id, at: Self.later) == .alreadyFinal)
            let lease = try #require(try await store.lease(limit: 9, now: Self.soon, until: Self.later).first)
            #expect(lease.execution.id == started.id)
            #expect(try await store.cancel(started.id, at: Self.later) == .running)
            #expect(try await store.settle([Samples.settlement(lease, .cancelled)]).isEmpty)
            #expect(try await store.cancel(started.id, at: Self.later) == .alreadyFinal)
            #expect(try await store.cancel(ended.id, at: Self.later) == .alreadyFinal)
            #expect(try await store.cancel(samples.id(), at: Self.later) == .notFound)
        }
    }

    @Test(arguments: Driver.allCases)
    func `many who lease at once never get the same execution`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            let queued = try (0..<100).map { _ in try samples.queued() }
            try await store.enqueue(queued)
            let leased = try await withThrowingTaskGroup(of: [ExecutionID].self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        try await store.lease(limit: 7, now: Self.soon, until: Self.later).map(\.execution.id)
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(leased.sorted() == queued.map(\.id))
        }
    }
}
