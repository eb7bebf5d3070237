import GRDB
import Storage
import Synchronization

/// The one writer. Changes that come in while it is busy wait, and are committed together next: one fsync for all.
final class GroupWriter: Sendable {
    /// A change and whom to tell.
    struct Change: Sendable {
        /// Makes the change inside the open transaction. What it returns is run once that is on disk. May be run again. The
        /// books are those of all changes of the transaction, which writes them at its end.
        let make: @Sendable (Database, inout Books) throws -> @Sendable () -> Void
        /// Is told that nothing was changed.
        let refuse: @Sendable (StorageError) -> Void
    }

    private struct State {
        var waiting: [Change] = []
        var isBusy = false
        var isClosed = false
    }

    static let maximumWaitingChanges = 100_000
    /// Bounds how long the first of a group waits for the others.
    static let maximumChangesPerCommit = 1_000

    private let pool: DatabasePool
    private let state = Mutex(State())

    init(_ pool: DatabasePool) { self.pool = pool }

    /// Makes a change and returns when it is on disk.
    func perform<Value: Sendable>(
        _ change: @escaping @Sendable (Database) throws -> Value
    ) async throws(StorageError) -> Value {
        try await performWithBooks { db, books in
            // It may read what those before it wrote.
            try books.close(db)
            return try change(db)
        }
    }

    /// Makes a change that reads no counters, lanes or batches, and only adds to them; returns when it is on disk.
    func performWithBooks<Value: Sendable>(
        _ change: @escaping @Sendable (Database, inout Books) throws -> Value
    ) async throws(StorageError) -> Value {
        let result: Result<Value, StorageError> = await withCheckedContinuation { continuation in
            submit(
                Change(
                    make: { db, books in
                        let value = try change(db, &books)
                        return { continuation.resume(returning: .success(value)) }
                    },
                    refuse: { continuation.resume(returning: .failure($0)) }))
        }
        return try result.get()
    }

    /// Adds a change to the next group.
    func submit(_ change: Change) { submit(change, isLast: false) }

    /// Refuses every later change, and returns when those before are made or refused.
    func close() async {
        await withCheckedContinuation { continuation in
            submit(
                Change(make: { _, _ in { continuation.resume() } }, refuse: { _ in continuation.resume() }),
                isLast: true)
        }
    }

    private func submit(_ change: Change, isLast: Bool) {
        let (isIdle, refusal): (Bool, StorageError?) = state.withLock { state in
            if state.isClosed { return (false, .closed) }
            if !isLast, state.waiting.count >= Self.maximumWaitingChanges {
                return (
                    false,
                    StorageError(.unavailable, "\(state.waiting.count) changes wait for the disk: try again later.")
                )
            }
            state.waiting.append(change)
            state.isClosed = isLast
            defer { state.isBusy = true }
            return (!state.isBusy, nil)
        }
        if let refusal { return change.refuse(refusal) }
        if isIdle { pool.asyncWriteWithoutTransaction { db in self.drain(db) } }
    }

    private func drain(_ db: Database) {
        while true {
            let group = state.withLock { state in
                let group = Array(state.waiting.prefix(Self.maximumChangesPerCommit))
                state.waiting.removeFirst(group.count)
                state.isBusy = !group.isEmpty
                return group
            }
            guard !group.isEmpty else { return }
            commit(group, db)
        }
    }

    private func commit(_ group: [Change], _ db: Database) {
        var acknowledgements: [@Sendable () -> Void] = []
        do {
            try db.inTransaction(.immediate) {
                var books = Books()
                for change in group { acknowledgements.append(try change.make(db, &books)) }
                try books.close(db)
                return .commit
            }
        } catch  where group.count > 1 {
            return commitSound(group, db)
        } catch {
            return group[0].refuse(StorageError(error))
        }
        for acknowledge in acknowledgements { acknowledge() }
    }

    /// Commits those of a group that can be made, still with one fsync: each has its own savepoint. Slower, so only
    /// after a refusal.
    private func commitSound(_ group: [Change], _ db: Database) {
        var answers: [@Sendable () -> Void] = []
        do {
            try db.inTransaction(.immediate) {
                for change in group {
                    do {
                        try db.inSavepoint {
                            var books = Books()
                            answers.append(try change.make(db, &books))
                            try books.close(db)
                            return .commit
                        }
                    } catch {
                        // Some errors (a full disk) end the whole transaction.
                        guard db.isInsideTransaction else { throw error }
                        let refusal = StorageError(error)
                        answers.append { change.refuse(refusal) }
                    }
                }
                return .commit
            }
        } catch {
            let refusal = StorageError(error)
            for change in group { change.refuse(refusal) }
            return
        }
        for answer in answers { answer() }
    }
}
