import Kernel
public import Model
public import Storage
import Synchronization

/// Values of bytes by tenant and key that calls share: in memory on this node, and durable in the store.
///
/// Every request is one step of its key: once it has returned, whoever asks next sees it. A change is in memory when it
/// returns, and on disk when it was pushed. One node works on one store: what another would write is not noticed.
public final class SharedState: Sendable {
    public let limits: StateLimits
    let locks: StateLocks
    /// Counts changes of keys where workers see it; nil where the system has no memory for that.
    let generations = SharedCounters()

    private let store: any StateStore
    let tier: Mutex<LocalTier>
    private let sessionCount = Atomic<UInt64>(0)

    public init(
        store: any StateStore, limits: StateLimits = StateLimits(),
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.store = store
        self.limits = limits
        tier = Mutex(LocalTier(limits: limits, generations: generations))
        locks = StateLocks(limits: limits, sleep: sleep)
    }

    /// What one call uses of the state of its tenant. It must be ended.
    public func session(of tenant: Namespace) -> StateSession {
        let number = sessionCount.add(1, ordering: .relaxed).newValue
        return StateSession(self, tenant: tenant, number: number)
    }

    /// Bytes in memory, and how many of them are newer than the store.
    public var memoryUse: (residentBytes: Int, dirtyBytes: Int) {
        tier.withLock { ($0.residentBytes, $0.dirtyBytes) }
    }

    // MARK: Pushing

    /// Makes changes of keys that were made before durable. Returns at once where there are none.
    public func push(_ keys: some Sequence<StateKey>) async throws(StateError) {
        var goals = tier.withLock { [keys = Array(keys)] in $0.goals(keys) }
        while true {
            let (step, rest) = tier.withLock { [goals] tier in
                var goals = goals
                let step = tier.beginPush(&goals)
                return (step, goals)
            }
            goals = rest
            switch step {
            case .over: return
            case .wait(let key): await endOfPush(of: key)
            case .commit(let edits): try await commit(edits)
            }
        }
    }

    /// Makes all changes durable that were made before.
    public func writeBack() async throws(StateError) { try await push(tier.withLock { $0.dirty }) }

    /// Refuses every later request and makes all changes durable.
    public func close() async throws(StateError) {
        tier.withLock { $0.isClosed = true }
        try await writeBack()
    }

    private func commit(_ edits: [StateEdit]) async throws(StateError) {
        let failure: (any Error)?
        do {
            _ = try await store.commit(edits)
            failure = nil
        } catch {
            failure = error
        }
        let succeeded = failure == nil
        let waiting = tier.withLock { tier in
            edits.flatMap { tier.endPush($0.key, succeeded: succeeded) }
        }
        for continuation in waiting { continuation.resume() }
        if let failure { throw .store(failure) }
    }

    private func endOfPush(of key: StateKey) async {
        await withCheckedContinuation { continuation in
            let isOver = tier.withLock { tier in
                guard let local = tier.existing(key), local.push != nil else { return true }
                local.waiting.append(continuation)
                return false
            }
            if isOver { continuation.resume() }
        }
    }

    // MARK: Requests

    /// Asks the tier until it has what it needs.
    func run<Value: Sendable>(
        _ key: StateKey, _ attempt: @Sendable (inout LocalTier) -> Step<Value>
    ) async throws(StateError) -> Value {
        if case .done(let value) = tier.withLock({ attempt(&$0) }) { return value }
        tier.withLock { $0.pin(key) }
        defer {
            tier.withLock { tier in
                tier.unpin(key)
                tier.trim()
            }
        }
        while true {
            switch tier.withLock({ attempt(&$0) }) {
            case .done(let value): return value
            case .refused(let error): throw error
            case .needs(let need): try await fetch(need, for: key)
            }
        }
    }

    /// A change: what is in memory then is bounded again.
    func change<Value: Sendable>(
        _ key: StateKey, _ attempt: @Sendable (inout LocalTier) -> Step<Value>
    ) async throws(StateError) -> Value {
        let value = try await run(key, attempt)
        let isOverfull = tier.withLock { tier in
            tier.trim()
            return tier.unpushedBytes > limits.maximumDirtyBytes
        }
        // The change is made: where it cannot be pushed, whoever pushes it next is told.
        if isOverfull { try? await push([key]) }
        return value
    }

    private func fetch(_ need: Need, for key: StateKey) async throws(StateError) {
        do {
            switch need {
            case .key:
                let summary = try await store.state(key)
                tier.withLock { $0.learn(key, summary) }
            case .blocks(let first, let count, let hideCount):
                let bytes = try await store.stateBytes(
                    key, at: first * StateChunk.bytes, count: count * StateChunk.bytes)
                tier.withLock { $0.learn(key, firstBlock: first, hideCount: hideCount, bytes) }
            case .usage:
                let usage = try await store.stateUsage(of: key.tenant)
                tier.withLock { $0.learn(usage: usage.bytes, of: key.tenant) }
            case .room(let bytes):
                try await push(tier.withLock { $0.oldestDirty(bytes: bytes) })
            }
        } catch let error as StateError {
            throw error
        } catch {
            throw .store(error)
        }
    }

    /// The first `count` entries of a log as they are in the store.
    func storedEntries(_ key: StateKey, count: Int) async throws(StateError) -> [[UInt8]] {
        do { return try await store.stateEntries(key, limit: count) } catch { throw .store(error) }
    }

    /// Pins a key: nothing of it is dropped while `body` runs.
    func pinning<Value>(
        _ key: StateKey, _ body: () async throws(StateError) -> Value
    ) async throws(StateError) -> Value {
        tier.withLock { $0.pin(key) }
        defer { tier.withLock { $0.unpin(key) } }
        return try await body()
    }

    /// Keys of a tenant as they are in the store, at most a page of them.
    func storedKeys(of tenant: Namespace, after: StateKey?, limit: Int) async throws(StateError) -> [StateListing] {
        try await push(tier.withLock { $0.dirty.filter { $0.tenant == tenant } })
        do {
            return try await store.stateKeys(
                of: tenant, after: after, limit: min(limit, limits.maximumListedStateKeys))
        } catch { throw .store(error) }
    }
}
