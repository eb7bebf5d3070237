import Logging
import Model
import ServiceLifecycle
import Storage
import Synchronization

/// Runs what is queued. It is woken by what is queued, leases in batches, and settles in batches.
final class Dispatcher: Service {
    let store: any ExecutionStore
    let runner: CallRunner
    let hub: ExecutionHub
    private let callbacks: CallbackSignal
    /// Calls whose callback is due once their end is stored.
    let awaited: AwaitedEnds
    let configuration: PlatformConfiguration
    let time: TimeSource
    let logger: Logger
    let settler: BatchWriter<Settlement>
    let machine: MachineBox
    private let signal = Signal()
    /// Accepted executions that have not ended.
    private let unfinished: UnfinishedCount

    init(
        store: any ExecutionStore, runner: CallRunner, hub: ExecutionHub, callbacks: CallbackSignal,
        configuration: PlatformConfiguration, time: TimeSource, logger: Logger
    ) {
        self.store = store
        self.runner = runner
        self.hub = hub
        self.callbacks = callbacks
        let awaited = AwaitedEnds()
        self.awaited = awaited
        self.configuration = configuration
        self.time = time
        self.logger = logger
        let (signal, unfinished) = (self.signal, UnfinishedCount(limit: configuration.maximumUnfinishedExecutions))
        self.unfinished = unfinished
        let machine = MachineBox(DispatchMachine(limits: .init(concurrency: configuration.asynchronousConcurrency)))
        self.machine = machine
        settler = BatchWriter(label: "settlements", logger: logger) { settlements in
            let refused = Set(try await store.settle(settlements))
            if !refused.isEmpty {
                logger.warning("settlements came too late", metadata: ["count": "\(refused.count)"])
            }
            unfinished.subtract(settlements.count { $0.status.isFinal && !refused.contains($0.id) })
            hub.changed(settlements.map(\.id))
            if awaited.remove(settlements) { callbacks.wake() }
            machine.withLock { $0.stored() }
            signal.ring()
        }
    }

    /// Lets the dispatcher look into the queue.
    func wake() {
        machine.withLock { $0.woken() }
        signal.ring()
    }

    /// Leaves calls in the queue while nothing can run.
    func setPaused(_ paused: Bool) {
        for lease in machine.withLock({ $0.setPaused(paused) }) { settle(lease, .queued) }
        signal.ring()
    }

    /// Takes room for `count` new executions.
    func reserve(_ count: Int) throws(PlatformError) { try unfinished.add(count) }

    /// Gives room back that was reserved, or that an execution leaves which was cancelled in the queue.
    func release(_ count: Int) { unfinished.subtract(count) }

    /// Stores the ends of calls that are known by now.
    func settleNow() async { await settler.flush() }

    /// Cancels a call that is leased but not started. False: it is not such a one.
    func withdraw(_ id: ExecutionID) async -> Bool {
        guard let lease = machine.withLock({ $0.withdraw(id) }) else { return false }
        settle(lease, .cancelled)
        await settler.flush()
        return true
    }

    /// Runs until it is stopped. First, what a server before this one left unfinished goes back into the queue.
    func run() async throws {
        let requeued = try await store.requeueExpired(now: nil)
        let counts = try await store.counts()
        unfinished.set(counts[.queued, default: 0] + counts[.running, default: 0])
        if requeued > 0 { logger.notice("unfinished executions run again", metadata: ["count": "\(requeued)"]) }
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.lookForExpired() }
                group.addTask { await self.limitDrain() }
                wake()
                await work(&group)
                group.cancelAll()
            }
        } onGracefulShutdown: {
            self.signal.ring()
        }
    }

    private func work(_ group: inout DiscardingTaskGroup) async {
        for await _ in signal.rings {
            if Task.isShuttingDownGracefully {
                for lease in machine.withLock({ $0.drain() }) { await giveBack(lease) }
            }
            loop: while true {
                let (now, unsettled) = (time.now(), settler.backlog)
                switch machine.withLock({ $0.next(at: now, unsettled: unsettled) }) {
                case .start(let lease):
                    begin(lease)
                    group.addTask {
                        await self.execute(lease)
                        self.machine.withLock { $0.ended(lease.execution.id) }
                        self.signal.ring()
                    }
                case .lease(let limit): group.addTask { await self.lease(limit, at: now) }
                case .rest: break loop
                case .finished: return
                }
            }
        }
    }

    private func lease(_ limit: Int, at now: Timestamp) async {
        do {
            let until = time.steady() + configuration.leaseDuration
            let work = try await store.leaseNext(limit: limit, now: now, until: until)
            if !work.expired.isEmpty {
                unfinished.subtract(work.expired.count)
                hub.changed(work.expired)
                callbacks.wake()
            }
            for lease in machine.withLock({ $0.leased(work, asked: limit) }) { await giveBack(lease) }
            signal.ring()
            await look(at: work.nextDue)
        } catch {
            machine.withLock { $0.leaseFailed() }
            signal.ring()
            if Task.isCancelled { return }
            logger.error("the queue could not be read; trying again", metadata: ["error": "\(error)"])
            try? await Task.sleep(for: .milliseconds(500))
            wake()
        }
    }

    /// Looks into the queue again when something in it may start, unless a regular look comes first: that one also helps
    /// where the clock was set.
    private func look(at due: Timestamp?) async {
        let now = time.now()
        let horizon = configuration.expiryInterval
        guard let due = machine.withLock({ $0.plan(due, now: now, horizon: horizon) }),
            (try? await time.sleep(max(.milliseconds(1), due.since(now)))) != nil
        else { return }
        wake()
    }

    /// Looks for leases that ran out: the wake-up of last resort.
    private func lookForExpired() async {
        while (try? await time.sleep(configuration.expiryInterval)) != nil {
            do {
                let count = try await store.requeueExpired(now: time.steady())
                if count > 0 { logger.warning("leases ran out", metadata: ["count": "\(count)"]) }
            } catch {
                logger.error("expired leases could not be looked for", metadata: ["error": "\(error)"])
            }
            wake()
        }
    }

    /// Breaks running calls off that outlive the time for a stop.
    private func limitDrain() async {
        guard (try? await gracefulShutdown()) != nil,
            (try? await Task.sleep(for: configuration.drainLimit)) != nil
        else { return }
        machine.withLock { $0.expire() }
        signal.ring()
    }
}

/// Calls that run and whose end somebody outside is to be told.
final class AwaitedEnds: Sendable {
    private let ids = Mutex<Set<ExecutionID>>([])

    func insert(_ id: ExecutionID) { ids.withLock { _ = $0.insert(id) } }

    /// Whether one of these is awaited; then it is no longer.
    func remove(_ settlements: [Settlement]) -> Bool {
        ids.withLock { ids in
            guard !ids.isEmpty else { return false }
            return settlements.count { ids.remove($0.id) != nil } > 0
        }
    }
}

/// A ``DispatchMachine`` that the settler and the dispatcher share.
final class MachineBox: Sendable {
    private let machine: Mutex<DispatchMachine>

    init(_ machine: DispatchMachine) { self.machine = Mutex(machine) }

    func withLock<Result>(_ body: (inout DispatchMachine) -> sending Result) -> sending Result {
        machine.withLock { body(&$0) }
    }
}
