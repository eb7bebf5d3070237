internal import Kernel
internal import Logging
public import Model
internal import ServiceLifecycle
internal import Synchronization

/// Starts the workers of spots, replaces those that die, and ends those that are no longer wanted.
extension WorkerPool {
    /// What `run` is to do.
    enum Event: Sendable {
        /// A worker of this spot died.
        case lost(group: Int)
    }

    /// How the start of a worker goes.
    enum Arrival {
        case expected
        case awaited(CheckedContinuation<ChildProcess.Ending?, Never>)
        case ready
        case ended(ChildProcess.Ending)
    }

    /// After a worker that did not even start, the next one would not at once.
    private static let restartPause: Duration = .seconds(1)

    // MARK: SpotHost

    public func openSpot(_ id: Int, _ size: SpotSize) async throws(SandboxRefusal) {
        state.withLock { $0.supervision.open(id, size) }
        do throws(WorkerError) {
            _ = try await addWorker(to: id)
        } catch {
            await closeSpot(id)
            throw .unavailable(error.message)
        }
    }

    public func resizeSpot(_ id: Int, _ size: SpotSize) async throws(SandboxRefusal) {
        state.withLock { $0.supervision.resize(id, size) }
        do throws(WorkerError) {
            guard let worker = try await addWorker(to: id) else { return }
            retire { $0.supervision.retire(id, but: worker) }
        } catch { throw .unavailable(error.message) }
    }

    public func closeSpot(_ id: Int) async {
        await withCheckedContinuation { continuation in
            var isGone = false
            let refused = retire { state in
                let (retired, isAway) = state.supervision.close(id)
                isGone = isAway
                if !isAway { state.departures[id, default: []].append(continuation) }
                return retired
            }
            // Without any spot, what waits would wait for ever.
            for job in refused { job.finish(.noSpots) }
            if isGone { continuation.resume() }
        }
    }

    /// Lets workers take no more jobs, and ends those that have none. Returns the jobs that nobody can do any more.
    @discardableResult
    private func retire(_ choose: (inout State) -> [JobScheduler.WorkerNumber]) -> [Job] {
        let (done, refused) = state.withLock { state in
            let numbers = choose(&state)
            for number in numbers { state.scheduler.retire(number) }
            let done = numbers.filter(state.scheduler.isDone).compactMap { state.workers[$0] }
            guard state.supervision.openCount == 0 else { return (done, [Job]()) }
            return (done, state.scheduler.dropWaiting().compactMap { state.unregister($0) })
        }
        for worker in done { worker.close() }
        return refused
    }

    // MARK: Starting

    /// Starts a worker of a spot and returns when it takes calls; nil where the spot closed meanwhile.
    private func addWorker(to group: Int) async throws(WorkerError) -> JobScheduler.WorkerNumber? {
        let code = try await interpreter.code()
        let place = state.withLock { state in
            let place = state.isStopping ? nil : state.supervision.addWorker(to: group)
            if let place { state.arrivals[place.number] = .expected }
            return place
        }
        guard let (number, size) = place else { return nil }
        let worker: Worker
        do throws(WorkerError) {
            worker = try Worker(
                number: number, configuration: configuration, size: size, guest: guest, code: code, delegate: self)
        } catch {
            state.withLock { $0.arrivals[number] = nil }
            departed(number)
            throw error
        }
        logger.debug("worker started", metadata: ["worker": "\(number)", "process": "\(worker.process.id)"])
        if let ending = await arrival(of: number) {
            throw WorkerError("a worker ended while it started (\(ending)); its own words are in the server's log")
        }
        do throws(WorkerError) {
            try await introduceBase(to: worker)
        } catch {
            worker.close()
            throw error
        }
        return try admit(worker, size) ? number : nil
    }

    /// Waits until a worker is ready. Returns how it ended where it did instead.
    private func arrival(of number: JobScheduler.WorkerNumber) async -> ChildProcess.Ending? {
        await withCheckedContinuation { continuation in
            let arrival = state.withLock { state in
                let arrival = state.arrivals.removeValue(forKey: number)
                if case .expected = arrival { state.arrivals[number] = .awaited(continuation) }
                return arrival
            }
            switch arrival {
            case .ready: continuation.resume(returning: nil)
            case .ended(let ending): continuation.resume(returning: ending)
            case .expected, .awaited, nil: break
            }
        }
    }

    /// Gives a worker the base image. The first worker of an installation makes it.
    private func introduceBase(to worker: Worker) async throws(WorkerError) {
        try await baseGate.pass([0]) { () async throws(WorkerError) in
            if let base = state.withLock({ $0.base }) { return worker.setBase(base.file) }
            if images.base() == nil { _ = try images.storeBase(try await boot(on: worker)) }
            guard let (file, digest) = images.base() else { throw WorkerError("the base image cannot be read back") }
            let base = Base(file: file, shelf: try images.shelf(forBase: digest))
            state.withLock { $0.base = base }
            worker.setBase(base.file)
        }
    }

    private func boot(on worker: Worker) async throws(WorkerError) -> Descriptor {
        logger.notice("booting the interpreter for the first time")
        let reply = await withUnsafeContinuation { continuation in
            let job = Job(.boot, continuation)
            // It goes round the scheduler, which does not know the worker yet.
            let number = state.withLock { state in
                let number = state.register(job)
                state.jobs[number]!.worker = worker.number
                return number
            }
            if let failure = worker.start(number, .boot, shelf: nil, packages: nil) { finish(number, failure) }
        }
        switch reply {
        case .finished(_, let image?): return image
        case .failed(let message), .lost(let message): throw WorkerError(message)
        default: throw WorkerError("the interpreter could not be booted")
        }
    }

    /// Lets a worker take calls. False: it is not wanted any more, and ends.
    private func admit(_ worker: Worker, _ size: SpotSize) throws(WorkerError) -> Bool {
        let capacity = configuration.threads(for: size)
        let admitted = try state.withLock { state throws(WorkerError) -> Assignment? in
            guard state.workers[worker.number] != nil else {
                throw WorkerError("a worker ended just after it had started")
            }
            guard !state.isStopping, state.supervision.admit(worker.number) else { return nil }
            return state.assign(
                state.scheduler.add(worker.number, capacity: capacity, permits: size.maximumWorkers), to: worker)
        }
        guard let admitted else {
            worker.close()
            return false
        }
        begin(admitted)
        return true
    }

    // MARK: Service

    /// Replaces workers that die, until the server stops.
    public func run() async throws {
        await withDiscardingTaskGroup { group in
            for await event in events.cancelOnGracefulShutdown() {
                switch event {
                case .lost(let spot): group.addTask { await self.replace(in: spot) }
                }
            }
            let workers = state.withLock { state in
                state.isStopping = true
                return Array(state.workers.values)
            }
            group.cancelAll()
            for worker in workers { worker.close() }
        }
    }

    private func replace(in group: Int) async {
        while !Task.isCancelled, state.withLock({ !$0.isStopping && $0.supervision.isOpen(group) }) {
            do throws(WorkerError) {
                _ = try await addWorker(to: group)
                return
            } catch { logger.error("a worker could not be replaced; trying again: \(error)") }
            try? await Task.sleep(for: Self.restartPause)
        }
    }

    /// Notes that a worker is gone, and tells who waits for that.
    private func departed(_ number: JobScheduler.WorkerNumber) {
        let (ending, waiting) = state.withLock { state -> (WorkerGroups.Ending, [CheckedContinuation<Void, Never>]) in
            state.workers[number] = nil
            state.scheduler.remove(number)
            let ending = state.supervision.ended(number)
            guard case .lastOne(let group) = ending else { return (ending, []) }
            return (ending, state.departures.removeValue(forKey: group) ?? [])
        }
        if case .replace(let group) = ending { send.yield(.lost(group: group)) }
        for continuation in waiting { continuation.resume() }
    }
}

extension WorkerPool: Worker.Delegate {
    func workerStarts(_ worker: Worker) {
        let isStopping = state.withLock { state in
            state.workers[worker.number] = worker
            return state.isStopping
        }
        if isStopping { worker.close() }
    }

    func workerIsReady(_ worker: Worker) {
        let waiting = state.withLock { state -> CheckedContinuation<ChildProcess.Ending?, Never>? in
            guard case .awaited(let continuation) = state.arrivals.removeValue(forKey: worker.number) else {
                state.arrivals[worker.number] = .ready
                return nil
            }
            return continuation
        }
        waiting?.resume(returning: nil)
    }

    func worker(_ worker: Worker, printed lines: [LogLine], for job: JobScheduler.JobNumber) {
        let (sink, id) = state.withLock { ($0.logSink, $0.jobs[job]?.job.execution) }
        if let sink, let id { sink(id, lines) }
    }

    func worker(_ worker: Worker, finished job: JobScheduler.JobNumber, _ reply: Job.Reply) {
        ended(job, on: worker, reply)
    }

    func worker(_ worker: Worker, asks operation: UInt32, _ request: [UInt8], for job: JobScheduler.JobNumber) {
        let (caller, service) = state.withLock { ($0.jobs[job]?.job.execution, $0.hostCalls) }
        guard let caller, let service else {
            return worker.reply(job, .failure(HostCallRefusal("this can only be asked in a call")))
        }
        service.answer(operation, request, of: caller) { worker.reply(job, $0) }
    }

    func worker(_ worker: Worker, ended ending: ChildProcess.Ending, jobs: [JobScheduler.JobNumber]) {
        let (waiting, isExpected) = state.withLock { state in
            var waiting: CheckedContinuation<ChildProcess.Ending?, Never>?
            switch state.arrivals[worker.number] {
            case .awaited(let continuation):
                waiting = continuation
                state.arrivals[worker.number] = nil
            case .expected, .ready: state.arrivals[worker.number] = .ended(ending)
            case .ended, nil: break
            }
            return (waiting, state.isStopping || !state.supervision.isWanted(worker.number))
        }
        if !isExpected {
            logger.error("a worker ended", metadata: ["worker": "\(worker.number)", "ending": "\(ending)"])
        }
        for job in jobs { finish(job, .lost("\(ending)")) }
        departed(worker.number)
        waiting?.resume(returning: ending)
    }
}
