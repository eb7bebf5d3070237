import Dispatch
import GRDB
import Model
import Storage
import Synchronization

/// Keeps ended executions for a moment, so that many are written at once and off the path of the calls.
final class Recorder: Sendable {
    private struct State {
        var waiting: [Execution] = []
        var waitingBytes = 0
        /// How many were written before the first of `waiting`.
        var written = 0
        var isScheduled = false
        var isClosed = false

        /// Whether to schedule a write after another, as more has come or it failed.
        mutating func goesOn() -> Bool {
            isScheduled = !waiting.isEmpty && !isClosed
            return isScheduled
        }
    }

    static let maximumWaitingExecutions = 10_000
    static let maximumWaitingBytes = 64 << 20
    static let delay = DispatchTimeInterval.milliseconds(20)
    /// After a failure, such as a full disk.
    static let retryDelay = DispatchTimeInterval.seconds(1)

    private let writer: GroupWriter
    private let timer = DispatchQueue(label: "swiftlet.storage.recorder")
    private let state = Mutex(State())

    init(_ writer: GroupWriter) { self.writer = writer }

    /// Takes executions to be written soon. Where too many wait already, writes them at once instead.
    func record(_ executions: [Execution]) async throws(StorageError) {
        let bytes = executions.reduce(0) { $0 + $1.storedBytes }
        let (isTaken, isFirst) = try state.withLock { state throws(StorageError) in
            if state.isClosed { throw .closed }
            guard
                state.waiting.count + executions.count <= Self.maximumWaitingExecutions,
                state.waitingBytes + bytes <= Self.maximumWaitingBytes
            else { return (false, false) }
            state.waiting += executions
            state.waitingBytes += bytes
            defer { state.isScheduled = true }
            return (true, !state.isScheduled)
        }
        if isFirst { schedule(after: Self.delay) }
        guard isTaken else {
            return try await writer.performWithBooks { db, books in try Self.write(executions, &books, db) }
        }
    }

    /// The execution, where it still waits to be written.
    func waiting(_ id: ExecutionID) -> Execution? {
        state.withLock { $0.waiting.last { $0.id == id } }
    }

    /// Writes what waits. Returns when it is on disk.
    func flush() async throws(StorageError) {
        guard state.withLock({ !$0.waiting.isEmpty }) else { return }
        let end = try await writer.performWithBooks { db, books in try self.writeWaiting(&books, db) }
        forget(upTo: end)
    }

    /// Refuses later executions and writes what waits.
    func close() async throws(StorageError) {
        state.withLock { $0.isClosed = true }
        try await flush()
    }

    private func schedule(after delay: DispatchTimeInterval) {
        timer.asyncAfter(deadline: .now() + delay) { [weak self] in self?.submit() }
    }

    /// Has what waits written. Until that was done nothing else is scheduled, which would write the same again.
    private func submit() {
        writer.submit(
            GroupWriter.Change(
                make: { db, books in
                    let end = try self.writeWaiting(&books, db)
                    return {
                        self.forget(upTo: end)
                        if self.state.withLock({ $0.goesOn() }) { self.schedule(after: Self.delay) }
                    }
                },
                refuse: { _ in
                    if self.state.withLock({ $0.goesOn() }) { self.schedule(after: Self.retryDelay) }
                }))
    }

    private func writeWaiting(_ books: inout Books, _ db: Database) throws -> Int {
        let (executions, end) = state.withLock { ($0.waiting, $0.written + $0.waiting.count) }
        try Self.write(executions, &books, db)
        return end
    }

    /// Drops what is on disk now; two flushes in one commit have the same end.
    private func forget(upTo end: Int) {
        state.withLock { state in
            let count = max(0, end - state.written)
            state.waitingBytes -= state.waiting.prefix(count).reduce(0) { $0 + $1.storedBytes }
            state.waiting.removeFirst(count)
            state.written += count
        }
    }

    private static func write(_ executions: [Execution], _ books: inout Books, _ db: Database) throws {
        for execution in executions where try ExecutionTable.insert(execution, db) {
            books.ledger.record(execution.status)
        }
    }
}

extension Execution {
    /// About how much it takes.
    fileprivate var storedBytes: Int {
        512 + input.count + (output?.count ?? 0) + logs.reduce(0) { $0 + 32 + $1.text.utf8.count }
    }
}
