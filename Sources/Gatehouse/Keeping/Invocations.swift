import Blobs
import LabelledFiles
import Logging
import Model
import Synchronization

/// Asynchronous calls: those that wait for their turn, those that run, and for a while the answers of those that ended.
///
/// A call is on disk before it is acknowledged, and so is its answer before it is told. Calls that had not ended when the
/// server did are begun anew by the next one.
final class Invocations: Sendable {
    enum Stand: Sendable {
        case running
        case ended(GateEnding)
    }

    private struct State {
        var stands: [ExecutionID: Stand] = [:]
        var pending: ArraySlice<GateTask> = []
        /// Of the payloads of all that have not ended, and how many files those have.
        var pendingBytes = 0
        var pendingFiles = 0
        var takers: [CheckedContinuation<GateTask?, Never>] = []
        var isClosed = false
        /// The ended ones, the oldest first.
        var ended: ArraySlice<(id: ExecutionID, at: Timestamp, bytes: Int)> = []
        var endedBytes = 0
        /// What is still on disk of these.
        var forgotten: [ExecutionID] = []

        mutating func count(_ task: GateTask, times: Int = 1) {
            pendingBytes += times * task.payload.count
            pendingFiles += times * task.uploads.count
        }

        mutating func forgetOldest() {
            guard let oldest = ended.popFirst() else { return }
            stands[oldest.id] = nil
            endedBytes -= oldest.bytes
            forgotten.append(oldest.id)
        }

        mutating func keep(_ ending: GateEnding, of id: ExecutionID, at time: Timestamp, atMost maximumBytes: Int) {
            var bytes = 0
            if case .success(let answer) = ending.result, case .bytes(let body) = answer.body { bytes = body.count }
            stands[id] = .ended(ending)
            ended.append((id, time, bytes))
            endedBytes += bytes
            while endedBytes > maximumBytes { forgetOldest() }
        }
    }

    private let configuration: GatehouseConfiguration
    private let files: LabelledFiles
    private let logger: Logger
    private let now: @Sendable () -> Timestamp
    private let state = Mutex(State())

    init(
        _ configuration: GatehouseConfiguration, files: LabelledFiles, logger: Logger,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.configuration = configuration
        self.files = files
        self.logger = logger
        self.now = now
    }

    /// Takes over what an earlier server kept, before anything is begun.
    func restore() async throws {
        for record in try await files.records() {
            switch StoredInvocation(record) {
            case .waiting(let task)?:
                state.withLock { state in
                    state.stands[task.id] = .running
                    state.pending.append(task)
                    state.count(task)
                }
            case .ended(let ending, let time)?:
                guard let id = ExecutionID(record.name) else { continue }
                state.withLock { $0.keep(ending, of: id, at: time, atMost: configuration.maximumResultBytes) }
            case nil:
                logger.error("an asynchronous call cannot be read", metadata: ["id": "\(record.name)"])
                try await files.drop(record: record.name)
            }
        }
    }

    /// What became of a call; nil where none of this id is known, or not any more.
    subscript(id: ExecutionID) -> Stand? {
        forgetOld()
        return state.withLock { $0.stands[id] }
    }

    /// Takes a call, to be run soon, or by the next server. False: there are too many, or the server stops.
    func begin(_ task: GateTask) async throws -> Bool {
        forgetOld()
        let isTaken = state.withLock { state in
            // Kept answers make room for new calls, calls under way do not.
            if state.stands.count >= configuration.maximumInvocations { state.forgetOldest() }
            guard !state.isClosed, state.stands.count < configuration.maximumInvocations,
                task.payload.count <= configuration.maximumPendingBytes - state.pendingBytes,
                task.uploads.count <= configuration.maximumPendingFiles - state.pendingFiles
            else { return false }
            state.stands[task.id] = .running
            state.count(task)
            return true
        }
        guard isTaken else { return false }
        do {
            try await files.keep(
                ServerRecord(
                    name: task.id.description, content: try StoredInvocation.waiting(task).encoded(),
                    uploads: task.uploads.map(\.upload)))
        } catch {
            state.withLock { state in
                state.stands[task.id] = nil
                state.count(task, times: -1)
            }
            throw error
        }
        let taker = state.withLock { state -> CheckedContinuation<GateTask?, Never>? in
            if let taker = state.takers.popLast() { return taker }
            state.pending.append(task)
            return nil
        }
        taker?.resume(returning: task)
        return true
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

    /// No more calls are begun. Returns how many are left to the next server.
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
    func end(_ task: GateTask, _ ending: GateEnding) async {
        var ending = ending
        ending.result = ending.result.flatMap { answer in
            answer.inMemory.map { answer, body in
                var answer = answer
                answer.body = .bytes(body)
                return answer
            }
        }
        let time = now()
        do {
            let content = try StoredInvocation.ended(ending, at: time).encoded()
            try await files.rewrite(record: task.id.description, content, uploads: task.uploads.count)
        } catch {
            logger.error("the answer of a call cannot be kept on disk", metadata: ["error": "\(error)"])
        }
        state.withLock { [ending] state in
            state.count(task, times: -1)
            state.keep(ending, of: task.id, at: time, atMost: configuration.maximumResultBytes)
        }
    }

    /// Removes from the disk what was forgotten.
    func collect() async throws {
        forgetOld()
        let forgotten = state.withLock { state in
            defer { state.forgotten = [] }
            return state.forgotten
        }
        for id in forgotten { try await files.drop(record: id.description) }
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
