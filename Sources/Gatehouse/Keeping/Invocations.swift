import Blobs
import Model
import Synchronization

/// Asynchronous calls: those that wait for their turn, those that run, and for a while the answers of those that ended. All
/// of it is in memory.
final class Invocations: Sendable {
    enum Stand: Sendable {
        case running
        case ended(GateEnding)
    }

    private struct State {
        var stands: [ExecutionID: Stand] = [:]
        var pending: ArraySlice<GateTask> = []
        var takers: [CheckedContinuation<GateTask?, Never>] = []
        var isClosed = false
        /// The ended ones, the oldest first.
        var ended: ArraySlice<(id: ExecutionID, at: Timestamp, bytes: Int)> = []
        var endedBytes = 0

        mutating func forgetOldest() {
            guard let oldest = ended.popFirst() else { return }
            stands[oldest.id] = nil
            endedBytes -= oldest.bytes
        }
    }

    private let configuration: GatehouseConfiguration
    private let now: @Sendable () -> Timestamp
    private let state = Mutex(State())

    init(_ configuration: GatehouseConfiguration, now: @escaping @Sendable () -> Timestamp) {
        self.configuration = configuration
        self.now = now
    }

    /// What became of a call; nil where none of this id is known, or not any more.
    subscript(id: ExecutionID) -> Stand? {
        forgetOld()
        return state.withLock { $0.stands[id] }
    }

    /// Takes a call, to be run soon. False: there are too many, or the server stops.
    func begin(_ task: GateTask) -> Bool {
        forgetOld()
        let (isTaken, taker) = state.withLock { state -> (Bool, CheckedContinuation<GateTask?, Never>?) in
            // Kept answers make room for new calls, calls under way do not.
            if state.stands.count >= configuration.maximumInvocations { state.forgetOldest() }
            guard !state.isClosed, state.stands.count < configuration.maximumInvocations else { return (false, nil) }
            state.stands[task.id] = .running
            if let taker = state.takers.popLast() { return (true, taker) }
            state.pending.append(task)
            return (true, nil)
        }
        taker?.resume(returning: task)
        return isTaken
    }

    /// The next call to be run; nil once the server stops.
    func next() async -> GateTask? {
        await withCheckedContinuation { continuation in
            let (isReady, task) = state.withLock { state -> (Bool, GateTask?) in
                if state.isClosed { return (true, nil) }
                if let task = state.pending.popFirst() { return (true, task) }
                state.takers.append(continuation)
                return (false, nil)
            }
            if isReady { continuation.resume(returning: task) }
        }
    }

    /// No more calls are begun. Returns how many waited in vain.
    func close() -> Int {
        let (takers, count) = state.withLock { state in
            state.isClosed = true
            defer { (state.takers, state.pending) = ([], []) }
            return (state.takers, state.pending.count)
        }
        for taker in takers { taker.resume(returning: nil) }
        return count
    }

    /// Keeps the answer of a call for a while.
    func end(_ id: ExecutionID, _ ending: GateEnding) {
        var ending = ending
        var bytes = 0
        switch ending.result.flatMap({ $0.inMemory }) {
        case .success((var answer, let body)):
            bytes = body.count
            answer.body = .bytes(body)
            ending.result = .success(answer)
        case .failure(let failure): ending.result = .failure(failure)
        }
        state.withLock { [ending] state in
            state.stands[id] = .ended(ending)
            state.ended.append((id, now(), bytes))
            state.endedBytes += bytes
            while state.endedBytes > configuration.maximumResultBytes { state.forgetOldest() }
        }
    }

    /// Forgets the answers that were kept for long enough.
    private func forgetOld() {
        let time = now()
        state.withLock { state in
            while let oldest = state.ended.first, oldest.at + configuration.resultLifetime <= time {
                state.forgetOldest()
            }
        }
    }
}

extension GateEnding.Answer {
    /// The answer with its whole body; a limit where that is too long to be held.
    var inMemory: Result<(Self, [UInt8]), GateFailure> {
        switch body {
        case .bytes(let bytes): return .success((self, bytes))
        case .blob(let reader):
            guard reader.length <= Self.maximumBytesInMemory else { return .failure(.exhausted) }
            do { return .success((self, try reader.bytes(at: 0, count: reader.length))) } catch {
                return .failure(.failed("The blob could not be read."))
            }
        }
    }

    /// Bytes of a blob that a function is answered, or that is kept: no more than functions answer themselves.
    private static let maximumBytesInMemory = 16 << 20
}
