import Kernel
import Model
import Storage
import Synchronization
import Testing

@testable import Sandbox
@testable import SharedState

/// Workers that answer reads from copies, beside the state that they are copies of.
@Suite struct BorrowingTests {
    /// A worker: what it was lent, and a call of a tenant that reads.
    private struct Borrower: Sendable {
        let copies: StateCopies
        let session: StateSession
        let reader: StateReader
        let localReads = Counter()

        init(_ state: SharedState, of tenant: String = "ann", copies: StateCopies = StateCopies()) throws {
            self.copies = copies
            session = state.session(of: try Namespace(tenant))
            reader = StateReader(copies, tenant: tenant)
            if let generations = state.generations { copies.setGenerations(generations.file) }
        }

        func read(_ key: StateKey, at offset: Int, count: Int) async throws -> StateRange {
            let fields = [Array(key.name.utf8), HostFields.bytes(UInt64(offset)), HostFields.bytes(UInt64(count))]
            let reply: [[UInt8]]
            if let answer = reader.answer(33, HostFields.encode(fields)) {
                reply = try HostFields.decode(answer.joined).map { Array($0) }
                localReads.value.add(1, ordering: .relaxed)
            } else {
                reply = try await StateCalls.answer(.read, fields.map { $0[...] }, of: session, lend: take).get()
            }
            return StateRange(size: try reply.number(0), bytes: try reply.bytes(1))
        }

        private func take(_ copy: StateCopy) {
            let (tenant, key) = (copy.key.tenant.rawValue, copy.key.name)
            switch copy.content {
            case .bytes(let bytes):
                copies.take(bytes, tenant: tenant, key: key, place: copy.place, generation: copy.generation)
            case .file(let file):
                copies.take(file, tenant: tenant, key: key, place: copy.place, generation: copy.generation)
            }
        }
    }

    private final class Counter: Sendable {
        let value = Atomic(0)
    }

    /// What becomes of one key: its values are numbered, and say their number.
    private final class History: Sendable {
        let key: StateKey
        /// The last value that somebody was told of, and the last one whose write has begun.
        let known = Atomic(0)
        let begun = Atomic(0)

        init(_ key: StateKey) { self.key = key }

        static func value(_ number: Int) -> [UInt8] {
            if number % 9 == 0 { return [] }
            let count = [100, 20_000, 8, 40_000, 17_000][number % 5]
            return HostFields.bytes(UInt64(number)) + filled(UInt8(truncatingIfNeeded: number), count)
        }

        func write(_ number: Int, to state: SharedState) async throws {
            begun.store(number, ordering: .sequentiallyConsistent)
            let value = Self.value(number)
            if value.isEmpty {
                _ = try await state.delete(key)
            } else if value.count >= Self.value(number - 1).count {
                try await state.write(key, at: 0, value)
            } else {
                try await state.replace(key, by: value)
            }
            known.max(number, ordering: .sequentiallyConsistent)
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `nobody reads a value that is older than one that was written, or seen anywhere, before`(
        _ seed: UInt64
    ) async throws {
        var limits = smallLimits(blocks: 6)
        limits.maximumStateLentBytes = 70_000
        let state = SharedState(store: ScriptedStore(seed: seed), limits: limits)
        let histories = try (0..<3).map { History(try key("k\($0)")) }
        let workers = try [Borrower(state), Borrower(state, copies: StateCopies(maximumBytes: 90_000))]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for history in histories {
                group.addTask {
                    for number in 1...40 {
                        try await history.write(number, to: state)
                        await Task.yield()
                    }
                }
            }
            for (number, worker) in (workers + workers).enumerated() {
                group.addTask {
                    var random = SeededGenerator(seed: seed * 10 + UInt64(number))
                    while histories.contains(where: { $0.known.load(ordering: .relaxed) < 40 }) {
                        let history = histories[random.next(below: 3)]
                        let isWhole = random.next(below: 2) == 0
                        let offset = isWhole ? 0 : random.next(below: 20_000)
                        let oldest = history.known.load(ordering: .sequentiallyConsistent)
                        let range = try await worker.read(history.key, at: offset, count: isWhole ? .max : 3000)
                        let newest = history.begun.load(ordering: .sequentiallyConsistent)
                        let seen = (oldest...newest).first { number in
                            let value = History.value(number)
                            return range.size == value.count
                                && isSame(range.bytes, Array(value.dropFirst(offset).prefix(isWhole ? .max : 3000)))
                        }
                        guard let seen else {
                            Issue.record(
                                "seed \(seed): \(range.size ?? -1) bytes, but not those of \(oldest) to \(newest)")
                            return
                        }
                        history.known.max(seen, ordering: .sequentiallyConsistent)
                        // A read of a copy waits for nothing, and would leave no thread to those who write.
                        await Task.yield()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(workers.allSatisfy { $0.localReads.value.load(ordering: .relaxed) > 0 })
        try state.tier.withLock { tier in
            let files = tier.keys.values.compactMap { $0.lending.file?.bytes }
            try #require(tier.filedBytes == files.reduce(0, +) && tier.filedKeys.count == files.count)
        }
    }

    @Test func `tenants that share a worker have keys of their own`() async throws {
        let state = SharedState(store: ScriptedStore())
        let copies = StateCopies()
        let (ann, ben) = try (Borrower(state, copies: copies), Borrower(state, of: "ben", copies: copies))
        for size in [10, 50_000] {
            try await state.replace(key("k"), by: filled(1, size))
            for _ in 0..<3 {
                #expect(try await ann.read(key("k"), at: 0, count: .max).bytes == filled(1, size))
                #expect(try await ben.read(key("k", of: "ben"), at: 0, count: .max).size == 0)
            }
        }
        #expect(ann.localReads.value.load(ordering: .relaxed) == 4)
        #expect(ben.localReads.value.load(ordering: .relaxed) == 5)
    }

    @Test func `a worker drops what is other by now, then what it used least, and asks again`() async throws {
        let state = SharedState(store: ScriptedStore())
        let worker = try Borrower(state, copies: StateCopies(maximumBytes: 300_000))
        let keys = try (0..<12).map { try key("k\($0)") }
        for key in keys { try await state.replace(key, by: filled(3, 40_000)) }
        for key in keys {
            #expect(try await worker.read(keys[0], at: 0, count: 5).size == 40_000)
            #expect(try await worker.read(key, at: 0, count: .max).bytes == filled(3, 40_000))
            #expect(worker.copies.held.bytes <= 300_000)
        }
        #expect(worker.copies.held.count > 1)
        #expect(worker.reader.answer(32, HostFields.encode([Array("k1".utf8)])) == nil)
        #expect(worker.reader.answer(32, HostFields.encode([Array("k0".utf8)])) != nil)
        for key in keys { try await state.replace(key, by: filled(4, 20)) }
        #expect(worker.reader.answer(32, HostFields.encode([Array("k0".utf8)])) == nil)
        try await state.replace(keys[1], by: filled(5, 40_000))
        #expect(try await worker.read(keys[1], at: 1, count: .max).bytes == filled(5, 39_999))
        #expect(worker.copies.held.count == 1, "the others were given back")
    }
}
