import Model
import Storage
import Synchronization
import Testing

@testable import SharedState

@Suite struct StateSessionTests {
    private let clock = StoppedClock()

    private func state(_ limits: StateLimits = StateLimits()) -> SharedState {
        SharedState(store: ScriptedStore(), limits: limits) { [clock] _ in try await clock.sleep() }
    }

    private func waiters(_ count: Int, _ key: StateKey, _ state: SharedState) async {
        while state.locks.waiters(for: key) != count { await Task.yield() }
    }

    @Test func `the success of a call makes durable what it wrote, and its failure takes nothing back`() async throws {
        let store = ScriptedStore()
        let state = SharedState(store: store)
        for (name, succeeded) in [("good", true), ("bad", false)] {
            let session = state.session(of: try Namespace("ann"))
            let fields = HostFields.encode([Array(name.utf8), [1, 2]])
            let answer = await StateCalls.answer(.write, try HostFields.decode(fields), of: session)
            #expect(try answer.get().isEmpty)
            try await session.end(succeeded: succeeded)
            #expect(try await store.state(key(name))?.size == (succeeded ? 2 : nil))
            #expect(try await state.value(key(name)) == [1, 2])
            let late = await StateCalls.answer(.write, try HostFields.decode(fields), of: session)
            #expect(throws: HostCallRefusal("The call has ended.")) { try late.get() }
        }
    }

    @Test func `the end of a call frees its locks, and the next in the line has them`() async throws {
        let state = self.state()
        let key = try key("k")
        let (first, second) = (state.session(of: key.tenant), state.session(of: key.tenant))
        try await first.lock(key, .write)
        try await first.lock(key, .write)
        try await first.lock(key, .read)
        async let waiting: Void = second.lock(key, .write)
        await waiters(1, key, state)
        try await first.end(succeeded: false)
        try await waiting
        try second.unlock(key, .write)
        #expect(await refusal { try second.unlock(key, .write) }?.code == .lockMisuse)
        #expect(state.locks.isIdle)
    }

    @Test func `a writer that waits lets no later reader pass`() async throws {
        let state = self.state()
        let key = try key("k")
        let sessions = (0..<4).map { _ in state.session(of: key.tenant) }
        let (order, log) = AsyncStream.makeStream(of: Int.self)
        try await sessions[0].lock(key, .read)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (number, mode) in [(1, LockMode.write), (2, .read), (3, .read)] {
                group.addTask {
                    try await sessions[number].lock(key, mode)
                    log.yield(number)
                    try sessions[number].unlock(key, mode)
                }
                await waiters(number, key, state)
            }
            try await sessions[0].lock(key, .read)
            try sessions[0].unlock(key, .read)
            #expect(state.locks.waiters(for: key) == 3)
            try sessions[0].unlock(key, .read)
            try await group.waitForAll()
        }
        #expect(await order.first { _ in true } == 1)
        #expect(state.locks.isIdle)
    }

    @Test func `a reader does not become a writer, and other keys are free`() async throws {
        let state = self.state()
        let session = state.session(of: try Namespace("ann"))
        try await session.lock(key("k"), .read)
        let error = await refusal { try await session.lock(key("k"), .write) }
        #expect(error?.code == .lockMisuse)
        #expect(error?.message.contains("free the read lock") == true)
        try await session.lock(key("other"), .write)
        let stranger = state.session(of: try Namespace("bob"))
        try await stranger.lock(key("other", of: "bob"), .write)
        try await session.end(succeeded: true)
        try await stranger.end(succeeded: true)
        #expect(state.locks.isIdle)
    }

    @Test func `a cancelled call leaves the line, and those behind it go on`() async throws {
        let state = self.state()
        let key = try key("k")
        let sessions = (0..<3).map { _ in state.session(of: key.tenant) }
        try await sessions[0].lock(key, .read)
        let error = await withTaskGroup(of: StateError?.self) { group in
            group.addTask { await refusal { try await sessions[1].lock(key, .write) } }
            await waiters(1, key, state)
            group.cancelAll()
            return await group.next() ?? nil
        }
        #expect(error?.code == .cancelled)
        try await sessions[2].lock(key, .read)
    }

    @Test func `two calls that wait for each other are told so when their time is over`() async throws {
        let state = self.state()
        let (a, b) = (try key("a"), try key("b"))
        let (first, second) = (state.session(of: a.tenant), state.session(of: a.tenant))
        try await first.lock(a, .write)
        try await second.lock(b, .write)
        let errors = await withTaskGroup(of: StateError?.self) { group in
            group.addTask { await refusal { try await first.lock(b, .write) } }
            await waiters(1, b, state)
            group.addTask { await refusal { try await second.lock(a, .read) } }
            await waiters(1, a, state)
            await clock.endFirst()
            let loser = await group.next() ?? nil
            // The one that lost ends, and the other goes on.
            try? await (loser?.message.contains("`a`") == true ? second : first).end(succeeded: false)
            return [loser, await group.next() ?? nil]
        }
        #expect(errors[0]?.code == .lockTimedOut)
        #expect(errors[0]?.message.contains("in one order") == true)
        #expect(errors[1] == nil)
    }

    @Test func `a call has locks of no more keys than allowed`() async throws {
        var limits = StateLimits()
        limits.maximumStateLocks = 3
        let state = self.state(limits)
        let session = state.session(of: try Namespace("ann"))
        for number in 0..<3 { try await session.lock(key("\(number)"), .read) }
        try await session.lock(key("0"), .read)
        #expect(await refusal { try await session.lock(key("3"), .read) }?.code == .limitReached)
        try session.unlock(key("1"), .read)
        try await session.lock(key("3"), .read)
    }
}

/// A clock whose spans end when the test says so, the first first.
private final class StoppedClock: Sendable {
    private struct State {
        var count = 0
        var sleeping: [Int: CheckedContinuation<Void, any Error>] = [:]
    }

    private let state = Mutex(State())

    func sleep() async throws {
        let number = state.withLock { state in
            state.count += 1
            return state.count
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isCancelled = state.withLock { state in
                    if !Task.isCancelled { state.sleeping[number] = continuation }
                    return Task.isCancelled
                }
                if isCancelled { continuation.resume(throwing: CancellationError()) }
            }
        } onCancel: {
            state.withLock { $0.sleeping.removeValue(forKey: number) }?.resume(throwing: CancellationError())
        }
    }

    /// Ends the span that began first; waits until there is one.
    func endFirst() async {
        while true {
            let first = state.withLock { state in
                state.sleeping.keys.min().flatMap { state.sleeping.removeValue(forKey: $0) }
            }
            if let first { return first.resume() }
            await Task.yield()
        }
    }
}
