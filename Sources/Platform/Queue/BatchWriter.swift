import Logging
import ServiceLifecycle
import Synchronization

/// Collects what is to be stored and writes it in batches, in order, one batch at a time. What the store refuses is kept
/// and tried again.
final class BatchWriter<Element: Sendable>: Service {
    /// What happens to new elements while the buffer is full and the store fails.
    enum Overflow {
        /// The oldest are given up, and counted in the log.
        case drop
        /// All are kept; whoever submits must stop by himself.
        case keep
    }

    /// Elements that wait; more make their submitters wait for the store.
    let maximumPending = 8192
    /// Estimated bytes of what waits.
    let maximumPendingBytes = 32 << 20
    let maximumBatch = 512
    let maximumBackoff: Duration = .seconds(5)

    fileprivate struct State {
        var pending: [Element] = []
        var pendingBytes = 0
        var isWriting = false
        var isFailing = false
        var isStopping = false
        /// Elements that came in, and of those the ones that are written or given up.
        var accepted: UInt64 = 0
        var done: UInt64 = 0
        var dropped = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let label: String
    private let linger: Duration
    private let overflow: Overflow
    private let weigh: @Sendable (Element) -> Int
    private let write: @Sendable ([Element]) async throws -> Void
    private let logger: Logger
    private let state = Mutex(State())
    private let signal = Signal()

    init(
        label: String, linger: Duration = .zero, overflow: Overflow, logger: Logger,
        weigh: @escaping @Sendable (Element) -> Int = { _ in 0 },
        write: @escaping @Sendable ([Element]) async throws -> Void
    ) {
        self.label = label
        self.linger = linger
        self.overflow = overflow
        self.logger = logger
        self.weigh = weigh
        self.write = write
    }

    /// Elements that are not written yet.
    var backlog: Int { state.withLock { Int($0.accepted - $0.done) } }

    /// Hands over an element. Waits only where too many are waiting already.
    func submit(_ element: Element) async {
        let bytes = weigh(element)
        let (isFirst, isFull) = state.withLock { state in
            let isFirst = state.pending.isEmpty
            state.pending.append(element)
            state.pendingBytes += bytes
            state.accepted += 1
            let isFull = state.pending.count > maximumPending || state.pendingBytes > maximumPendingBytes
            if isFull, state.isFailing, case .drop = overflow {
                state.pendingBytes -= weigh(state.pending.removeFirst())
                state.done += 1
                state.dropped += 1
            }
            return (isFirst, isFull && !state.isFailing)
        }
        if isFirst { signal.ring() }
        if isFull { await flush() }
    }

    /// Writes what was submitted before, now. Returns early where the store fails.
    func flush() async {
        let goal = state.withLock { $0.accepted }
        while state.withLock({ $0.done < goal }) {
            guard await writeBatch() else { return }
        }
    }

    /// Writes until it is stopped, and then what is left.
    func run() async throws {
        await withGracefulShutdownHandler {
            var backoff = Duration.milliseconds(50)
            for await _ in signal.rings {
                let isStopping = state.withLock { $0.isStopping }
                if !isStopping, linger > .zero { try? await Task.sleep(for: linger) }
                while backlog > 0 {
                    if await writeBatch() {
                        backoff = .milliseconds(50)
                        continue
                    }
                    if state.withLock({ $0.isStopping }) { break }
                    guard (try? await Task.sleep(for: backoff)) != nil else { break }
                    backoff = min(backoff * 2, maximumBackoff)
                }
                if state.withLock({ $0.isStopping }) { return }
            }
        } onGracefulShutdown: {
            self.state.withLock { $0.isStopping = true }
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
        let bytes = failure == nil ? batch.reduce(0) { $0 + weigh($1) } : 0
        let (waiting, dropped) = state.withLock { $0.end(batch, bytes, failed: failure != nil) }
        for continuation in waiting { continuation.resume() }
        if let failure, !(failure is CancellationError) {
            logger.error(
                "entries could not be stored; trying again",
                metadata: ["kind": "\(label)", "count": "\(batch.count)", "error": "\(failure)"])
        }
        if dropped > 0 {
            logger.error("entries were given up", metadata: ["kind": "\(label)", "count": "\(dropped)"])
        }
        return failure == nil
    }
}

extension BatchWriter.State {
    /// The next batch, which stays out until ``end``; nil: another is being written.
    fileprivate mutating func begin(_ limit: Int) -> [Element]? {
        if isWriting { return nil }
        isWriting = true
        let batch = Array(pending.prefix(limit))
        pending.removeFirst(batch.count)
        return batch
    }

    fileprivate mutating func end(
        _ batch: [Element], _ bytes: Int, failed: Bool
    ) -> (waiting: [CheckedContinuation<Void, Never>], dropped: Int) {
        isWriting = false
        isFailing = failed
        if failed {
            pending.insert(contentsOf: batch, at: 0)
        } else {
            done += UInt64(batch.count)
            pendingBytes -= bytes
        }
        defer {
            waiting = []
            if !failed { dropped = 0 }
        }
        return (waiting, failed ? 0 : dropped)
    }
}
