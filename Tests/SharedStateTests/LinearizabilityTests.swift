import Model
import Storage
import Testing

@testable import SharedState

@Suite struct LinearizabilityTests {
    @Test func `counters that many increment by compare-and-set lose nothing`() async throws {
        let state = SharedState(store: ScriptedStore(seed: 3), limits: smallLimits(blocks: 2))
        let key = try key("counter")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<8 {
                group.addTask {
                    for _ in 0..<15 {
                        while true {
                            let old = try await state.value(key)
                            let count = HostFields.number((old ?? [])[...], as: UInt64.self) ?? 0
                            let new = HostFields.bytes(count + 1)
                            if try await state.compareAndSet(key, expected: old?[...], new[...]) { break }
                        }
                        if number == 0 { try await state.push([key]) }
                        // Drives the counter out of memory.
                        let other = try SharedStateTests.key("noise\(number % 2)")
                        try await state.replace(other, by: filled(1, StateChunk.bytes))
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await state.value(key) == HostFields.bytes(UInt64(120)))
    }

    @Test func `a range is read as one write left it, while others write and push`() async throws {
        let state = SharedState(store: ScriptedStore(seed: 4), limits: smallLimits(blocks: 4))
        let key = try key("k")
        let (start, count) = (StateChunk.bytes - 700, StateChunk.bytes + 1400)
        try await state.write(key, total: 4 * StateChunk.bytes, at: start, filled(9, count))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...3 {
                group.addTask {
                    for _ in 0..<25 {
                        try await state.write(key, at: start, filled(UInt8(number), count))
                        try await state.push([key])
                    }
                }
                group.addTask {
                    for _ in 0..<25 {
                        let range = try await state.read(key, at: start, count: count)
                        #expect(range.bytes.count == count && isUniform(range.bytes))
                        _ = try await state.read(key, at: 3 * StateChunk.bytes)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func `ranges that do not overlap are all kept`() async throws {
        let state = SharedState(store: ScriptedStore(seed: 5), limits: smallLimits(blocks: 2))
        let key = try key("k")
        let (writers, pieces) = (8, 30)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<writers {
                group.addTask {
                    for piece in 0..<pieces {
                        // Neighbours in one block belong to different writers; pieces spread over blocks.
                        let offset = piece * 20_000 + number * 5
                        try await state.write(key, at: offset, [UInt8](repeating: UInt8(number + 1), count: 5))
                        if piece % 16 == number { try await state.push([key]) }
                    }
                }
            }
            try await group.waitForAll()
        }
        let value = try #require(try await state.value(key))
        for piece in 0..<pieces {
            for number in 0..<writers {
                let offset = piece * 20_000 + number * 5
                #expect(value[offset..<offset + 5] == [UInt8](repeating: UInt8(number + 1), count: 5)[...])
            }
        }
    }

    @Test func `entries of one writer keep their order, and none is lost or doubled`() async throws {
        let store = ScriptedStore(seed: 6)
        store.setFailure(.sometimes)
        let state = SharedState(store: store)
        let key = try key("log")
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<6 {
                group.addTask {
                    for count in 0..<30 {
                        _ = await refusal { try await state.append(key, [UInt8(number), UInt8(count)]) }
                        if count % 5 == number % 5 { _ = await refusal { try await state.push([key]) } }
                    }
                }
            }
        }
        store.setFailure(.never)
        let entries = try await state.entries(key)
        #expect(entries.count == 180)
        for number in 0..<6 {
            #expect(entries.filter { $0[0] == number }.map { Int($0[1]) } == Array(0..<30))
        }
        try await state.close()
        #expect(try await store.stateEntries(key, limit: 999) == entries)
    }
}
