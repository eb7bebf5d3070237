import Logging
import ServiceLifecycle
import Synchronization

/// Collects what must be stored and writes it in batches, in order, one batch at a time. What the store refuses is kept
/// and tried again, so whoever submits must look at the ``backlog`` and stop by himself.
final class BatchWriter<Element: Sendable>: Service {
    let maximumBatch = 512
    let maximumBackoff: Duration = .seconds(5)

    private let label: String
    private let write: @Sendable ([Element]) async throws -> Void
    private let logger: Logger
    private let state = Mutex(BatchState<Element>())
    private let signal = Signal()

    init(label: String, logger: Logger, write: @escaping @Sendable ([Element]) async throws -> Void) {
        self.label = label
        self.logger = logger
        self.write = write
    }

    /// Elements that are not written yet.
    var backlog: Int { state.withLock { Int($0.accepted - $0.written) } }

    /// Hands over an element.
    func submit(_ element: Element) {
        state.withLock { state in
            state.pending.append(element)
            state.accepted += 1
        }
        signal.ring()
    }

    /// Writes what was submitted before, now. Returns early where the store fails.
    func flush() async {
        let goal = state.withLock { $0.accepted }
        while state.withLock({ $0.written < goal }) {
            guard await writeBatch() else { return }
        }
    }

    /// Writes until it is stopped, and then what is left.
    func run() async throws {
        await withGracefulShutdownHandler {
            var backoff = Duration.milliseconds(50)
            for await _ in signal.rings {
                let isStopping = Task.isShuttingDownGracefully
                while backlog > 0 {
                    if await writeBatch() {
                        backoff = .milliseconds(50)
                        continue
                    }
                    if isStopping { break }
                    guard (try? await Task.sleep(for: backoff)) != nil else { break }
                    backoff = min(backoff * 2, maximumBackoff)
                }
                if isStopping { break }
            }
        } onGracefulShutdown: {
            self.signal.ring()
        }
        let lost = backlog
        if lost > 0 {
            logger.error("stopped with unwritten entries", metadata: ["kind": "\(label)", "count": "\(lost)"])
        }
    }

    /// Writes one batch, or waits for the one that is being written. False: the store failed.
    private func writeBatch() async -> Bool {
        guard let batch = state.withLock({ $0.begin(maximumBatch) }) else {
            await withCheckedContinuation { continuation in
                let isWriting = state.withLock { state in
                    if state.isWriting { state.waiting.append(continuation) }
                    return state.isWriting
                }
                if !isWriting { continuation.resume() }
            }
            return state.withLock { !$0.isFailing }
        }
        var failure: (any Error)?
        if !batch.isEmpty {
            do { try await write(batch) } catch { failure = error }
        }
        for continuation in state.withLock({ $0.end(batch, failed: failure != nil) }) { continuation.resume() }
        if let failure, !(failure is CancellationError) {
            logger.error(
                "entries could not be stored; trying again",
                metadata: ["kind": "\(label)", "count": "\(batch.count)", "error": "\(failure)"])
        }
        return failure == nil
    }
}

/// What a ``BatchWriter`` holds.
private struct BatchState<Element> {
    var pending: [Element] = []
    var isWriting = false
    var isFailing = false
    var accepted: UInt64 = 0
    var written: UInt64 = 0
    var waiting: [CheckedContinuation<Void, Never>] = []

    /// The next batch, which stays out until ``end``; nil: another is being written.
    mutating func begin(_ limit: Int) -> [Element]? {
        if isWriting { return nil }
        isWriting = true
        let batch = Array(pending.prefix(limit))
        pending.removeFirst(batch.count)
        return batch
    }

    /// Puts a batch back that failed. Returns who waited for it.
    mutating func end(_ batch: [Element], failed: Bool) -> [CheckedContinuation<Void, Never>] {
        isWriting = false
        isFailing = failed
        if failed { pending.insert(contentsOf: batch, at: 0) } else { written += UInt64(batch.count) }
        defer { waiting = [] }
        return waiting
    }
}
