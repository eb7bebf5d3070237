import Kernel
import Logging
public import Model
public import ServiceLifecycle
import Storage
import Synchronization

/// Keeps the spots: stores what is wanted before it is acknowledged, and has the workers' host make it so.
public final class SpotKeeper: Service {
    private let store: any SpotStore
    private let host: any SpotHost
    private let time: TimeSource
    private let logger: Logger
    /// Is told whether some spot takes calls.
    private let onCapacity: @Sendable (Bool) -> Void
    /// Is told of changes whose end is stored.
    private let onEnded: @Sendable ([ExecutionID]) -> Void

    private struct State {
        /// Nil until ``restore(first:count:)``.
        var machine: SpotMachine?
        /// Changes that have ended, until that is stored.
        var unstored: [Execution] = []
    }

    private let state = Mutex(State())
    /// One change at a time: each is stored before the next one is made.
    private let gate = KeyedGate<Int>()
    private let effects: AsyncStream<SpotMachine.Effect>
    private let send: AsyncStream<SpotMachine.Effect>.Continuation

    init(
        store: any SpotStore, host: any SpotHost, time: TimeSource, logger: Logger,
        onCapacity: @escaping @Sendable (Bool) -> Void, onEnded: @escaping @Sendable ([ExecutionID]) -> Void
    ) {
        self.store = store
        self.host = host
        self.time = time
        self.logger = logger
        self.onCapacity = onCapacity
        self.onEnded = onEnded
        (effects, send) = AsyncStream.makeStream(of: SpotMachine.Effect.self)
    }

    // MARK: Start

    /// Opens the spots that were there when the server stopped. At the first start, makes `count` of size `first`.
    /// Returns when those take calls that did before; throws where none of them can.
    public func restore(first: SpotSize, count: Int) async throws(PlatformError) {
        let stored = try await PlatformError.storing { try await store.spots() }
        var machine = stored.map(SpotMachine.init) ?? SpotMachine(first: count, first, at: time.now())
        let (effects, ended) = machine.restore()
        state.withLock { state in
            state.machine = machine
            state.unstored = ended.map { execution($0) }
        }
        try await storeNow()
        let failures = await withTaskGroup { group in
            for case .open(let id, let size) in effects {
                group.addTask { (id, size, await self.failureToOpen(id, size)) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        // Then it is no fault of a single spot: all stay as they are stored.
        if !failures.isEmpty, failures.allSatisfy({ $0.2 != nil }), let message = failures[0].2 {
            throw PlatformError(.unavailable, message)
        }
        for (id, size, failure) in failures { await opened(id, size, failure) }
        onCapacity(state.withLock { $0.machine?.hasReadySpot ?? false })
    }

    // MARK: Looking

    /// All spots, oldest first.
    public var spots: [Spot] { state.withLock { $0.machine?.roster.spots ?? [] } }

    public var size: SpotSize {
        state.withLock { $0.machine?.roster.size ?? SpotSize(minimumWorkers: 1, maximumWorkers: 1) }
    }

    public func spot(_ address: SpotAddress) throws(PlatformError) -> Spot {
        guard let spot = state.withLock({ $0.machine?[address] }) else { throw .noSpot }
        return spot
    }

    /// The changes that are under way, oldest first.
    var unfinished: [Execution] {
        state.withLock { state in
            (state.machine?.roster.changes ?? []).map { change in
                Execution(
                    id: change.execution, task: change.task, trigger: .administrative, function: nil, status: .running,
                    attempts: 1, createdAt: change.createdAt, startedAt: change.createdAt)
            } + state.unstored
        }
    }

    // MARK: Changing

    /// Adds a spot. The execution ends when its workers take calls.
    public func add() async throws(PlatformError) -> ExecutionID {
        try await change { machine, id, now throws(PlatformError) in (try machine.add(id, at: now), []) }
    }

    /// Removes a spot, the newest unless one is named. The execution ends when its calls have, and its workers are gone.
    public func remove(_ address: SpotAddress?) async throws(PlatformError) -> ExecutionID {
        try await change { machine, id, now throws(PlatformError) in (try machine.remove(address, id, at: now), []) }
    }

    /// Adds a spot and removes the given one.
    public func replace(_ address: SpotAddress) async throws(PlatformError) -> ExecutionID {
        try await change { machine, id, now throws(PlatformError) in (try machine.replace(address, id, at: now), []) }
    }

    /// Gives a spot, or all, a new address.
    public func refresh(_ address: SpotAddress?) async throws(PlatformError) -> ExecutionID {
        try await change { machine, id, now throws(PlatformError) in ([], [try machine.refresh(address, id, at: now)]) }
    }

    /// Sets the size of all spots. Their workers follow while calls go on.
    public func resize(_ size: SpotSize) async throws(PlatformError) {
        guard size.isPossible else {
            throw PlatformError(
                .invalidRequest,
                "`min_workers` and `max_workers` must be numbers with 1 <= min_workers <= max_workers <= "
                    + "\(SpotSize.largest).")
        }
        _ = try await change { machine, _, _ throws(PlatformError) in (machine.resize(size), []) }
    }

    private typealias Change = (inout SpotMachine, ExecutionID, Timestamp) throws(PlatformError) -> (
        [SpotMachine.Effect], [SpotMachine.Ended]
    )

    /// Makes a change and returns once it is stored.
    private func change(_ body: Change) async throws(PlatformError) -> ExecutionID {
        try await gate.pass([0]) { () async throws(PlatformError) in
            let now = time.now()
            let id = time.makeID(at: now)
            guard var machine = state.withLock({ $0.machine }) else {
                throw PlatformError(.unavailable, "The server is starting; try again.", retryAfterSeconds: 1)
            }
            let (effects, ended) = try body(&machine, id, now)
            let executions = state.withLock { $0.unstored } + ended.map { execution($0) }
            let roster = machine.roster
            try await PlatformError.storing { try await store.save(roster, ended: executions) }
            state.withLock { [machine] state in
                state.machine = machine
                state.unstored = []
            }
            onEnded(executions.map(\.id))
            onCapacity(machine.hasReadySpot)
            for effect in effects { send.yield(effect) }
            return id
        }
    }

    // MARK: Service

    /// Has the workers' host do what was asked for, until the server stops. What is unfinished then is done at the next start.
    public func run() async throws {
        await withDiscardingTaskGroup { group in
            for await effect in effects.cancelOnGracefulShutdown() {
                group.addTask { await self.perform(effect) }
            }
        }
    }

    private func perform(_ effect: SpotMachine.Effect) async {
        switch effect {
        case .open(let id, let size): await opened(id, size, await failureToOpen(id, size))
        case .resize(let id, let size):
            do throws(SandboxRefusal) { try await host.resizeSpot(id, size) } catch {
                logger.error(
                    "a spot keeps its old workers", metadata: ["reason": "\(PlatformError.refusal(error).message)"])
            }
            await took { machine in (machine.resized(id, size), []) }
        case .close(let id):
            await host.closeSpot(id)
            await took { machine in ([], machine.closed(id)) }
        }
    }

    /// Opens a spot; returns why that failed, if it did.
    private func failureToOpen(_ id: Int, _ size: SpotSize) async -> String? {
        do throws(SandboxRefusal) {
            try await host.openSpot(id, size)
            return nil
        } catch { return PlatformError.refusal(error).message }
    }

    private func opened(_ id: Int, _ size: SpotSize, _ failure: String?) async {
        guard let failure else { return await took { machine in machine.opened(id, size) } }
        logger.error("a spot could not be opened", metadata: ["reason": "\(failure)"])
        await took { machine in ([], machine.failed(id, failure)) }
    }

    /// Takes in what happened, and stores it, as soon as that can be done.
    private func took(_ event: (inout SpotMachine) -> (effects: [SpotMachine.Effect], ended: [SpotMachine.Ended])) async
    {
        await gate.pass([0]) {
            let (effects, hasReadySpot) = state.withLock { state in
                guard var machine = state.machine else { return ([SpotMachine.Effect](), false) }
                let (effects, ended) = event(&machine)
                state.unstored += ended.map { execution($0) }
                state.machine = machine
                return (effects, machine.hasReadySpot)
            }
            onCapacity(hasReadySpot)
            for effect in effects { send.yield(effect) }
            do throws(PlatformError) { try await storeNow() } catch {
                // The next change stores it, too; a restart goes on from what is stored.
                logger.error("a change of spots could not be stored", metadata: ["error": "\(error.message)"])
            }
        }
    }

    private func storeNow() async throws(PlatformError) {
        let (roster, unstored) = state.withLock { ($0.machine?.roster, $0.unstored) }
        guard let roster else { return }
        try await PlatformError.storing { try await store.save(roster, ended: unstored) }
        state.withLock { $0.unstored = [] }
        onEnded(unstored.map(\.id))
    }

    /// The record of a change that has ended.
    private func execution(_ ended: SpotMachine.Ended) -> Execution {
        let (change, now) = (ended.change, time.now())
        var execution = Execution(
            id: change.execution, task: change.task, trigger: .administrative, function: nil, status: .succeeded,
            attempts: 1, createdAt: change.createdAt, startedAt: change.createdAt, finishedAt: now,
            usage: ResourceUsage(wallMicroseconds: now.since(change.createdAt).microseconds))
        switch ended.result {
        case .success(let address): execution.output = JSONWriter.string(address)
        case .failure(let failure):
            execution.status = .failed
            execution.fault = ExecutionFault(kind: .platform, type: "SpotError", message: failure.message)
        }
        return execution
    }
}
