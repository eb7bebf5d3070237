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
        var hostCalls: (any HostCallService)?
        var parked: [ExecutionID] = []
        var spots = SpotScript()
        var watchers: [(isMet: @Sendable (Int, Int) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []
    }

    /// What became of spots.
    private struct SpotScript {
        var log: [String] = []
        var isHeld = false
        var held: [CheckedContinuation<Void, Never>] = []
        var failure: String?
        var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
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

    /// Calls that wait for others now.
    public var parked: [ExecutionID] { state.withLock { $0.parked } }

    public func park(_ id: ExecutionID) { state.withLock { $0.parked.append(id) } }

    public func unpark(_ id: ExecutionID) { state.withLock { state in state.parked.removeAll { $0 == id } } }

    public func lend(_ copy: StateCopy, to id: ExecutionID) {}

    public func setHostCalls(_ service: any HostCallService) { state.withLock { $0.hostCalls = service } }

    /// Asks the platform for something, as the guest of a call would.
    public func ask(
        _ operation: UInt32, _ fields: [[UInt8]], of caller: ExecutionID
    ) async -> Result<[[UInt8]], HostCallRefusal> {
        let service = state.withLock { $0.hostCalls }!
        return await withCheckedContinuation { continuation in
            service.answer(operation, HostFields.encode(fields), of: caller) { answer in
                // What the platform encodes is a list of fields.
                continuation.resume(returning: answer.map { (try? HostFields.decode($0))?.map { Array($0) } ?? [] })
            }
        }
    }

    public func forget(_ image: ImageID) { state.withLock { $0.forgotten.append(image) } }

    // MARK: Spots

    /// What was asked for spots, such as `open 1 1-4`, in order.
    public var spotLog: [String] { state.withLock { $0.spots.log } }
    /// From now on, opening spots fails; nil: succeeds.
    public func failSpots(_ message: String?) { state.withLock { $0.spots.failure = message } }
    /// From now on, what is asked for spots hangs.
    public func holdSpots() { state.withLock { $0.spots.isHeld = true } }
    /// Lets everything go on that hangs for spots.
    public func releaseSpots() {
        let held = state.withLock { state in
            state.spots.isHeld = false
            defer { state.spots.held = [] }
            return state.spots.held
        }
        for continuation in held { continuation.resume() }
    }
    /// Waits until so much was asked for spots.
    public func waitForSpots(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isMet = state.withLock { state in
                guard state.spots.log.count < count else { return true }
                state.spots.watchers.append((count, continuation))
                return false
            }
            if isMet { continuation.resume() }
        }
    }

    public func openSpot(_ id: Int, _ size: SpotSize) async throws(SandboxRefusal) {
        await spot("open \(id) \(size.minimumWorkers)-\(size.maximumWorkers)")
        if let message = state.withLock({ $0.spots.failure }) { throw .unavailable(message) }
    }

    public func resizeSpot(_ id: Int, _ size: SpotSize) async throws(SandboxRefusal) {
        await spot("resize \(id) \(size.minimumWorkers)-\(size.maximumWorkers)")
    }

    public func closeSpot(_ id: Int) async { await spot("close \(id)") }

    private func spot(_ what: String) async {
        await withCheckedContinuation { continuation in
            let (isHeld, ready) = state.withLock { state in
                state.spots.log.append(what)
                let count = state.spots.log.count
                let ready = state.spots.watchers.filter { $0.count <= count }
                state.spots.watchers.removeAll { $0.count <= count }
                if state.spots.isHeld { state.spots.held.append(continuation) }
                return (state.spots.isHeld, ready)
            }
            for watcher in ready { watcher.continuation.resume() }
            if !isHeld { continuation.resume() }
        }
    }

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
