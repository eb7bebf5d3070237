internal import CLinux
internal import Glibc
internal import Kernel
public import Logging
public import Model
public import ServiceLifecycle
internal import Synchronization

/// The worker processes of one server: gives them calls, and replaces those that die.
public final class WorkerPool: SandboxService, Service {
    private struct State {
        var scheduler: JobScheduler
        var jobs: [JobScheduler.JobNumber: Entry] = [:]
        var byExecution: [ExecutionID: JobScheduler.JobNumber] = [:]
        var nextJob: JobScheduler.JobNumber = 0
        var workers: [Int: Worker] = [:]
        var nextWorker = 0
        var base: Base?
        var isStopping = false
        var restarts = 0
        var hostCalls: (any HostCallService)?
        var logSink: (@Sendable (ExecutionID, [LogLine]) -> Void)?

        mutating func register(_ job: Job) -> JobScheduler.JobNumber {
            nextJob += 1
            jobs[nextJob] = Entry(job: job)
            if let execution = job.execution { byExecution[execution] = nextJob }
            return nextJob
        }
    }

    private struct Entry {
        var job: Job
        var worker: Int?
    }

    private struct Base: Sendable {
        var file: Descriptor
        var shelf: ImageStore.Shelf
    }

    /// What `run` is to do.
    private enum Event: Sendable {
        case ready(Worker)
        case ended(Worker, ChildProcess.Ending, isReady: Bool)
        case asked(Worker, JobScheduler.JobNumber, ExecutionID, operation: UInt32, [UInt8])
    }

    private let configuration: WorkerPoolConfiguration
    private let guest: GuestFiles
    private let code: CompiledCode
    private let images: ImageStore
    private let logger: Logger
    private let state: Mutex<State>
    private let events: AsyncStream<Event>
    private let send: AsyncStream<Event>.Continuation

    private init(
        _ configuration: WorkerPoolConfiguration, guest: GuestFiles, code: CompiledCode, images: ImageStore,
        logger: Logger
    ) {
        self.configuration = configuration
        self.guest = guest
        self.code = code
        self.images = images
        self.logger = logger
        state = Mutex(State(scheduler: JobScheduler(queueLimit: configuration.queueLimit)))
        (events, send) = AsyncStream.makeStream(of: Event.self)
    }

    /// Compiles the interpreter where that was not done before, starts the workers and waits until they can take calls.
    public static func start(_ configuration: WorkerPoolConfiguration, logger: Logger) async throws(WorkerError)
        -> WorkerPool
    {
        let guest = try GuestFiles(folder: configuration.guestFolder)
        let code = try CompiledCode(for: guest, in: configuration, logger: logger)
        let images = try ImageStore(folder: configuration.imagesFolder, interpreter: guest.identity)
        let pool = WorkerPool(configuration, guest: guest, code: code, images: images, logger: logger)
        try await pool.startWorkers()
        return pool
    }

    private func startWorkers() async throws(WorkerError) {
        for _ in 0..<configuration.workers { try startWorker() }
        var iterator = events.makeAsyncIterator()
        var missing = configuration.workers
        while missing > 0, let event = await iterator.next() {
            switch event {
            case .ready(let worker):
                try await introduceBase(to: worker)
                admit(worker)
                missing -= 1
            case .ended(_, let ending, _):
                throw WorkerError("a worker ended while it started (\(ending)); its own words are above")
            case .asked: break
            }
        }
    }

    private func startWorker() throws(WorkerError) {
        let number = state.withLock { state in
            state.nextWorker += 1
            return state.nextWorker
        }
        let worker = try Worker(number: number, configuration: configuration, guest: guest, code: code, delegate: self)
        state.withLock { $0.workers[number] = worker }
        logger.debug("worker started", metadata: ["worker": "\(number)", "process": "\(worker.process.id)"])
    }

    /// Gives a worker the base image. The first worker of an installation makes it.
    private func introduceBase(to worker: Worker) async throws(WorkerError) {
        if let base = state.withLock({ $0.base }) { return worker.setBase(base.file) }
        if images.base() == nil {
            logger.notice("booting the interpreter for the first time")
            let reply = await withUnsafeContinuation { continuation in
                let number = add(Job(.boot, continuation), on: worker.number)
                if !worker.start(number, .boot, shelf: nil) { finish(number, .lost("the worker ended")) }
            }
            switch reply {
            case .finished(_, let image?): _ = try images.storeBase(image)
            case .failed(let message): throw WorkerError(message)
            default: throw WorkerError("the interpreter could not be booted")
            }
        }
        guard let (file, digest) = images.base() else { throw WorkerError("the base image cannot be read back") }
        let base = Base(file: file, shelf: try images.shelf(forBase: digest))
        state.withLock { $0.base = base }
        worker.setBase(base.file)
    }

    private func admit(_ worker: Worker) {
        let (started, shelf) = state.withLock { state in
            let numbers = state.scheduler.add(
                worker.number, capacity: configuration.threadsPerWorker, permits: configuration.permitsPerWorker)
            let started = numbers.compactMap { number -> (JobScheduler.JobNumber, Job)? in
                state.jobs[number]?.worker = worker.number
                return state.jobs[number].map { (number, $0.job) }
            }
            return (started, state.base?.shelf)
        }
        for (number, job) in started { begin(number, job, on: worker, shelf) }
    }

    // MARK: Service

    /// Replaces workers that die and has guests' requests answered, until the server stops.
    public func run() async throws {
        await withDiscardingTaskGroup { group in
            for await event in events.cancelOnGracefulShutdown() {
                switch event {
                case .ready(let worker):
                    do throws(WorkerError) {
                        try await introduceBase(to: worker)
                        admit(worker)
                    } catch { logger.error("a worker cannot be used: \(error)") }
                case .ended(let worker, let ending, let isReady):
                    replace(worker, ending, isReady, &group)
                case .asked(let worker, let job, let caller, let operation, let request):
                    group.addTask { await self.answer(worker, job, caller, operation, request) }
                }
            }
        }
        let workers = state.withLock { state in
            state.isStopping = true
            return Array(state.workers.values)
        }
        for worker in workers { worker.close() }
    }

    private func replace(
        _ worker: Worker, _ ending: ChildProcess.Ending, _ isReady: Bool, _ group: inout DiscardingTaskGroup
    ) {
        guard !state.withLock({ $0.isStopping }) else { return }
        logger.error("a worker ended and is replaced", metadata: ["worker": "\(worker.number)", "ending": "\(ending)"])
        group.addTask {
            // One that did not even start would not start at once again.
            if !isReady { try? await Task.sleep(for: .seconds(1)) }
            do throws(WorkerError) {
                try self.startWorker()
            } catch {
                self.logger.error("a worker could not be replaced: \(error)")
                self.send.yield(.ended(worker, ending, isReady: false))
            }
        }
    }

    private func answer(
        _ worker: Worker, _ job: JobScheduler.JobNumber, _ caller: ExecutionID, _ operation: UInt32, _ request: [UInt8]
    ) async {
        guard let service = state.withLock({ $0.hostCalls }) else {
            return worker.reply(job, .failure(HostCallRefusal("this server knows no operation \(operation)")))
        }
        worker.reply(job, await service.answer(operation, request, of: caller))
    }

    /// Has `service` answer what guests ask of the platform.
    public func setHostCalls(_ service: any HostCallService) { state.withLock { $0.hostCalls = service } }

    // MARK: SandboxService

    public func prepare(_ request: PrepareRequest) async throws(SandboxRefusal) -> PrepareOutcome {
        let job = Job.Request.prepare(
            manifest: GuestManifest.encode(request), source: Array(request.source.utf8), limits: request.limits)
        switch await submit(job) {
        case .finished(let outcome, let image):
            if let fault = Judgement.fault(of: outcome, limits: request.limits) {
                return PrepareOutcome(result: .failure(fault), logs: outcome.logs, usage: outcome.usage)
            }
            guard let image, let shelf = state.withLock({ $0.base?.shelf }) else {
                throw .unavailable("the worker sent no image")
            }
            do throws(WorkerError) {
                return PrepareOutcome(
                    result: .success(try shelf.store(image)), logs: outcome.logs, usage: outcome.usage)
            } catch { throw .unavailable(error.message) }
        case .lost(let message):
            return PrepareOutcome(result: .failure(Self.lost(message)), logs: [], usage: ResourceUsage())
        case .failed(let message): throw .unavailable(message)
        case .refused: throw .queueFull(retryAfterSeconds: 1)
        case .imageUnavailable, .cancelledInQueue: throw .unavailable("the worker answered something else")
        }
    }

    public func call(_ request: CallRequest) async throws(SandboxRefusal) -> CallOutcome {
        let reply = await withTaskCancellationHandler {
            await submit(.call(request))
        } onCancel: {
            _ = cancel(request.id)
        }
        switch reply {
        case .finished(let outcome, _):
            return CallOutcome(
                output: Judgement.output(of: outcome), fault: Judgement.fault(of: outcome, limits: request.limits),
                logs: outcome.logs, usage: outcome.usage)
        case .lost(let message):
            return CallOutcome(output: nil, fault: Self.lost(message), logs: [], usage: ResourceUsage())
        case .cancelledInQueue:
            let fault = ExecutionFault(
                kind: .cancelled, type: "Cancelled", message: "the call was cancelled before it started")
            return CallOutcome(output: nil, fault: fault, logs: [], usage: ResourceUsage())
        case .failed(let message): throw .unavailable(message)
        case .refused: throw .queueFull(retryAfterSeconds: 1)
        case .imageUnavailable:
            // A damaged file would be found again under the same name when the image is taken anew.
            forget(request.image)
            throw .imageUnavailable(request.image)
        }
    }

    public func onLogs(_ sink: @escaping @Sendable (ExecutionID, [LogLine]) -> Void) {
        state.withLock { $0.logSink = sink }
    }

    public func cancel(_ id: ExecutionID) -> Bool {
        enum Action {
            case none
            case drop(JobScheduler.JobNumber)
            case tell(Worker, JobScheduler.JobNumber)
        }
        let action = state.withLock { state -> Action in
            guard let number = state.byExecution[id], let entry = state.jobs[number] else { return .none }
            if state.scheduler.cancelWaiting(number) { return .drop(number) }
            return entry.worker.flatMap { state.workers[$0] }.map { .tell($0, number) } ?? .none
        }
        switch action {
        case .none: return false
        case .drop(let number): finish(number, .cancelledInQueue)
        case .tell(let worker, let number): worker.cancel(number)
        }
        return true
    }

    public func forget(_ image: ImageID) {
        let (workers, shelf) = state.withLock { (Array($0.workers.values), $0.base?.shelf) }
        for worker in workers { worker.forget(image) }
        shelf?.remove(image)
    }

    private static func lost(_ message: String) -> ExecutionFault {
        ExecutionFault(
            kind: .workerLost, type: "WorkerLost", message: "the worker that ran the call ended (\(message))")
    }

    // MARK: Jobs

    private func submit(_ request: Job.Request) async -> Job.Reply {
        await withUnsafeContinuation { continuation in
            let job = Job(request, continuation)
            let (number, submission, worker, shelf) = state.withLock { state in
                let number = state.register(job)
                let submission =
                    state.isStopping
                    ? JobScheduler.Submission.refuse
                    : state.scheduler.submit(number) { worker in
                        job.image.map { state.workers[worker]?.knows($0) ?? false } ?? false
                    }
                guard case .start(let worker) = submission else {
                    return (number, submission, Worker?.none, state.base?.shelf)
                }
                state.jobs[number]!.worker = worker
                return (number, submission, state.workers[worker], state.base?.shelf)
            }
            switch submission {
            case .start:
                if let worker {
                    begin(number, job, on: worker, shelf)
                } else {
                    finish(number, .lost("the worker ended"))
                }
            case .wait: break
            case .refuse: finish(number, .refused)
            }
        }
    }

    /// Registers a job that goes round the scheduler.
    private func add(_ job: Job, on worker: Int) -> JobScheduler.JobNumber {
        state.withLock { state in
            let number = state.register(job)
            state.jobs[number]!.worker = worker
            return number
        }
    }

    private func begin(_ number: JobScheduler.JobNumber, _ job: Job, on worker: Worker, _ shelf: ImageStore.Shelf?) {
        guard !worker.start(number, job.request, shelf: shelf) else { return }
        ended(number, on: worker.number, job.image == nil ? .lost("the worker ended") : .imageUnavailable)
    }

    /// Answers who waits for a job, and starts the next one on the worker that did it.
    private func ended(_ number: JobScheduler.JobNumber, on workerNumber: Int, _ reply: Job.Reply) {
        let next = state.withLock { state -> (JobScheduler.JobNumber, Job, Worker, ImageStore.Shelf?)? in
            guard let next = state.scheduler.finish(number, on: workerNumber), let job = state.jobs[next]?.job,
                let worker = state.workers[workerNumber]
            else { return nil }
            state.jobs[next]!.worker = workerNumber
            return (next, job, worker, state.base?.shelf)
        }
        finish(number, reply)
        if let (number, job, worker, shelf) = next { begin(number, job, on: worker, shelf) }
    }

    private func finish(_ number: JobScheduler.JobNumber, _ reply: Job.Reply) {
        let job = state.withLock { state -> Job? in
            guard let entry = state.jobs.removeValue(forKey: number) else { return nil }
            if let execution = entry.job.execution { state.byExecution[execution] = nil }
            return entry.job
        }
        job?.finish(reply)
    }

    // MARK: Numbers

    /// What the pool does at this moment.
    public struct Status: Sendable {
        public var workers: Int
        public var running: Int
        public var waiting: Int
        /// How many workers were replaced since the start.
        public var restarts: Int
        public var processIDs: [Int32]
    }

    public var status: Status {
        state.withLock { state in
            Status(
                workers: state.workers.count, running: state.scheduler.runningCount,
                waiting: state.scheduler.waitingCount,
                restarts: state.restarts, processIDs: state.workers.values.map(\.process.id).sorted())
        }
    }
}

extension WorkerPool {
    public var sandboxStatus: SandboxStatus? {
        let status = status
        return SandboxStatus(
            workers: status.workers, wantedWorkers: configuration.workers,
            capacity: configuration.workers * configuration.permitsPerWorker, running: status.running,
            waiting: status.waiting)
    }
}

extension WorkerPool: Worker.Delegate {
    func worker(_ worker: Worker, printed lines: [LogLine], for job: JobScheduler.JobNumber) {
        let (sink, id) = state.withLock { ($0.logSink, $0.jobs[job]?.job.execution) }
        if let sink, let id { sink(id, lines) }
    }

    func workerIsReady(_ worker: Worker) { send.yield(.ready(worker)) }

    func worker(_ worker: Worker, finished job: JobScheduler.JobNumber, _ reply: Job.Reply) {
        ended(job, on: worker.number, reply)
    }

    func worker(_ worker: Worker, asks operation: UInt32, _ request: [UInt8], for job: JobScheduler.JobNumber) {
        guard let caller = state.withLock({ $0.jobs[job]?.job.execution }) else {
            return worker.reply(job, .failure(HostCallRefusal("this can only be asked in a call")))
        }
        send.yield(.asked(worker, job, caller, operation: operation, request))
    }

    func worker(_ worker: Worker, ended ending: ChildProcess.Ending, isReady: Bool, jobs: [JobScheduler.JobNumber]) {
        state.withLock { state in
            state.workers[worker.number] = nil
            state.scheduler.remove(worker.number)
            state.restarts += 1
        }
        for job in jobs { finish(job, .lost("\(ending)")) }
        send.yield(.ended(worker, ending, isReady: isReady))
    }
}

/// Whether this process may become another user.
func isRoot() -> Bool { geteuid() == 0 }
