import GRDB
import Model
import Storage
import Testing

@testable import StorageSQLite

/// A limit on the pages of the database stands for the end of the disk: SQLite answers both alike.
@Suite struct SQLiteFullDiskTests {
    private static func setSpace(_ store: SQLiteStore, toFree pages: Int?) async throws {
        try await store.pool.writeWithoutTransaction { db in
            let used = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            let most = pages.map { used + $0 } ?? 1_000_000
            try db.execute(sql: "PRAGMA max_page_count = \(most)")
        }
    }

    @Test func `on a full disk nothing is half done, and work goes on when there is space`() async throws {
        try await withFolder { folder in
            let store = try SQLiteStore.open(folder: folder)
            var samples = Samples()
            let small = try samples.queued()
            try await store.enqueue([small])
            try await Self.setSpace(store, toFree: 4)
            let many = try (0..<50).map { _ in try samples.queued(input: [UInt8](repeating: 1, count: 5000)) }
            #expect(await refusal { try await store.enqueue(many) } == .unavailable)
            let lease = try await store.lease(limit: 5, now: samples.now, until: samples.now)
            #expect(lease.map(\.execution.id) == [small.id])
            let large = Samples.settlement(lease[0], output: [UInt8](repeating: 2, count: 100_000))
            #expect(await refusal { _ = try await store.settle([large]) } == .unavailable)
            #expect(try await store.execution(small.id)?.status == .running)
            #expect(try await store.counts() == [.running: 1])

            try await Self.setSpace(store, toFree: nil)
            #expect(try await store.settle([large]).isEmpty)
            try await store.enqueue(many)
            #expect(try await store.counts() == [.succeeded: 1, .queued: 50])
            try await store.close()
        }
    }

    @Test func `on a full disk no key is used up, no batch begins and no attempt is lost`() async throws {
        try await withFolder { folder in
            let store = try SQLiteStore.open(folder: folder)
            var samples = Samples()
            try await store.enqueue([try samples.queued()])
            let lease = try await store.lease(limit: 1, now: samples.now, until: samples.now)[0]
            let batch = samples.id()
            var many = try (0..<50).map { _ in try samples.queued(input: [UInt8](repeating: 1, count: 5000)) }
            for index in many.indices { many[index].batch = batch }
            let key = IdempotencyKey(
                namespace: .default, text: "k", digest: [1], now: samples.now, expiresAt: samples.now + .seconds(9))
            var failed = Samples.settlement(lease, .queued)
            failed.logs = [LogLine(time: samples.now, stream: .stdout, text: String(repeating: "x", count: 100_000))]
            try await Self.setSpace(store, toFree: 4)
            let (queued, settlement) = (many, failed)
            #expect(await refusal { _ = try await store.enqueue(queued, key: key) } == .unavailable)
            #expect(await refusal { _ = try await store.settle([settlement]) } == .unavailable)
            #expect(try await store.batch(batch) == nil)
            #expect(try await store.totals() == QueueTotals(accepted: 1, queued: 0, running: 1, settled: [:]))

            try await Self.setSpace(store, toFree: nil)
            #expect(try await store.settle([settlement]).isEmpty)
            #expect(try await store.attempts(of: lease.execution.id).count == 1)
            #expect(try await store.enqueue(queued, key: key) == many.map(\.id))
            #expect(try await store.totals() == QueueTotals(accepted: 51, queued: 51, running: 0, settled: [:]))
            try await store.close()
        }
    }

    @Test func `on a full disk shared state is as it was`() async throws {
        try await withFolder { folder in
            let store = try SQLiteStore.open(folder: folder)
            let key = try StateKey(tenant: .default, name: "k")
            let version = try await store.commit([.replace(key, by: [1])])
            try await Self.setSpace(store, toFree: 4)
            let large = StateEdit(key, [.write([UInt8](repeating: 2, count: 100_000), at: 0), .append([[3]])])
            #expect(await refusal { _ = try await store.commit([large]) } == .unavailable)
            #expect(
                try await store.state(key) == StateSummary(version: version, size: 1, entries: 0, entryBytes: 0))
            #expect(try await store.stateBytes(key, at: 0, count: 9) == [1])

            try await Self.setSpace(store, toFree: nil)
            _ = try await store.commit([large])
            #expect(try await store.state(key)?.size == 100_000)
            try await store.close()
        }
    }

    @Test func `records wait for space, and can be read meanwhile`() async throws {
        try await withFolder { folder in
            let store = try SQLiteStore.open(folder: folder)
            var samples = Samples()
            try await Self.setSpace(store, toFree: 1)
            var ended = try samples.ended()
            ended.output = [UInt8](repeating: 3, count: 100_000)
            try await store.record([ended])
            #expect(try await store.counts().isEmpty)
            #expect(try await store.execution(ended.id) == ended)

            try await Self.setSpace(store, toFree: nil)
            #expect(try await store.counts() == [.succeeded: 1])
            #expect(store.recorder.waiting(ended.id) == nil)
            #expect(try await store.execution(ended.id) == ended)
            try await store.close()
        }
    }

    @Test func `a database that may only be read refuses changes and answers questions`() async throws {
        try await withFolder { folder in
            let store = try SQLiteStore.open(folder: folder)
            var samples = Samples()
            let (first, second) = (try samples.queued(), try samples.queued())
            try await store.enqueue([first])
            try await store.pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA query_only = 1") }
            #expect(await refusal { try await store.enqueue([second]) } == .unavailable)
            #expect(await refusal { try await store.checkWritable() } == .unavailable)
            #expect(try await store.execution(first.id) == first)
            try await store.pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA query_only = 0") }
            try await store.checkWritable()
            try await store.enqueue([second])
            #expect(try await store.counts() == [.queued: 2])
            try await store.close()
        }
    }
}
