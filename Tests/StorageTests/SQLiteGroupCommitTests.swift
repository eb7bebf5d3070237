import Dispatch
import GRDB
import Model
import Storage
import Synchronization
import Testing

@testable import StorageSQLite

@Suite struct SQLiteGroupCommitTests {
    /// Holds the writer until `body` has handed over all its changes, so that they are one group.
    private static func grouped(_ store: SQLiteStore, _ body: (borrowing Gate) async throws -> Void) async throws {
        let gate = Gate()
        store.writer.submit(
            GroupWriter.Change(
                make: { _ in
                    gate.wait()
                    return {}
                }, refuse: { _ in }))
        try await body(gate)
    }

    @Test func `changes that wait together are committed together`() async throws {
        try await withFolder { folder in
            let store = try SQLiteStore.open(folder: folder)
            let commits = CommitCounter()
            try await store.pool.writeWithoutTransaction { db in db.add(transactionObserver: commits) }
            var samples = Samples()
            let queued = try (0..<200).map { _ in try samples.queued() }
            try await Self.grouped(store) { gate in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for execution in queued { group.addTask { try await store.enqueue([execution]) } }
                    while store.writer.waitingChanges < queued.count { await Task.yield() }
                    gate.open()
                    try await group.waitForAll()
                }
            }
            #expect(commits.count == 2, "the gate's and one for all")
            #expect(try await store.counts() == [.queued: 200])
            try await store.close()
        }
    }

    @Test func `one bad change in a group does not harm the others`() async throws {
        try await withFolder { folder in
            let store = try SQLiteStore.open(folder: folder)
            var samples = Samples()
            let known = try samples.queued()
            try await store.enqueue([known])
            let arrays = try (0..<50).map { index in
                let fresh = try samples.queued()
                return index % 10 == 3 ? [fresh, known] : [fresh]
            }
            let refused = Mutex<[StorageError.Code?]>([])
            try await Self.grouped(store) { gate in
                await withTaskGroup(of: Void.self) { group in
                    for executions in arrays {
                        group.addTask {
                            if let code = await refusal({ try await store.enqueue(executions) }) {
                                refused.withLock { $0.append(code) }
                            }
                        }
                    }
                    while store.writer.waitingChanges < arrays.count { await Task.yield() }
                    gate.open()
                }
            }
            #expect(refused.withLock { $0 } == Array(repeating: .alreadyExists, count: 5))
            for executions in arrays {
                let stored = try await store.execution(executions[0].id)
                #expect((stored != nil) == (executions.count == 1))
            }
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

/// Blocks a thread until it is opened.
final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func wait() { semaphore.wait() }

    func open() { semaphore.signal() }
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
