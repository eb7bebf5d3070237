import Dispatch
import GRDB
import Model
import Storage
import Synchronization
import Testing

@testable import StorageSQLite

@Suite(.timeLimit(.minutes(1))) struct SQLiteGroupCommitTests {
    /// Holds the writer up until the gate is opened.
    private static func hold(_ store: SQLiteStore) -> DispatchSemaphore {
        let gate = DispatchSemaphore(value: 0)
        store.writer.submit(
            GroupWriter.Change(
                make: { _, _ in
                    gate.wait()
                    // It may be made again.
                    gate.signal()
                    return {}
                }, refuse: { _ in }))
        return gate
    }

    /// Hands over changes while the writer is held up, so that they are one group. Returns the answers in their order.
    private static func commit<Value: Sendable>(
        _ changes: [@Sendable (Database, inout Books) throws -> Value], in store: SQLiteStore
    ) async throws -> [Result<Value, StorageError>] {
        let answers = Mutex<[Result<Value, StorageError>]>([])
        let gate = Self.hold(store)
        for change in changes {
            store.writer.submit(
                GroupWriter.Change(
                    make: { db, books in
                        let value = try change(db, &books)
                        return { answers.withLock { $0.append(.success(value)) } }
                    }, refuse: { error in answers.withLock { $0.append(.failure(error)) } }))
        }
        gate.signal()
        // Answers come in the order of the changes, so this is the last.
        try await store.writer.perform { _ in }
        return answers.withLock { $0 }
    }

    @Test func `changes that wait together are committed together`() async throws {
        try await withFolder { folder in
            let store = try SQLiteStore.open(folder: folder)
            let commits = CommitCounter()
            try await store.pool.writeWithoutTransaction { db in db.add(transactionObserver: commits) }
            var samples = Samples()
            let queued = try (0..<200).map { _ in try samples.queued() }
            let answers = try await Self.commit(
                queued.map { execution in { try QueueTable.enqueue([execution], key: nil, &$1, $0) } }, in: store)
            #expect(answers == queued.map { .success([$0.id]) })
            #expect(
                commits.count <= 3, "the one that held it up, one for all, and maybe one for the question after them")
            #expect(try await store.counts() == [.queued: 200])
            try await store.close()
        }
    }

    @Test func `one bad change in a group does not harm the others`() async throws {
        try await withFolder { folder in
            let store = try SQLiteStore.open(folder: folder)
            var samples = Samples()
            let queued = try (0..<50).map { _ in try samples.queued() }
            let answers = try await Self.commit(
                queued.enumerated().map { index, execution in
                    { db, books in
                        _ = try QueueTable.enqueue([execution], key: nil, &books, db)
                        if index % 10 == 3 { throw StorageError(.conflict, "no") }
                        return index
                    }
                }, in: store)
            for (index, answer) in answers.enumerated() {
                let isBad = index % 10 == 3
                #expect(answer == (isBad ? .failure(StorageError(.conflict, "no")) : .success(index)))
                #expect(try await store.execution(queued[index].id) == (isBad ? nil : queued[index]))
            }
            #expect(answers.count == 50)
            try await store.close()
        }
    }

    @Test func `what is asked for in a group knows what was queued before it in the group`() async throws {
        try await withFolder { folder in
            let store = try SQLiteStore.open(folder: folder)
            var samples = Samples()
            let queued = try (0..<30).map { _ in try samples.queued() }
            // All are handed over before the first of them is made.
            let gate = Self.hold(store)
            var tasks: [Task<LeasedWork, any Error>] = []
            for execution in queued {
                tasks.append(
                    Task.immediate {
                        async let enqueued: Void = store.enqueue([execution])
                        let work = try await store.leaseNext(
                            limit: 10, now: Timestamp(microseconds: 5), until: Timestamp(microseconds: 6))
                        try await enqueued
                        return work
                    })
            }
            gate.signal()
            var leased: [ExecutionID] = []
            for task in tasks { leased += try await task.value.leases.map(\.execution.id) }
            leased += try await store.leaseNext(
                limit: 100, now: Timestamp(microseconds: 5), until: Timestamp(microseconds: 6)
            ).leases.map(\.execution.id)
            #expect(Set(leased) == Set(queued.map(\.id)) && leased.count == queued.count)
            #expect(try await store.counts() == [.running: 30])
            try await store.close()
        }
    }

    @Test func `many callers at once are all stored`() async throws {
        try await withFolder { folder in
            let store = try SQLiteStore.open(folder: folder)
            var samples = Samples()
            let queued = try (0..<500).map { _ in try samples.queued() }
            await withTaskGroup(of: StorageError.Code?.self) { group in
                for execution in queued { group.addTask { await refusal { try await store.enqueue([execution]) } } }
                for await code in group { #expect(code == nil) }
            }
            #expect(try await store.executions(queued.map(\.id)) == queued)
            try await store.close()
        }
    }

    @Test func `a cancelled caller still gets the true answer`() async throws {
        try await withFolder { folder in
            let store = try SQLiteStore.open(folder: folder)
            var samples = Samples()
            let execution = try samples.queued()
            let task = Task { try await store.enqueue([execution]) }
            task.cancel()
            try await task.value
            #expect(try await store.execution(execution.id) == execution)
            try await store.close()
        }
    }

    @Test func `more records than may wait are written at once`() async throws {
        try await withFolder { folder in
            let store = try SQLiteStore.open(folder: folder)
            var samples = Samples()
            let ended = try (0...Recorder.maximumWaitingExecutions).map { _ in try samples.ended() }
            try await store.record(ended)
            #expect(store.recorder.waiting(ended[0].id) == nil)
            #expect(try await store.execution(ended[0].id) == ended[0])
            #expect(try await store.counts() == [.succeeded: ended.count])
            try await store.close()
        }
    }
}

/// Counts commits of a connection.
final class CommitCounter: TransactionObserver, Sendable {
    private let commits = Mutex(0)

    var count: Int { commits.withLock { $0 } }

    func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { true }

    func databaseDidChange(with event: DatabaseEvent) {}

    func databaseDidCommit(_ db: Database) { commits.withLock { $0 += 1 } }

    func databaseDidRollback(_ db: Database) {}
}
