import Model
import Storage
import Testing

@testable import SharedState

@Suite struct BoundTests {
    private let megabyte = 1 << 20

    @Test func `a big value is read and changed by ranges with bounded memory, and no more is moved than is asked for`()
        async throws
    {
        let store = ScriptedStore()
        let limits = smallLimits(blocks: 16)
        let state = SharedState(store: store, limits: limits)
        let key = try key("big")
        let megabytes = 24
        for number in 0..<megabytes {
            try await state.write(
                key, at: number * megabyte, filled(UInt8(number), megabyte))
            #expect(state.memoryUse.residentBytes <= limits.maximumStateCacheBytes + 2 * megabyte)
        }
        try await state.push([key])
        #expect(state.memoryUse.dirtyBytes == 0)
        #expect(store.counts.readBytes == 0, "what is written as a whole is not read")

        for number in (0..<megabytes).reversed() {
            let range = try await state.read(key, at: number * megabyte, count: megabyte)
            #expect(isSame(range.bytes, filled(UInt8(number), megabyte)))
            #expect(state.memoryUse.residentBytes <= limits.maximumStateCacheBytes + megabyte)
        }
        #expect(store.counts.readBytes <= megabytes * megabyte)

        store.resetCounts()
        #expect(try await state.read(key, at: 20 * megabyte + 7, count: 10).bytes.count == 10)
        #expect(store.counts.readBytes <= StateChunk.bytes)
        try await state.write(key, at: 22 * megabyte + 9, [1, 2, 3])
        try await state.push([key])
        #expect(store.counts.writtenBytes <= StateChunk.bytes, "a small change does not rewrite the value")
        #expect(try await state.read(key, at: 22 * megabyte + 8, count: 5).bytes == [22, 1, 2, 3, 22])
    }

    @Test func `a value of a gibibyte that is mostly zeros takes no space`() async throws {
        let store = ScriptedStore()
        var limits = smallLimits()
        limits.maximumStateValueBytes = 1 << 30
        let state = SharedState(store: store, limits: limits)
        let key = try key("sparse")
        try await state.write(key, total: 1 << 30, at: (1 << 30) - 3, [7])
        #expect(try await state.size(key) == 1 << 30)
        #expect(try await state.read(key, at: (1 << 30) - 4).bytes == [0, 7, 0, 0])
        #expect(try await state.read(key, at: 5 << 20, count: 3).bytes == [0, 0, 0])
        #expect(state.memoryUse.residentBytes < megabyte)
    }

    @Test func `what is looked at once is forgotten, also keys that are not there`() async throws {
        var limits = StateLimits()
        limits.maximumStateCacheBytes = 64 << 10
        let state = SharedState(store: ScriptedStore(), limits: limits)
        for number in 0..<1000 {
            #expect(try await state.size(key("none\(number)")) == nil)
            #expect(try await state.delete(key("none\(number)")) == false)
        }
        #expect(state.memoryUse.residentBytes <= limits.maximumStateCacheBytes)
    }

    @Test func `the block that was used last stays`() async throws {
        let store = ScriptedStore()
        let state = SharedState(store: store, limits: smallLimits(blocks: 6))
        let (hot, cold) = (try key("hot"), try key("cold"))
        try await state.replace(hot, by: [1])
        try await state.write(cold, total: 64 * StateChunk.bytes, at: 0, [])
        for block in 0..<64 {
            try await state.write(cold, at: block * StateChunk.bytes, filled(1, StateChunk.bytes))
        }
        try await state.writeBack()
        _ = try await state.read(hot)
        store.resetCounts()
        for block in 0..<64 {
            _ = try await state.read(cold, at: block * StateChunk.bytes, count: 1)
            _ = try await state.read(hot)
        }
        #expect(store.counts.reads >= 58 && store.counts.reads <= 64, "the hot one is not read again")
    }

    @Test func `a full disk refuses changes when memory is full of unpushed ones, and loses none`() async throws {
        let store = ScriptedStore()
        let state = SharedState(store: store, limits: smallLimits(blocks: 8))
        store.setFailure(.refusing)
        var written: [StateKey] = []
        var error: StateError?
        for number in 0..<20 where error == nil {
            let key = try key("k\(number)")
            error = await refusal {
                try await state.replace(key, by: filled(UInt8(number), StateChunk.bytes))
            }
            if error == nil { written.append(key) }
        }
        #expect(error == StateError(.unavailable, "The disk is full."))
        #expect(written.count >= 2 && written.count <= 4)
        #expect(await refusal { try await state.push(written) }?.code == .unavailable)
        for (number, key) in written.enumerated() {
            #expect(try await state.value(key)?.first == UInt8(number), "changes are still seen")
        }
        store.setFailure(.never)
        try await state.close()
        for key in written { #expect(try await store.state(key)?.size == StateChunk.bytes) }
    }

    @Test func `a commit that failed though it was made is made again without harm`() async throws {
        let store = ScriptedStore()
        let state = SharedState(store: store)
        let key = try key("k")
        try await state.replace(key, by: [1, 2, 3])
        try await state.append(key, [4])
        store.setFailure(.lying)
        #expect(await refusal { try await state.push([key]) }?.code == .unavailable)
        store.setFailure(.never)
        try await state.append(key, [5])
        try await state.push([key])
        #expect(try await store.stateEntries(key, limit: 9) == [[4], [5]])
        #expect(try await store.stateBytes(key, at: 0, count: 9) == [1, 2, 3])
    }

    @Test func `limits are refused with their names, and wrong totals are not`() async throws {
        var limits = StateLimits()
        limits.maximumStateValueBytes = 1000
        limits.maximumStateTenantBytes = 1500
        limits.maximumStateTransferBytes = 2000
        let state = SharedState(store: ScriptedStore(), limits: limits)
        let (a, b) = (try key("a"), try key("b"))
        func expect(_ name: String, _ body: () async throws -> Void) async {
            let error = await refusal(body)
            #expect(error?.code == .limitReached)
            #expect(error?.message.contains(name) == true, "\(error?.message ?? "no error")")
        }
        let long = [UInt8](repeating: 1, count: 1001)
        await expect("maximumStateValueBytes") { try await state.replace(a, by: long) }
        await expect("maximumStateValueBytes") { try await state.write(a, at: .max, [1]) }
        await expect("maximumStateValueBytes") { try await state.write(a, at: 1000, [1]) }
        await expect("maximumStateValueBytes") { try await state.append(a, long) }
        await expect("maximumStateTransferBytes") { try await state.replace(a, by: long + long) }
        try await state.write(a, total: .max, at: 0, [1])
        #expect(try await state.size(a) == 1)
        try await state.write(a, total: 1000, at: 0, [1])
        await expect("maximumStateTenantBytes") { try await state.write(b, total: 500, at: 0, [1]) }
        await expect("maximumStateTenantBytes") {
            for _ in 0..<40 { try await state.append(b, []) }
        }
        #expect(try await state.delete(a))
        try await state.write(b, total: 500, at: 0, [1])
        try await state.replace(try key("a", of: "bob"), by: Array(long.dropLast()))
    }

    @Test func `after a stop everything is stored and nothing more is taken`() async throws {
        let store = ScriptedStore()
        let state = SharedState(store: store)
        let key = try key("k")
        try await state.replace(key, by: [1])
        try await state.append(key, [2])
        try await state.close()
        #expect(try await store.state(key) == StateSummary(version: 1, size: 1, entries: 1, entryBytes: 1))
        #expect(await refusal { try await state.replace(key, by: [3]) }?.code == .unavailable)
        #expect(await refusal { _ = try await state.read(key) }?.code == .unavailable)
    }

    @Test func `keys are listed with what was not pushed yet`() async throws {
        let state = SharedState(store: ScriptedStore())
        for name in ["b", "a", "c"] { try await state.replace(try key(name), by: [1]) }
        try await state.replace(try key("z", of: "bob"), by: [1])
        let ann = try Namespace("ann")
        let page = try await state.keys(of: ann, limit: 2)
        #expect(page.map(\.key.name) == ["a", "b"])
        #expect(try await state.keys(of: ann, after: page[1].key).map(\.key.name) == ["c"])
    }

    @Test func `who waits for a push is content when the key was pushed by another, dropped and loaded anew`() throws {
        var tier = LocalTier(limits: StateLimits())
        let key = try key("k")
        func change() {
            tier.learn(key, nil)
            tier.learn(usage: 0, of: key.tenant)
            if case .done = tier.append(key, [1]) {} else { Issue.record("the change was not made") }
        }
        for _ in 0..<3 { change() }
        var late = tier.goals([key])
        var goals = late
        #expect(tier.beginPush(&goals).isCommit)
        #expect(tier.endPush(key, succeeded: true).isEmpty)
        tier.trim(to: 0)
        #expect(tier.existing(key) == nil)
        change()
        #expect(tier.beginPush(&late).isOver)
    }

    @Test func `elements are kept in the order of use`() {
        var list = RecencyList<Int>()
        let places = (0..<5).map { list.insert($0) }
        list.touch(places[0])
        list.touch(places[4])
        list.remove(places[2])
        #expect(list.oldest { _ in true } == [1, 3, 0, 4])
        #expect(list.insert(9) == places[2], "places are used again")
        #expect(list.oldest { $0 != 4 } == [1, 3, 0])
        for place in places { list.remove(place) }
        #expect(list.oldest == nil && list.count == 0)
    }
}

extension PushStep {
    fileprivate var isCommit: Bool { if case .commit = self { true } else { false } }
    fileprivate var isOver: Bool { if case .over = self { true } else { false } }
}
