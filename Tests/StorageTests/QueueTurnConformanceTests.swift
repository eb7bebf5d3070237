import Model
import Storage
import Testing

/// Which execution starts next.
@Suite struct QueueTurnConformanceTests {
    private static let soon = Timestamp(microseconds: 2_000_000_000_000_000)
    private static let later = Timestamp(microseconds: 2_000_000_060_000_000)

    private func names(_ leases: [Lease]) -> [String] {
        leases.map { $0.execution.function?.name.rawValue ?? "" }
    }

    @Test(arguments: Driver.allCases)
    func `higher priorities start first`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            var queued = try (0..<6).map { _ in try samples.queued() }
            for (index, priority) in [0, -5, 7, 7, 0, 100].enumerated() { queued[index].priority = priority }
            try await store.enqueue(queued)
            let leases = try await store.lease(limit: 10, now: Self.soon, until: Self.later)
            #expect(leases.map(\.execution.id) == [5, 2, 3, 0, 4, 1].map { queued[$0].id })
            #expect(try await store.execution(queued[5].id)?.priority == 100)
        }
    }

    @Test(arguments: Driver.allCases)
    func `one that queued much does not hold up one that queued little`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            try await store.enqueue(try (0..<300).map { _ in try samples.queued("greedy") })
            _ = try await store.lease(limit: 5, now: Self.soon, until: Self.later)
            try await store.enqueue([try samples.queued("modest"), try samples.queued("modest")])
            try await store.enqueue([try samples.queued("late")])
            var leases = try await store.lease(limit: 4, now: Self.soon, until: Self.later)
            #expect(names(leases) == ["greedy", "late", "modest", "greedy"])
            leases = try await store.lease(limit: 4, now: Self.soon, until: Self.later)
            #expect(names(leases) == ["modest", "greedy", "greedy", "greedy"])
        }
    }

    @Test(arguments: Driver.allCases)
    func `a function that queues one after another does not hold up the others`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            try await store.enqueue(try (0..<20).map { _ in try samples.queued("many") })
            var started: [String] = []
            for _ in 0..<10 {
                try await store.enqueue([try samples.queued("again")])
                started += names(try await store.lease(limit: 1, now: Self.soon, until: Self.later))
            }
            #expect(started.count { $0 == "many" } == 5)
        }
    }

    @Test(arguments: Driver.allCases)
    func `no more of a function run at one time than it may`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            var function = try samples.function("narrow")
            function.policy.concurrency = 2
            try await store.create(function, samples.version(1, of: function))
            #expect(try await store.function(function.key)?.policy.concurrency == 2)
            var narrow = try (0..<4).map { _ in try samples.queued("narrow") }
            narrow[3].priority = 9
            try await store.enqueue(narrow + [try samples.queued("wide")])
            let work = try await store.leaseNext(limit: 10, now: Self.soon, until: Self.later)
            #expect(names(work.leases) == ["narrow", "narrow", "wide"])
            #expect(work.isHeldBack)
            #expect(work.leases[0].execution.id == narrow[3].id)
            #expect(try await store.lease(limit: 10, now: Self.soon, until: Self.later).isEmpty)
            _ = try await store.settle([Samples.settlement(work.leases[0])])
            let next = try await store.leaseNext(limit: 10, now: Self.soon, until: Self.later)
            #expect(next.leases.count == 1 && next.isHeldBack)
            // Without the limit the rest may go.
            function.version = 2
            function.policy.concurrency = nil
            try await store.update(function, adding: samples.version(2, of: function))
            let last = try await store.leaseNext(limit: 10, now: Self.soon, until: Self.later)
            #expect(last.leases.count == 1 && !last.isHeldBack)
        }
    }

    @Test(arguments: Driver.allCases)
    func `what is delayed waits for its time`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            var (first, second) = (try samples.queued(), try samples.queued())
            first.notBefore = Self.later
            second.notBefore = Self.later + .seconds(1)
            try await store.enqueue([first, second])
            let early = try await store.leaseNext(limit: 10, now: Self.soon, until: Self.later)
            #expect(early == LeasedWork(leases: [], nextDue: Self.later))
            let due = try await store.leaseNext(limit: 10, now: Self.later, until: Self.later)
            #expect(due.leases.map(\.execution.id) == [first.id] && due.nextDue == second.notBefore)
            #expect(due.leases[0].execution.notBefore == Self.later)
            #expect(try await store.cancel(second.id, at: Self.later) == .cancelled)
            #expect(try await store.leaseNext(limit: 10, now: Self.later, until: Self.later).nextDue == nil)
        }
    }

    @Test(arguments: Driver.allCases)
    func `what is too old to start ends as a dead letter`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            var (old, tried) = (try samples.queued(), try samples.queued())
            old.expiresAt = Self.later
            old.notBefore = Self.later
            tried.expiresAt = Self.later
            try await store.enqueue([old, tried])
            let first = try await store.leaseNext(limit: 1, now: Self.soon, until: Self.later)
            #expect(first.leases.map(\.execution.id) == [tried.id] && first.nextDue == Self.later)
            _ = try await store.settle([Samples.settlement(first.leases[0], .queued)])
            let second = try await store.leaseNext(limit: 5, now: Self.later, until: Self.later)
            #expect(second.leases.map(\.execution.id) == [tried.id], "it has been started once")
            #expect(second.expired == [old.id] && second.nextDue == nil)
            let ended = try #require(try await store.execution(old.id))
            #expect(ended.status == .failed && ended.fault?.kind == .expired && ended.isDead)
            #expect(ended.finishedAt == Self.later && ended.fault?.type == "ExpiredError")
        }
    }
}
