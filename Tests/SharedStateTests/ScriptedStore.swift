import Glibc
import Model
import SharedState
import Storage
import Synchronization

/// A store that counts what it moves, can be told to fail, and lets others go first, now and then.
final class ScriptedStore: StateStore {
    struct Counts {
        var readBytes = 0
        var writtenBytes = 0
        var commits = 0
        var reads = 0
    }

    private struct State {
        var counts = Counts()
        var failure = Failure.never
        var random: SeededGenerator?
    }

    enum Failure {
        case never
        /// Nothing is stored, and an error is thrown.
        case refusing
        /// It is stored, but an error is thrown all the same.
        case lying
        /// One commit in three fails in one of both ways.
        case sometimes
    }

    private let inner: any StateStore
    private let state: Mutex<State>

    /// With a seed, requests are delayed at random.
    init(_ inner: any StateStore = MemoryStore(), seed: UInt64? = nil) {
        self.inner = inner
        state = Mutex(State(random: seed.map { SeededGenerator(seed: $0) }))
    }

    var counts: Counts { state.withLock { $0.counts } }

    func resetCounts() { state.withLock { $0.counts = Counts() } }

    func setFailure(_ failure: Failure) { state.withLock { $0.failure = failure } }

    private func draw(_ below: Int) -> Int {
        state.withLock { state in state.random?.next(below: below) ?? 0 }
    }

    private func pause() async { for _ in 0..<draw(6) { await Task.yield() } }

    func commit(_ edits: [StateEdit]) async throws -> Int64 {
        await pause()
        let luck = draw(6)
        let (isStored, isTold) = state.withLock { state in
            switch state.failure {
            case .never: (true, true)
            case .refusing: (false, false)
            case .lying: (true, false)
            case .sometimes: (luck != 0, luck > 1)
            }
        }
        let bytes = edits.flatMap(\.changes).reduce(0) { sum, change in
            if case .write(let bytes, _) = change { sum + bytes.count } else { sum }
        }
        let version = isStored ? try await inner.commit(edits) : 0
        await pause()
        guard isTold else { throw StorageError(.unavailable, "The disk is full.") }
        state.withLock { state in
            state.counts.commits += 1
            state.counts.writtenBytes += bytes
        }
        return version
    }

    func state(_ key: StateKey) async throws -> StateSummary? {
        await pause()
        let summary = try await inner.state(key)
        await pause()
        return summary
    }

    func stateBytes(_ key: StateKey, at offset: Int, count: Int) async throws -> [UInt8] {
        await pause()
        let bytes = try await inner.stateBytes(key, at: offset, count: count)
        state.withLock { state in
            state.counts.reads += 1
            state.counts.readBytes += bytes.count
        }
        await pause()
        return bytes
    }

    func stateEntries(_ key: StateKey, limit: Int) async throws -> [[UInt8]] {
        await pause()
        let entries = try await inner.stateEntries(key, limit: limit)
        await pause()
        return entries
    }

    func stateKeys(of tenant: Namespace, after: StateKey?, limit: Int) async throws -> [StateListing] {
        try await inner.stateKeys(of: tenant, after: after, limit: limit)
    }

    func stateUsage(of tenant: Namespace) async throws -> StateUsage {
        await pause()
        return try await inner.stateUsage(of: tenant)
    }
}

/// Compares as C does: without optimisation arrays compare themselves byte by byte.
func isSame(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.count == right.count
        && left.withUnsafeBytes { left in
            right.withUnsafeBytes { right in
                guard let first = left.baseAddress, let second = right.baseAddress else { return true }
                return memcmp(first, second, left.count) == 0
            }
        }
}

/// Whether there are bytes, all alike.
func isUniform(_ bytes: [UInt8]) -> Bool {
    bytes.first.map { isSame(bytes, filled($0, bytes.count)) } ?? false
}

func filled(_ byte: UInt8, _ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
        if let start = buffer.baseAddress { memset(start, Int32(byte), count) }
        used = count
    }
}

/// SplitMix64.
struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    mutating func next(below bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }
}

func key(_ name: String, of tenant: String = "ann") throws -> StateKey {
    try StateKey(tenant: try Namespace(tenant), name: name)
}

/// Room for a few blocks, so that they come and go all the time.
func smallLimits(blocks: Int = 6) -> StateLimits {
    var limits = StateLimits()
    limits.maximumStateCacheBytes = blocks * StateChunk.bytes
    return limits
}

/// The code and sentence of the error that a request ends with; nil where it succeeds.
func refusal(_ body: () async throws -> Void) async -> StateError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? StateError
    }
}

extension SharedState {
    func replace(_ key: StateKey, by bytes: [UInt8]) async throws { try await replace(key, by: bytes[...]) }

    func write(_ key: StateKey, total: Int = 0, at offset: Int, _ bytes: [UInt8]) async throws {
        try await write(key, total: total, at: offset, bytes[...])
    }

    func value(_ key: StateKey) async throws -> [UInt8]? {
        let range = try await read(key)
        return range.size == nil ? nil : range.bytes
    }
}
