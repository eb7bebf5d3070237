import Model
import Storage
import Synchronization
import Testing

@testable import SharedState

@Suite struct TierModelTests {
    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `random requests are answered as by a plain dictionary, whatever is dropped and pushed`(
        _ seed: UInt64
    ) async throws {
        let store = ScriptedStore()
        let state = SharedState(store: store, limits: smallLimits())
        let keys = try ["a", "b", "c", "d"].map { try key($0) }
        var models: [StateKey: PlainKey] = [:]
        var random = SeededGenerator(seed: seed)
        for round in 0..<120 {
            let key = keys[random.next(below: keys.count)]
            let request = RandomRequest(&random)
            let isAlike = try await request.answersAlike(state, key, &models[key, default: PlainKey()])
            #expect(isAlike, "seed \(seed), round \(round): \(key)")
            try state.checkBooks(models)
        }
        try await state.close()
        try await Self.expectStored(models, in: store)
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `tasks that use one small tier at a time each see their own keys right, also when commits fail`(
        _ seed: UInt64
    ) async throws {
        let store = ScriptedStore(seed: seed)
        let state = SharedState(store: store, limits: smallLimits(blocks: 12))
        store.setFailure(.sometimes)
        let models = try await withThrowingTaskGroup(of: (StateKey, PlainKey).self) { group in
            for number in 0..<4 {
                let key = try key("k\(number)")
                group.addTask {
                    var random = SeededGenerator(seed: seed * 100 + UInt64(number))
                    var model = PlainKey()
                    var done = 0
                    while done < 60 {
                        let request = RandomRequest(&random)
                        do {
                            let isAlike = try await request.answersAlike(state, key, &model)
                            #expect(isAlike, "seed \(seed), \(key), \(done)")
                            done += 1
                        } catch let error as StateError where error.code == .unavailable {
                            // It was refused for want of room: nothing was changed.
                        }
                    }
                    return (key, model)
                }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        try state.checkBooks(models)
        store.setFailure(.never)
        try await state.close()
        try await Self.expectStored(models, in: store)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `what is pushed while others push and change the same key is a state that it had`(_ seed: UInt64) async throws
    {
        let store = ScriptedStore(seed: seed)
        let state = SharedState(store: store, limits: smallLimits())
        let key = try key("k")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...3 {
                group.addTask {
                    for round in 0..<12 {
                        let length = (round % 3) * StateChunk.bytes + number
                        try await state.replace(key, by: filled(UInt8(number), length))
                        try await state.push([key])
                        // A value of one write, never a mixture.
                        let stored = try await store.stateBytes(key, at: 0, count: .max >> 1)
                        #expect(isUniform(stored))
                        #expect(stored.count % StateChunk.bytes == Int(stored[0]))
                    }
                }
            }
            try await group.waitForAll()
        }
        let last = try await state.value(key)
        try await state.close()
        #expect(isSame(try await store.stateBytes(key, at: 0, count: .max >> 1), last ?? []))
    }

    private static func expectStored(_ models: [StateKey: PlainKey], in store: ScriptedStore) async throws {
        for (key, model) in models {
            #expect(try await store.state(key)?.size == model.value?.count, "\(key)")
            #expect(isSame(try await store.stateBytes(key, at: 0, count: .max >> 1), model.value ?? []), "\(key)")
            #expect(try await store.stateEntries(key, limit: 1000) == model.entries, "\(key)")
        }
    }
}

extension SharedState {
    /// Compares the sums that the tier keeps with what they are the sums of.
    func checkBooks(_ models: [StateKey: PlainKey]) throws {
        let books = tier.withLock { tier in
            let parts = tier.keys.values.reduce(0) { $0 + $1.blocks.count + 1 }
            let blocks = tier.keys.values.flatMap { $0.blocks.values }
            let held = blocks.reduce(0) { $0 + $1.bytes.count }
            let sums = tier.keys.values.reduce((0, 0)) { ($0.0 + $1.residentBytes, $0.1 + $1.dirtyBytes) }
            return [
                tier.residentBytes - sums.0, tier.dirtyBytes - sums.1, tier.recency.count - parts,
                tier.dirtyKeys.count - tier.keys.values.count { $0.isDirty }, max(0, held - tier.residentBytes),
                tier.keys.values.count { $0.pins != 0 },
            ]
        }
        #expect(books == [0, 0, 0, 0, 0, 0])
        let cost = models.reduce(0) { sum, entry in
            sum
                + StateCost.of(
                    entry.key, size: entry.value.value?.count, entries: entry.value.entries.count,
                    entryBytes: entry.value.entries.reduce(0) { $0 + $1.count })
        }
        let used = tier.withLock { $0.usage.values.reduce(0, +) }
        #expect(used == cost)
    }
}
