import Model
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Platform

struct InvokeTests {
    private let input = Array(#"{"a":1}"#.utf8)

    @Test func `a call gets its arguments and context, and is recorded`() async throws {
        let fixture = try PlatformFixture()
        let key = try await fixture.deploy("hello", context: "K=v")
        let done = try await fixture.platform.invoke(key, input: input)
        #expect(done.outcome.output == input)
        let request = try #require(fixture.sandbox.called.first)
        #expect(request.id == done.id && request.function == key && request.context == Array(#"{"K":"v"}"#.utf8))
        #expect(request.tenant == key.namespace)
        let record = try await fixture.platform.execution(done.id)
        #expect(record.status == .succeeded && record.trigger == .synchronous && record.function == key)
        #expect(record.input == input && record.output == input && record.version == 1 && record.attempts == 1)
        #expect(record.finishedAt != nil)
    }

    @Test(arguments: [
        (ExecutionFault.Kind.raised, ExecutionStatus.failed), (.timedOut, .timedOut), (.cancelled, .cancelled),
        (.workerLost, .failed), (.limit, .failed),
    ])
    func `a call that fails is recorded with its fault`(kind: ExecutionFault.Kind, status: ExecutionStatus) async throws
    {
        let fixture = try PlatformFixture()
        let key = try await fixture.deploy("hello")
        fixture.sandbox.onCall { _ in .success(.fault(kind, "ValueError", "no", traceback: "tb")) }
        let done = try await fixture.platform.invoke(key, input: input)
        let record = try await fixture.platform.execution(done.id)
        #expect(record.status == status && record.fault?.traceback == "tb" && record.output == nil)
    }

    @Test func `the second call reads no store`() async throws {
        let fixture = try PlatformFixture()
        let key = try await fixture.deploy("hello")
        let first = fixture.platform.directory.cache[key]
        #expect(first != nil)
        _ = try await fixture.platform.invoke(key, input: input)
        #expect(fixture.platform.directory.cache[key] === first)
    }

    @Test func `what was read before a change does not come into the cache after it`() async throws {
        let fixture = try PlatformFixture()
        let key = try await fixture.deploy("hello")
        let cache = fixture.platform.directory.cache
        let old = try #require(cache[key])
        let generation = cache.generation
        _ = try await fixture.platform.update(key, FunctionChange(source: "new"))
        cache.insert(old, readAt: generation)
        #expect(cache[key] !== old)
    }

    @Test func `an image that the sandboxes lost is taken anew, once for all who wait`() async throws {
        let fixture = try PlatformFixture()
        let key = try await fixture.deploy("hello", "source")
        let renewed = ImageID(String(repeating: "f", count: 64))!
        fixture.sandbox.onPrepare { _ in .success(PrepareOutcome(result: .success(renewed), logs: [], usage: .init())) }
        fixture.sandbox.onCall { request in
            request.image == renewed ? .success(.output("1")) : .failure(.imageUnavailable(request.image))
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask { _ = try await fixture.platform.invoke(key, input: self.input) }
            }
            try await group.waitForAll()
        }
        #expect(fixture.sandbox.prepared.count == 2)
        let function = try await fixture.platform.function(key).function
        #expect(try await fixture.store.version(1, of: function.id)?.image == renewed)
    }

    @Test func `code that can no longer be imported fails the call with its traceback`() async throws {
        let fixture = try PlatformFixture()
        let key = try await fixture.deploy("hello")
        fixture.sandbox.onCall { .failure(.imageUnavailable($0.image)) }
        fixture.sandbox.onPrepare { _ in
            .success(
                PrepareOutcome(
                    result: .failure(ExecutionFault(kind: .raised, type: "ImportError", message: "x", traceback: "tb")),
                    logs: [], usage: .init()))
        }
        let done = try await fixture.platform.invoke(key, input: input)
        #expect(done.outcome.fault?.traceback == "tb")
    }

    @Test func `an image that stays unknown ends as an error, not in a loop`() async throws {
        let fixture = try PlatformFixture()
        let key = try await fixture.deploy("hello")
        fixture.sandbox.onCall { .failure(.imageUnavailable($0.image)) }
        await #expect { _ = try await fixture.platform.invoke(key, input: input) } throws: {
            ($0 as? PlatformError)?.code == .unavailable
        }
        #expect(fixture.sandbox.called.count == 3)
    }

    @Test func `a full queue says when to come back, and leaves no record`() async throws {
        let fixture = try PlatformFixture()
        let key = try await fixture.deploy("hello")
        fixture.sandbox.onCall { _ in .failure(.queueFull(retryAfterSeconds: 3)) }
        await #expect { _ = try await fixture.platform.invoke(key, input: input) } throws: {
            ($0 as? PlatformError)?.code == .busy && ($0 as? PlatformError)?.retryAfterSeconds == 3
        }
        #expect(try await fixture.platform.executions(matching: ExecutionFilter(function: key)).count == 1)
    }

    @Test func `arguments beyond the function's limit are refused`() async throws {
        let fixture = try PlatformFixture { $0.limits.inputBytes = 10 }
        let key = try await fixture.deploy("hello")
        await #expect {
            _ = try await fixture.platform.invoke(key, input: Array(repeating: 0x20, count: 11))
        } throws: {
            ($0 as? PlatformError)?.code == .tooLarge
        }
    }

    @Test func `a running call is listed, and ends when it is cancelled`() async throws {
        let fixture = try PlatformFixture()
        let key = try await fixture.deploy("hello")
        fixture.sandbox.holdCalls()
        async let call = fixture.platform.invoke(key, input: input)
        await fixture.sandbox.waitUntilHolding(1)
        let id = try #require(fixture.sandbox.held.first)
        let listed = try await fixture.platform.executions(
            matching: ExecutionFilter(statuses: [.queued, .running]))
        #expect(listed.map(\.id) == [id] && listed[0].status == .running)
        #expect(try await fixture.platform.execution(id).status == .running)
        #expect(try await fixture.platform.executions([id]).map(\.status) == [.running])
        let cancelled = try await fixture.platform.cancel(id)
        #expect(cancelled.status == .cancelled)
        #expect(try await call.outcome.fault?.kind == .cancelled)
        // Cancelling what has ended changes nothing.
        #expect(try await fixture.platform.cancel(id) == cancelled)
        #expect(try await fixture.platform.executions(matching: ExecutionFilter(statuses: [.running])).isEmpty)
    }

    @Test func `an execution that there is not cannot be got or cancelled`() async throws {
        let platform = try PlatformFixture().platform
        let id = ExecutionID(high: 1, low: 2)
        for attempt in [{ try await platform.execution(id) }, { try await platform.cancel(id) }] {
            await #expect { _ = try await attempt() } throws: { ($0 as? PlatformError)?.code == .executionNotFound }
        }
        #expect(try await platform.executions([id]).isEmpty)
    }
}
