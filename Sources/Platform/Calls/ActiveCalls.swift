import Model
import SharedState
import Synchronization

/// A call that this server has in hand.
struct ActiveCall: Sendable {
    var function: FunctionKey
    var version: Int
    var trigger: ExecutionTrigger
    var createdAt: Timestamp
    var startedAt: Timestamp
    var detail: CallDetail?
    /// What it runs; nil while that is not known.
    fileprivate(set) var resolved: ResolvedFunction?
    /// Its place among the calls that came of one; nil: it has chained none and nobody chained it.
    fileprivate(set) var place: CallPlace?
    /// What it uses of the shared state; nil: nothing yet.
    fileprivate var session: StateSession?
    /// The shared file that it is writing in pieces; dropped with it.
    fileprivate var upload: SharedFileWriter?
    /// Answers what its guest asks, in place of the platform; nil: the platform does.
    let guest: (any GuestCallService)?
    /// Who reads its answer while it is made; nil: nobody.
    fileprivate let reader: AnswerReader?
    fileprivate(set) var isCancelled = false

    init(
        function: FunctionKey, version: Int, trigger: ExecutionTrigger, createdAt: Timestamp, startedAt: Timestamp,
        detail: CallDetail? = nil, resolved: ResolvedFunction? = nil, place: CallPlace? = nil,
        guest: (any GuestCallService)? = nil, reader: AnswerReader? = nil
    ) {
        self.function = function
        self.version = version
        self.trigger = trigger
        self.createdAt = createdAt
        self.startedAt = startedAt
        self.detail = detail
        self.resolved = resolved
        self.place = place
        self.guest = guest
        self.reader = reader
    }

    /// How many calls stand between the client and this one.
    var depth: Int { place?.depth ?? 0 }

    /// What its record would be now. Of a confined call it says neither what that runs nor what it was given.
    func execution(_ id: ExecutionID) -> Execution {
        Execution(
            id: id, task: .runFunction, trigger: trigger, function: guest == nil ? function : nil,
            version: guest == nil ? version : nil, status: .running, attempts: 1, createdAt: createdAt,
            startedAt: startedAt, parent: place?.parent, root: place?.root, callNumber: place?.number,
            detail: guest == nil ? detail : nil)
    }
}

extension Execution {
    /// The record of a call that has ended. Of input and output `most` bytes each are kept; what is longer is left out.
    func ended(_ outcome: CallOutcome, _ input: [UInt8], at time: Timestamp, keeping most: Int) -> Execution {
        var execution = self
        execution.status = ExecutionStatus(outcome.fault)
        execution.input = input.count <= most ? input : []
        execution.output = outcome.output.flatMap { $0.count <= most ? $0 : nil }
        execution.fault = outcome.fault
        execution.logs = outcome.logs
        execution.usage = outcome.usage
        execution.finishedAt = time
        return execution
    }
}

/// Where a call stands among those that came of one call.
struct CallPlace: Sendable {
    var tree: CallTree
    var number: Int32
    /// Nil for the client's call.
    var parent: ExecutionID?
    var depth: Int

    /// Nil for the client's call.
    var root: ExecutionID? { parent == nil ? nil : tree.root }
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

    /// Notes what a call runs that began before this was known.
    func resolve(_ id: ExecutionID, _ function: ResolvedFunction) {
        state.withLock { $0.calls[id]?.resolved = function }
    }

    /// What a call runs, and its place; it becomes the root of a tree where it is in none. Nil: it has ended.
    func place(of id: ExecutionID) -> (function: ResolvedFunction, place: CallPlace)? {
        state.withLock { state in
            guard let call = state.calls[id], let function = call.resolved else { return nil }
            let place = call.place ?? CallPlace(tree: CallTree(root: id), number: 0, parent: nil, depth: 0)
            if call.place == nil { state.calls[id]!.place = place }
            return (function, place)
        }
    }

    /// Who answers the guest of a call in place of the platform. Asked for each host call, so it copies nothing else.
    func guest(of id: ExecutionID) -> (any GuestCallService)? {
        state.withLock { state in state.calls.index(forKey: id).flatMap { state.calls.values[$0].guest } }
    }

    /// Who reads the answer of a call while it is made.
    func reader(of id: ExecutionID) -> AnswerReader? { state.withLock { $0.calls[id]?.reader } }

    /// What a call uses of the shared state, from its first use on. Nil: it has ended.
    func session(of id: ExecutionID, in shared: SharedState) -> StateSession? {
        state.withLock { state in
            guard let call = state.calls[id] else { return nil }
            let session = call.session ?? shared.session(of: call.function.namespace)
            state.calls[id]!.session = session
            return session
        }
    }

    /// Takes what a call used of the shared state, to be ended.
    func takeSession(of id: ExecutionID) -> StateSession? {
        state.withLock { state in
            defer { state.calls[id]?.session = nil }
            return state.calls[id]?.session
        }
    }

    /// The shared file that a call is writing.
    func upload(of id: ExecutionID) -> SharedFileWriter? { state.withLock { $0.calls[id]?.upload } }

    func setUpload(_ upload: SharedFileWriter?, of id: ExecutionID) {
        // What was there is let go outside of the lock: that removes a file.
        let old = state.withLock { state in
            defer { state.calls[id]?.upload = upload }
            return state.calls[id]?.upload
        }
        withExtendedLifetime(old) {}
    }

    /// All of one trigger, in no order.
    func all(_ trigger: ExecutionTrigger) -> [(id: ExecutionID, call: ActiveCall)] {
        state.withLock { state in
            state.calls.filter { $0.value.trigger == trigger }.map { ($0.key, $0.value) }
        }
    }

    /// The calls that came of a client's call.
    func chained(from root: ExecutionID) -> [(id: ExecutionID, call: ActiveCall)] {
        state.withLock { state in
            state.calls.filter { $0.value.place?.root == root }.map { ($0.key, $0.value) }
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
