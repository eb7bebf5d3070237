import Model
import Synchronization

/// A call that this server has in hand.
struct ActiveCall: Sendable {
    var function: FunctionKey
    var version: Int
    var trigger: ExecutionTrigger
    var createdAt: Timestamp
    var startedAt: Timestamp
    fileprivate(set) var isCancelled = false

    init(function: FunctionKey, version: Int, trigger: ExecutionTrigger, createdAt: Timestamp, startedAt: Timestamp) {
        self.function = function
        self.version = version
        self.trigger = trigger
        self.createdAt = createdAt
        self.startedAt = startedAt
    }

    /// What its record would be now.
    func execution(_ id: ExecutionID) -> Execution {
        Execution(
            id: id, task: .runFunction, trigger: trigger, function: function, version: version, status: .running,
            attempts: 1, createdAt: createdAt, startedAt: startedAt)
    }
}

/// The calls that this server has in hand, by id.
final class ActiveCalls: Sendable {
    private struct State {
        var calls: [ExecutionID: ActiveCall] = [:]
        var waiting: [ExecutionID: [CheckedContinuation<Void, Never>]] = [:]
    }

    private let state = Mutex(State())

    func begin(_ id: ExecutionID, _ call: ActiveCall) { state.withLock { $0.calls[id] = call } }

    func end(_ id: ExecutionID) {
        let waiting = state.withLock { state in
            state.calls[id] = nil
            return state.waiting.isEmpty ? nil : state.waiting.removeValue(forKey: id)
        }
        for continuation in waiting ?? [] { continuation.resume() }
    }

    subscript(id: ExecutionID) -> ActiveCall? { state.withLock { $0.calls[id] } }

    /// All of one trigger, in no order.
    func all(_ trigger: ExecutionTrigger) -> [(id: ExecutionID, call: ActiveCall)] {
        state.withLock { state in
            state.calls.filter { $0.value.trigger == trigger }.map { ($0.key, $0.value) }
        }
    }

    /// Notes that a call is to end. False: there is none of that id.
    func requestCancel(_ id: ExecutionID) -> Bool {
        state.withLock { state in
            state.calls[id]?.isCancelled = true
            return state.calls[id] != nil
        }
    }

    /// Waits until a call has ended, or for `limit`.
    func ended(_ id: ExecutionID, within limit: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await withCheckedContinuation { continuation in
                    let isActive = self.state.withLock { state in
                        guard state.calls[id] != nil else { return false }
                        state.waiting[id, default: []].append(continuation)
                        return true
                    }
                    if !isActive { continuation.resume() }
                }
            }
            group.addTask {
                try? await Task.sleep(for: limit)
                self.release(id)
            }
            await group.next()
            group.cancelAll()
        }
    }

    /// Lets those go that wait for a call which takes too long to end.
    private func release(_ id: ExecutionID) {
        let waiting = state.withLock { $0.waiting.removeValue(forKey: id) }
        for continuation in waiting ?? [] { continuation.resume() }
    }
}
