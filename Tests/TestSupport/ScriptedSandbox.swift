public import Model
import Synchronization

/// Sandboxes that do what a test says, and write down what they were asked.
public final class ScriptedSandbox: SandboxService {
    public typealias Prepare = @Sendable (PrepareRequest) -> Result<PrepareOutcome, SandboxRefusal>
    public typealias Run = @Sendable (CallRequest) async -> Result<CallOutcome, SandboxRefusal>

    private struct State {
        var prepare: Prepare
        var run: Run
        var prepared: [PrepareRequest] = []
        var called: [CallRequest] = []
        var forgotten: [ImageID] = []
        var held: [ExecutionID: CheckedContinuation<CallOutcome, Never>] = [:]
        var status: SandboxStatus?
        var watchers: [(isMet: @Sendable (Int, Int) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state: Mutex<State>

    /// Imports everything, and answers a call with its own arguments.
    public init() {
        state = Mutex(
            State(
                prepare: { .success(PrepareOutcome(result: .success(.of($0.source)), logs: [], usage: .init())) },
                run: { .success(CallOutcome(output: $0.input, fault: nil, logs: [], usage: .init())) }))
    }

    public var prepared: [PrepareRequest] { state.withLock { $0.prepared } }
    public var called: [CallRequest] { state.withLock { $0.called } }
    public var forgotten: [ImageID] { state.withLock { $0.forgotten } }
    public var held: [ExecutionID] { state.withLock { Array($0.held.keys) } }

    public var sandboxStatus: SandboxStatus? { state.withLock { $0.status } }
    public func setStatus(_ status: SandboxStatus?) { state.withLock { $0.status = status } }

    /// From now on, imports end like this.
    public func onPrepare(_ prepare: @escaping Prepare) { state.withLock { $0.prepare = prepare } }
    /// From now on, calls end like this.
    public func onCall(_ run: @escaping Run) { state.withLock { $0.run = run } }
    /// From now on, calls hang until they are cancelled or ended by ``finish(_:)``.
    public func holdCalls() { onCall { [unowned self] in .success(await self.hold($0)) } }

    /// Waits until so many calls hang.
    public func waitUntilHolding(_ count: Int) async { await wait { _, held in held >= count } }
    /// Waits until so many calls came in.
    public func waitUntilCalled(_ count: Int) async { await wait { called, _ in called >= count } }

    /// Ends a call that hangs.
    public func finish(_ id: ExecutionID, _ outcome: CallOutcome) {
        state.withLock { $0.held.removeValue(forKey: id) }?.resume(returning: outcome)
    }

    public func prepare(_ request: PrepareRequest) async throws(SandboxRefusal) -> PrepareOutcome {
        let prepare = state.withLock { state in
            state.prepared.append(request)
            return state.prepare
        }
        return try prepare(request).get()
    }

    public func call(_ request: CallRequest) async throws(SandboxRefusal) -> CallOutcome {
        let run = state.withLock { state in
            state.called.append(request)
            return state.run
        }
        notify()
        return try await run(request).get()
    }

    public func cancel(_ id: ExecutionID) -> Bool {
        guard let continuation = state.withLock({ $0.held.removeValue(forKey: id) }) else { return false }
        continuation.resume(returning: .fault(.cancelled, "CancelledError", "The execution was cancelled."))
        return true
    }

    public func forget(_ image: ImageID) { state.withLock { $0.forgotten.append(image) } }

    private func hold(_ request: CallRequest) async -> CallOutcome {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                state.withLock { $0.held[request.id] = continuation }
                notify()
            }
        } onCancel: {
            _ = self.cancel(request.id)
        }
    }

    private func wait(until isMet: @escaping @Sendable (Int, Int) -> Bool) async {
        await withCheckedContinuation { continuation in
            state.withLock { $0.watchers.append((isMet, continuation)) }
            notify()
        }
    }

    private func notify() {
        let ready = state.withLock { state in
            let (called, held) = (state.called.count, state.held.count)
            let ready = state.watchers.filter { $0.isMet(called, held) }
            state.watchers.removeAll { $0.isMet(called, held) }
            return ready
        }
        for watcher in ready { watcher.continuation.resume() }
    }
}

extension CallOutcome {
    /// A call that returned this JSON.
    public static func output(_ json: String) -> CallOutcome {
        CallOutcome(output: Array(json.utf8), fault: nil, logs: [], usage: ResourceUsage())
    }

    /// A call that failed.
    public static func fault(
        _ kind: ExecutionFault.Kind, _ type: String, _ message: String, traceback: String? = nil
    ) -> CallOutcome {
        CallOutcome(
            output: nil, fault: ExecutionFault(kind: kind, type: type, message: message, traceback: traceback),
            logs: [],
            usage: ResourceUsage())
    }
}

extension ImageID {
    /// A stand-in for the hash of an image: equal sources have equal ones.
    public static func of(_ source: String) -> ImageID {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in source.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return ImageID(String(repeating: "0", count: 64 - digits.count) + digits)!
    }
}
