import Model
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Platform

/// Retries, delays, ages, turns, waits, dead letters: what the queue does for a function.
struct QueuePolicyTests {
    private func input(_ number: Int) -> [UInt8] { Array(#"{"n":\#(number)}"#.utf8) }

    private func deploy(_ fixture: PlatformFixture, _ policy: FunctionPolicy) async throws -> FunctionKey {
        let key = FunctionKey(name: try FunctionName("hello"))
        _ = try await fixture.platform.create(
            FunctionDraft(key: key, face: .faaspot, source: "def main(args, context): return args", policy: policy))
        return key
    }

    /// A fixture whose pauses take no time.
    private func hasty(_ change: (inout PlatformConfiguration) -> Void = { _ in }) throws -> PlatformFixture {
        try PlatformFixture(change, time: TimeSource(now: TimeSource.system.now, jitter: { 0 }))
    }

    private func ended(_ id: ExecutionID, _ fixture: PlatformFixture) async throws -> Execution {
        try await fixture.platform.execution(id, endedWithin: .seconds(60))
    }

    @Test func `a run that raises is tried again as often as its policy says, and then is a dead letter`() async throws
    {
        let fixture = try hasty()
        let key = try await deploy(
            fixture, FunctionPolicy(retry: RetryPolicy(attempts: 3, backoffMilliseconds: 1)))
        fixture.sandbox.onCall { _ in .success(.fault(.raised, "ValueError", "no")) }
        let ids = try await fixture.platform.enqueue(key, inputs: [input(1)])
        try await fixture.withServices {
            let execution = try await self.ended(ids[0], fixture)
            #expect(execution.status == .failed && execution.attempts == 3 && execution.isDead)
            let history = try await fixture.platform.history(of: execution)
            #expect(history.map(\.number) == [1, 2, 3] && history.allSatisfy { $0.fault?.type == "ValueError" })
        }
        #expect(fixture.sandbox.called.count == 3)
    }

    @Test func `a run that succeeds at its second attempt is no dead letter`() async throws {
        let fixture = try hasty()
        let key = try await deploy(
            fixture, FunctionPolicy(retry: RetryPolicy(attempts: 5, backoffMilliseconds: 0, causes: [.timeout])))
        let calls = Mutex(0)
        fixture.sandbox.onCall { _ in
            let count = calls.withLock { count in
                count += 1
                return count
            }
            return .success(count == 1 ? .fault(.timedOut, "TimeoutError", "slow") : .output("1"))
        }
        let ids = try await fixture.platform.enqueue(key, inputs: [input(1)])
        try await fixture.withServices {
            let execution = try await self.ended(ids[0], fixture)
            #expect(execution.status == .succeeded && execution.attempts == 2 && !execution.isDead)
        }
    }

    @Test func `only the causes that a policy names are tried again`() async throws {
        let fixture = try hasty()
        let key = try await deploy(
            fixture, FunctionPolicy(retry: RetryPolicy(attempts: 5, backoffMilliseconds: 0, causes: [.timeout])))
        fixture.sandbox.onCall { _ in .success(.fault(.raised, "ValueError", "no")) }
        let ids = try await fixture.platform.enqueue(key, inputs: [input(1)])
        try await fixture.withServices {
            let execution = try await self.ended(ids[0], fixture)
            #expect(execution.attempts == 1)
        }
    }

    @Test func `a run that waits for its next attempt can be cancelled`() async throws {
        let fixture = try hasty()
        let key = try await deploy(
            fixture,
            FunctionPolicy(
                retry: RetryPolicy(attempts: 5, backoffMilliseconds: 10_000_000, maximumBackoffMilliseconds: 80_000_000)
            ))
        fixture.sandbox.onCall { _ in .success(.fault(.raised, "ValueError", "no")) }
        let ids = try await fixture.platform.enqueue(key, inputs: [input(1)])
        try await fixture.withServices {
            await fixture.sandbox.waitUntilCalled(1)
            while try await fixture.platform.execution(ids[0]).notBefore == nil { await Task.yield() }
            let execution = try await fixture.platform.cancel(ids[0])
            #expect(execution.status == .cancelled && execution.attempts == 1)
        }
        #expect(fixture.sandbox.called.count == 1)
    }

    @Test func `a delayed run starts when its time has come, without anybody asking`() async throws {
        let fixture = try PlatformFixture()
        let key = try await fixture.deploy("hello")
        try await fixture.withServices {
            let runs = try await fixture.platform.enqueue(
                key, inputs: [self.input(1)], RunOptions(delay: .milliseconds(30)), isBatch: false)
            let execution = try await self.ended(runs.ids[0], fixture)
            #expect(execution.status == .succeeded)
            let (due, started) = (try #require(execution.notBefore), try #require(execution.startedAt))
            #expect(started >= due)
        }
    }

    @Test func `a run that is too old when its turn comes fails`() async throws {
        let fixture = try PlatformFixture { $0.asynchronousConcurrency = 1 }
        let key = try await fixture.deploy("hello")
        let runs = try await fixture.platform.enqueue(
            key, inputs: [input(1)], RunOptions(maximumAge: .microseconds(1)), isBatch: false)
        try await fixture.withServices {
            let execution = try await self.ended(runs.ids[0], fixture)
            #expect(execution.status == .failed && execution.fault?.type == "ExpiredError")
        }
        #expect(fixture.sandbox.called.isEmpty)
    }

    @Test func `no more of a function run at one time than it may, and the end of one lets the next start`()
        async throws
    {
        let fixture = try PlatformFixture { $0.asynchronousConcurrency = 8 }
        let key = try await deploy(fixture, FunctionPolicy(concurrency: 2))
        let running = Mutex((now: 0, most: 0))
        fixture.sandbox.onCall { _ in
            running.withLock { running in
                running.now += 1
                running.most = max(running.most, running.now)
            }
            for _ in 0..<10 { await Task.yield() }
            running.withLock { $0.now -= 1 }
            return .success(.output("1"))
        }
        let ids = try await fixture.platform.enqueue(key, inputs: (0..<30).map(input))
        try await fixture.withServices {
            for id in ids {
                let execution = try await self.ended(id, fixture)
                #expect(execution.status == .succeeded)
            }
        }
        #expect(running.withLock { $0.most } == 2)
    }

    @Test func `the same key gives the same runs, whole batches too, and a change is a conflict`() async throws {
        let fixture = try PlatformFixture { $0.maximumUnfinishedExecutions = 4 }
        let key = try await fixture.deploy("hello")
        let options = RunOptions(idempotencyKey: "order 7")
        let first = try await fixture.platform.enqueue(key, inputs: [input(1), input(2)], options, isBatch: true)
        for _ in 0..<5 {
            #expect(
                try await fixture.platform.enqueue(key, inputs: [input(1), input(2)], options, isBatch: true) == first)
        }
        await #expect {
            _ = try await fixture.platform.enqueue(key, inputs: [self.input(3)], options, isBatch: false)
        } throws: {
            ($0 as? PlatformError)?.code == .idempotencyConflict
        }
        #expect(try await fixture.platform.batch(try #require(first.batch)).counts == [.queued: 2])
        // What was not stored takes no room.
        _ = try await fixture.platform.enqueue(key, inputs: [input(4), input(5)])
    }

    @Test func `dead letters are redriven and run`() async throws {
        let fixture = try PlatformFixture()
        let key = try await fixture.deploy("hello")
        let isBroken = Mutex(true)
        fixture.sandbox.onCall { _ in
            .success(isBroken.withLock { $0 } ? .fault(.raised, "ValueError", "no") : .output("1"))
        }
        let ids = try await fixture.platform.enqueue(key, inputs: (0..<5).map(input))
        try await fixture.withServices {
            for id in ids { #expect(try await self.ended(id, fixture).isDead) }
            isBroken.withLock { $0 = false }
            let repetition = try await fixture.platform.redrive(ids[0])
            #expect(try await self.ended(repetition, fixture).status == .succeeded)
            await #expect(throws: PlatformError.self) { try await fixture.platform.redrive(ids[0]) }
            try await fixture.platform.purge(ids[1])
            #expect(try await fixture.platform.redriveAll(key) == 3)
            #expect(try await fixture.platform.purgeAll(nil) == 0)
        }
        #expect(try await fixture.platform.totals().isConserved)
    }

    @Test func `dead letters are redriven all or none, as many as one request may queue`() async throws {
        let fixture = try PlatformFixture {
            $0.maximumUnfinishedExecutions = 3
            $0.maximumBulkCalls = 2
        }
        let key = try await fixture.deploy("hello")
        fixture.sandbox.onCall { _ in .success(.fault(.raised, "ValueError", "no")) }
        let ids = try await fixture.platform.enqueue(key, inputs: [input(1), input(2)])
        try await fixture.withServices {
            for id in ids { #expect(try await self.ended(id, fixture).isDead) }
            let third = try await fixture.platform.enqueue(key, inputs: [input(3)])
            #expect(try await self.ended(third[0], fixture).isDead)
        }
        // Nothing runs any more. With two in the queue there is room for one, but not for two.
        let queued = try await fixture.platform.enqueue(key, inputs: [input(4), input(5)])
        let error = await #expect(throws: PlatformError.self) { try await fixture.platform.redriveAll(nil) }
        #expect(error?.code == .busy)
        let filter = ExecutionFilter(isDead: true, limit: 10)
        #expect(try await fixture.store.executions(matching: filter).count == 3)
        _ = try await fixture.platform.cancel(queued[0])
        #expect(try await fixture.platform.redriveAll(nil) == 2)
        #expect(try await fixture.store.executions(matching: filter).map(\.id) == [ids[0]])
    }

    @Test func `a wait ends with the execution, not with its time`() async throws {
        let fixture = try PlatformFixture()
        let key = try await fixture.deploy("hello")
        fixture.sandbox.holdCalls()
        let ids = try await fixture.platform.enqueue(key, inputs: [input(1)])
        try await fixture.withServices {
            await fixture.sandbox.waitUntilHolding(1)
            async let waiting = fixture.platform.execution(ids[0], endedWithin: .seconds(60))
            while fixture.platform.hub.listeners == 0 { await Task.yield() }
            fixture.sandbox.finish(ids[0], .output("7"))
            let ended = try await waiting
            #expect(ended.output == Array("7".utf8))
            #expect(fixture.platform.hub.listeners == 0)
            // One that has ended is answered at once.
            let again = try await fixture.platform.execution(ids[0], endedWithin: .seconds(60))
            #expect(again.status == .succeeded)
        }
        let late = try await fixture.platform.enqueue(key, inputs: [input(2)])
        #expect(try await fixture.platform.execution(late[0], endedWithin: .milliseconds(1)).status == .queued)
    }

    @Test func `what was kept for long enough is deleted`() async throws {
        let fixture = try PlatformFixture { $0.keptExecutions = 10 }
        let key = try await fixture.deploy("hello")
        let ids = try await fixture.platform.enqueue(key, inputs: (0..<30).map(input))
        try await fixture.withServices {
            for id in ids { _ = try await self.ended(id, fixture) }
            await fixture.platform.retention.prune()
        }
        #expect(try await fixture.store.counts() == [.succeeded: 10])
        let totals = try await fixture.platform.totals()
        #expect(totals.isConserved && totals.accepted == 30)
    }
}
