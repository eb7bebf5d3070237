import Model
import Sandbox
import SandboxTesting
import Synchronization
import Testing

/// The one import that is ours: `swiftlet.call(operation, request, length, reply, capacity)`.
@Suite struct HostCallTests {
    private func outcome(
        _ calls: [ScriptedCall], parts: [[UInt8]] = [], limits: FunctionLimits = .standard,
        hostCalls: (any HostCallHandler)? = nil
    ) async throws -> (outcome: RunOutcome, results: [Int64]) {
        try await GuestThread.run {
            let guest = try ScriptedHost().guest()
            guest.write([0, 1, 2, 9], at: 8192)
            let outcome = guest.run(calls, limits: limits, parts: parts, hostCalls: hostCalls)
            return (outcome.run, outcome.results)
        }
    }

    @Test func `a part of the input comes by number, and nothing for a number that is none`() async throws {
        let parts: [[UInt8]] = [[7, 8, 9], []]
        let results = try await outcome(
            [0, 1, 2, 3].map { ScriptedCall("call", 1, 8192 + $0, 1, 9000, 100) }, parts: parts
        ).results
        #expect(results == [3, 0, 0, 0])
        #expect(try await outcome([ScriptedCall("call", 1, 8192, 4, 9000, 100)], parts: parts).results == [0])
    }

    @Test func `a reply that does not fit is kept until it is fetched`() async throws {
        let parts = [[UInt8](repeating: 5, count: 1000)]
        let fetched = try await outcome(
            [ScriptedCall("call", 1, 8192, 1, 9000, 10), ScriptedCall("call", 0, 0, 0, 9000, 1000)], parts: parts)
        #expect(fetched.outcome.ending == .returned)
        #expect(fetched.results == [1000, 1000])
    }

    @Test(arguments: [
        ([ScriptedCall("call", 0, 0, 0, 9000, 100)], "a reply was fetched that does not exist"),
        (
            [ScriptedCall("call", 1, 8192, 1, 9000, 10), ScriptedCall("call", 0, 0, 0, 9000, 999)],
            "a reply was fetched into too small a buffer"
        ),
        (
            [ScriptedCall("call", 1, 8192, 1, 9000, 10), ScriptedCall("call", 1, 8192, 1, 9000, 10)],
            "a request was made before the last reply was fetched"
        ),
        (
            [ScriptedCall("call", 1, 8192, 1, 9000, 10), ScriptedCall("call", 0, 0, 0, 131_000, 1000)],
            "a request names memory outside the sandbox: 1000 bytes at 131000"
        ),
        (
            [ScriptedCall("call", 2, 131_071, 2, 0, 0)],
            "a request names memory outside the sandbox: 2 bytes at 131071"
        ),
        (
            [ScriptedCall("call", 3, 0, 0x8000_0000, 0, 0)],
            "a request names memory outside the sandbox: 2147483648 bytes at 0"
        ),
        (
            [ScriptedCall("call", 77, 0, 0xFFFF_FFFF, 0, 0)],
            "a request of 4294967295 bytes exceeds the limit of 6291456"
        ),
    ])
    func `a request that breaks the rules ends the run with the rule`(calls: [ScriptedCall], sentence: String)
        async throws
    {
        let result = try await outcome(calls, parts: [[UInt8](repeating: 5, count: 1000)])
        #expect(result.outcome.ending == .trapped(sentence))
    }

    @Test func `an operation that the host does not know is refused in words`() async throws {
        let result = try await outcome([ScriptedCall("call", 0xFFFF_FFFF, 8192, 1, 9000, 100)])
        #expect(result.outcome.ending == .returned)
        #expect(result.results == [1 << 32 | Int64("the host knows no operation 4294967295".utf8.count)])
    }

    @Test func `output is cut at its limit, and said to be`() async throws {
        var limits = FunctionLimits.standard
        limits.outputBytes = 2
        let result = try await outcome([ScriptedCall("call", 2, 8192, 4, 0, 0)], limits: limits).outcome
        #expect(result.output == [0, 1])
        #expect(result.outputWasCut)
    }

    @Test func `too many requests end the run`() async throws {
        var limits = FunctionLimits.standard
        limits.hostCalls = 3
        let calls = (0..<4).map { _ in ScriptedCall("call", 1, 8192, 1, 9000, 100) }
        let result = try await outcome(calls, limits: limits)
        #expect(result.outcome.ending == .trapped("the limit of 3 host calls was reached"))
    }

    @Test func `a handler's answer and refusal reach the guest, whatever their length`() async throws {
        struct Echo: HostCallHandler {
            func handle(
                _ operation: UInt32, _ request: [UInt8], _ interruption: Interruption
            ) -> Result<[UInt8], HostCallFailure> {
                operation == 20 ? .success(request + request) : .failure(HostCallFailure("no"))
            }
        }
        let results = try await outcome(
            [
                ScriptedCall("call", 20, 8192, 4, 9000, 8), ScriptedCall("call", 20, 8192, 4, 9000, 7),
                ScriptedCall("call", 0, 0, 0, 9000, 8), ScriptedCall("call", 21, 8192, 4, 9000, 1),
                ScriptedCall("call", 0, 0, 0, 9000, 2),
            ], hostCalls: Echo()
        ).results
        #expect(results == [8, 8, 8, 1 << 32 | 2, 2])
    }

    @Test func `a run that is ended while it waits in a handler stays ended`() async throws {
        struct Waiting: HostCallHandler {
            func handle(
                _ operation: UInt32, _ request: [UInt8], _ interruption: Interruption
            ) -> Result<[UInt8], HostCallFailure> {
                let released = Mutex(false)
                interruption.onRequest { released.withLock { $0 = true } }
                interruption.request(.cancelled)
                return .success([UInt8](repeating: 1, count: 8))
            }
        }
        // The guest goes on for ever where its memory is not taken away.
        let result = try await outcome(
            [ScriptedCall("call", 20, 8192, 4, 9000, 8), ScriptedCall("loop")], hostCalls: Waiting())
        #expect(result.outcome.ending == .interrupted(.cancelled))
    }

    @Test func `a thread that waits in a handler or sleeps has given its permit back`() async throws {
        final class Counted: Permits, HostCallHandler {
            let held = Mutex(1)
            let heldInHandler = Mutex(-1)
            func acquire() { held.withLock { $0 += 1 } }
            func release() { held.withLock { $0 -= 1 } }
            func handle(
                _ operation: UInt32, _ request: [UInt8], _ interruption: Interruption
            ) -> Result<[UInt8], HostCallFailure> {
                let now = held.withLock { $0 }
                heldInHandler.withLock { $0 = now }
                return .success([])
            }
        }
        let counted = Counted()
        try await GuestThread.run {
            let guest = try ScriptedHost(permits: counted).guest()
            _ = guest.run([ScriptedCall("call", 20, 8192, 0, 9000, 8)], hostCalls: counted)
        }
        #expect(counted.heldInHandler.withLock { $0 } == 0)
        #expect(counted.held.withLock { $0 } == 1)
    }
}
