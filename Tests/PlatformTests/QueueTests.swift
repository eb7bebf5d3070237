import Model
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Platform

struct QueueTests {
    private func input(_ number: Int) -> [UInt8] { Array(#"{"n":\#(number)}"#.utf8) }

    /// Asks until an execution has ended; each look is one turn of the store.
    private func ended(_ id: ExecutionID, _ platform: Platform) async throws -> Execution {
        while true {
            let execution = try await platform.execution(id)
            if execution.status.isFinal { return execution }
            await Task.yield()
        }
    }

    @Test func `what is queued runs, and its end is stored`() async throws {
        let fixture = try PlatformFixture()
        let key = try await fixture.deploy("hello")
        let ids = try await fixture.platform.enqueue(key, inputs: (0..<200).map(input))
        #expect(ids == ids.sorted() && Set(ids).count == 200)
        #expect(try await fixture.platform.execution(ids[0]).status == .queued)
        try await fixture.withServices {
            for (number, id) in ids.enumerated() {
                let execution = try await self.ended(id, fixture.platform)
                #expect(execution.status == .succeeded && execution.output == self.input(number))
                #expect(execution.attempts == 1 && execution.trigger == .asynchronous)
            }
            // Woken by the new one, not by the passing of time.
            let late = try await fixture.platform.enqueue(key, inputs: [self.input(7)])
            #expect(try await self.ended(late[0], fixture.platform).output == self.input(7))
        }
        #expect(fixture.sandbox.called.count == 201)
    }

    @Test func `what a server before this one left running runs again`() async throws {
        let fixture = try PlatformFixture()
        let key = try await fixture.deploy("hello")
        let ids = try await fixture.platform.enqueue(key, inputs: [input(1)])
        let now = TimeSource.system.now()
        let leases = try await fixture.store.lease(limit: 1, now: now, until: now + .seconds(1000))
        #expect(leases.count == 1)
        try await fixture.withServices {
            let execution = try await self.ended(ids[0], fixture.platform)
            #expect(execution.status == .succeeded && execution.attempts == 2)
        }
        // The old lease can settle nothing any more.
        let late = Settlement(
            id: ids[0], epoch: leases[0].epoch, status: .failed, output: nil, fault: nil, logs: [], usage: .init(),
            finishedAt: now)
        #expect(try await fixture.store.settle([late]) == ids)
    }

    @Test func `setting the clock neither loses nor doubles work`() async throws {
        let clock = Mutex(TimeSource.system.now())
        let pauses = Mutex(0)
        let time = TimeSource(
            now: { clock.withLock { $0 } }, steady: TimeSource.system.steady,
            sleep: { _ in
                pauses.withLock { $0 += 1 }
                try await Task.sleep(for: .milliseconds(1))
            })
        let fixture = try PlatformFixture({ $0.asynchronousConcurrency = 5 }, time: time)
        let key = try await fixture.deploy("hello")
        try await fixture.withServices {
            for hours in [0, 30, -50, 1000, -2000, 0] {
                clock.withLock { $0 = $0 + .seconds(hours * 3600) }
                fixture.sandbox.holdCalls()
                let ids = try await fixture.platform.enqueue(key, inputs: (0..<5).map(self.input))
                await fixture.sandbox.waitUntilHolding(5)
                // While they run, too. Leases are looked at after every pause.
                clock.withLock { $0 = $0 + .seconds(hours * 3600) }
                let seen = pauses.withLock { $0 }
                while pauses.withLock({ $0 }) < seen + 20 { await Task.yield() }
                for id in ids {
                    fixture.sandbox.finish(id, CallOutcome(output: [0x31], fault: nil, logs: [], usage: .init()))
                }
                for id in ids {
                    let execution = try await self.ended(id, fixture.platform)
                    #expect(execution.status == .succeeded && execution.attempts == 1)
                }
            }
            let totals = try await fixture.platform.totals()
            #expect(totals.accepted == 30 && totals.settled[.succeeded] == 30)
        }
        #expect(fixture.sandbox.called.count == 30)
    }

    @Test func `a run whose worker died is tried again, three times in all`() async throws {
        let fixture = try PlatformFixture()
        let key = try await fixture.deploy("hello")
        fixture.sandbox.onCall { _ in .success(.fault(.workerLost, "WorkerLost", "The worker died.")) }
        let ids = try await fixture.platform.enqueue(key, inputs: [input(1)])
        try await fixture.withServices {
            let execution = try await self.ended(ids[0], fixture.platform)
            #expect(execution.status == .failed && execution.attempts == 3 && execution.fault?.kind == .workerLost)
        }
        #expect(fixture.sandbox.called.count == 3)
    }

    @Test func `a run that raised is not tried again`() async throws {
        let fixture = try PlatformFixture()
        let key = try await fixture.deploy("hello")
        fixture.sandbox.onCall { _ in .success(.fault(.raised, "ValueError", "no", traceback: "tb")) }
        let ids = try await fixture.platform.enqueue(key, inputs: [input(1)])
        try await fixture.withServices {
            let execution = try await self.ended(ids[0], fixture.platform)
            #expect(execution.status == .failed && execution.attempts == 1 && execution.fault?.traceback == "tb")
        }
    }

    @Test func `sandboxes that are full are asked again`() async throws {
        let fixture = try PlatformFixture()
        let key = try await fixture.deploy("hello")
        let refusals = Mutex(3)
        fixture.sandbox.onCall { _ in
            let isRefused = refusals.withLock { count in
                count -= 1
                return count >= 0
            }
            return isRefused ? .failure(.queueFull(retryAfterSeconds: 1)) : .success(.output("1"))
        }
        let ids = try await fixture.platform.enqueue(key, inputs: [input(1)])
        try await fixture.withServices {
            let execution = try await self.ended(ids[0], fixture.platform)
            #expect(execution.status == .succeeded && execution.attempts == 1)
        }
    }

    @Test func `no more run at one time than may`() async throws {
        let fixture = try PlatformFixture { $0.asynchronousConcurrency = 3 }
        let key = try await fixture.deploy("hello")
        let running = Mutex(0)
        let most = Mutex(0)
        fixture.sandbox.onCall { _ in
            let count = running.withLock { count in
                count += 1
                return count
            }
            most.withLock { $0 = max($0, count) }
            for _ in 0..<10 { await Task.yield() }
            running.withLock { $0 -= 1 }
            return .success(.output("1"))
        }
        let ids = try await fixture.platform.enqueue(key, inputs: (0..<100).map(input))
        try await fixture.withServices {
            for id in ids { _ = try await self.ended(id, fixture.platform) }
        }
        #expect(most.withLock { $0 } <= 3)
    }

    @Test func `a queued run that is cancelled never starts`() async throws {
        let fixture = try PlatformFixture()
        let key = try await fixture.deploy("hello")
        let ids = try await fixture.platform.enqueue(key, inputs: [input(1), input(2)])
        #expect(try await fixture.platform.cancel(ids[0]).status == .cancelled)
        try await fixture.withServices { _ = try await self.ended(ids[1], fixture.platform) }
        #expect(fixture.sandbox.called.map(\.id) == [ids[1]])
    }

    @Test func `a running run ends when it is cancelled`() async throws {
        let fixture = try PlatformFixture()
        let key = try await fixture.deploy("hello")
        fixture.sandbox.holdCalls()
        let ids = try await fixture.platform.enqueue(key, inputs: [input(1)])
        try await fixture.withServices {
            await fixture.sandbox.waitUntilHolding(1)
            let execution = try await fixture.platform.cancel(ids[0])
            #expect(execution.status == .cancelled && execution.fault?.kind == .cancelled)
        }
    }

    @Test func `a run whose function was deleted fails with a sentence`() async throws {
        let fixture = try PlatformFixture()
        let key = try await fixture.deploy("hello")
        let ids = try await fixture.platform.enqueue(key, inputs: [input(1)])
        _ = try await fixture.platform.delete(key)
        try await fixture.withServices {
            let execution = try await self.ended(ids[0], fixture.platform)
            #expect(
                execution.fault?.summary == "LookupError: Function `hello` was deleted before the run began.")
        }
    }

    @Test func `a stop lets running runs end and leaves the others in the queue`() async throws {
        let fixture = try PlatformFixture { $0.asynchronousConcurrency = 1 }
        let key = try await fixture.deploy("hello")
        fixture.sandbox.holdCalls()
        let ids = try await fixture.platform.enqueue(key, inputs: (0..<5).map(input))
        let finish = Mutex<Task<Void, Never>?>(nil)
        try await fixture.withServices {
            await fixture.sandbox.waitUntilHolding(1)
            let running = fixture.sandbox.held[0]
            // Ends once the stop is under way.
            finish.withLock {
                $0 = Task {
                    while !fixture.platform.dispatcher.machine.withLock({ $0.isDraining }) { await Task.yield() }
                    fixture.sandbox.finish(running, .output("1"))
                }
            }
        }
        #expect(try await fixture.store.counts()[.succeeded] == 2)  // the run and the deploy
        #expect(try await fixture.store.counts()[.queued] == 4)
        #expect(try await fixture.store.counts()[.running, default: 0] == 0)
        #expect(fixture.sandbox.called.count == 1 && ids.count == 5)
    }

    @Test func `a stop breaks off what takes too long, and it stays queued`() async throws {
        let fixture = try PlatformFixture { $0.drainLimit = .milliseconds(20) }
        let key = try await fixture.deploy("hello")
        fixture.sandbox.holdCalls()
        let ids = try await fixture.platform.enqueue(key, inputs: [input(1)])
        try await fixture.withServices { await fixture.sandbox.waitUntilHolding(1) }
        #expect(try await fixture.store.execution(ids[0])?.status == .queued)
    }

    @Test func `more than may be unfinished is refused, until some end`() async throws {
        let fixture = try PlatformFixture { $0.maximumUnfinishedExecutions = 3 }
        let key = try await fixture.deploy("hello")
        let ids = try await fixture.platform.enqueue(key, inputs: [input(1), input(2)])
        await #expect { _ = try await fixture.platform.enqueue(key, inputs: [self.input(3), self.input(4)]) } throws: {
            ($0 as? PlatformError)?.code == .busy
        }
        _ = try await fixture.platform.cancel(ids[0])
        _ = try await fixture.platform.enqueue(key, inputs: [input(3), input(4)])
    }

    @Test func `a bulk request is taken whole or not at all`() async throws {
        let fixture = try PlatformFixture {
            $0.maximumBulkCalls = 3
            $0.limits.inputBytes = 16
        }
        let key = try await fixture.deploy("hello")
        for inputs in [(0..<4).map(input), [input(1), Array(repeating: 0x20, count: 17)]] {
            await #expect { _ = try await fixture.platform.enqueue(key, inputs: inputs) } throws: {
                ($0 as? PlatformError)?.code == .tooLarge
            }
        }
        #expect(try await fixture.store.counts()[.queued, default: 0] == 0)
    }
}
