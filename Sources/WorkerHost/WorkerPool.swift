internal import CLinux
internal import Glibc
internal import Kernel
public import Logging
public import Model
public import Packages
public import ServiceLifecycle
internal import Synchronization

/// The worker processes of one server, and the calls that it gives them. What starts, replaces and ends them is in
/// `WorkerPool+Supervision.swift`.
public final class WorkerPool: SandboxService, Service {
    struct State {
        var scheduler: JobScheduler
        var jobs: [JobScheduler.JobNumber: Entry] = [:]
        var byExecution: [ExecutionID: JobScheduler.JobNumber] = [:]
        var nextJob: JobScheduler.JobNumber = 0
        var workers: [JobScheduler.WorkerNumber: Worker] = [:]
        var supervision = WorkerGroups()
        /// Who waits for a worker to be ready.
        var arrivals: [JobScheduler.WorkerNumber: Arrival] = [:]
        /// Who waits for the last worker of a group to end.
        var departures: [Int: [CheckedContinuation<Void, Never>]] = [:]
        var base: Base?
        /// The server is starting: there will be spots.
        var isPreparing = false
        var isStopping = false
        var hostCalls: (any HostCallService)?
        var logSink: (@Sendable (ExecutionID, [LogLine]) -> Void)?

        /// Where a call runs; nil where it does not.
        func place(of id: ExecutionID) -> (JobScheduler.JobNumber, Worker)? {
            guard let number = byExecution[id], let worker = jobs[number]?.worker.flatMap({ workers[$0] }) else {
                return nil
            }
            return (number, worker)
        }

        mutating func register(_ job: Job) -> JobScheduler.JobNumber {
            nextJob += 1
            jobs[nextJob] = Entry(job: job)
            if let execution = job.execution { byExecution[execution] = nextJob }
            return nextJob
        }

        /// Notes that jobs are a worker's now.
        mutating func assign(_ numbers: [JobScheduler.JobNumber], to worker: Worker) -> Assignment {
            let assigned = numbers.compactMap { number -> (JobScheduler.JobNumber, Job)? in
                jobs[number]?.worker = worker.number
                return jobs[number].map { (number, $0.job) }
            }
            return Assignment(worker: worker, jobs: assigned, shelf: base?.shelf)
        }

        mutating func unregister(_ number: JobScheduler.JobNumber) -> Job? {
            guard let entry = jobs.removeValue(forKey: number) else { return nil }
            if let execution = entry.job.execution { byExecution[execution] = nil }
            return entry.job
        }
    }

    struct Entry {
        var job: Job
        var worker: JobScheduler.WorkerNumber?
    }

    /// Jobs to be started on a worker.
    struct Assignment {
        var worker: Worker
        var jobs: [(JobScheduler.JobNumber, Job)]
        var shelf: ImageStore.Shelf?
    }

    struct Base: Sendable {
        var file: Descriptor
        var shelf: ImageStore.Shelf
    }

    let configuration: WorkerPoolConfiguration
    let guest: GuestFiles
    let interpreter: InterpreterCode
    let images: ImageStore
    /// Nil where functions have no packages.
    let packages: PackageStore?
    let logger: Logger
    let state: Mutex<State>
    let events: AsyncStream<Event>
    let send: AsyncStream<Event>.Continuation
    /// The base image is made once.
    let baseGate = KeyedGate<Int>()
    let compilerGate = KeyedGate<Int>()

    /// Looks for the interpreter's files. Workers come with the first spot, which waits until the interpreter is compiled.
    public init(
        _ configuration: WorkerPoolConfiguration, packages: PackageStore? = nil, logger: Logger
    ) throws(WorkerError) {
        self.configuration = configuration
        self.packages = packages
        guest = try GuestFiles(folder: configuration.guestFolder)
        interpreter = InterpreterCode(for: guest, in: configuration, logger: logger)
        images = try ImageStore(folder: configuration.imagesFolder, interpreter: guest.identity)
        self.logger = logger
        state = Mutex(
            State(
                scheduler: JobScheduler(
                    queueLimit: configuration.queueLimit, parkedLimit: configuration.maximumWaitingCalls)))
        (events, send) = AsyncStream.makeStream(of: Event.self)
    }

    // MARK: SandboxService

    public func prepare(_ request: PrepareRequest) async throws(SandboxRefusal) -> PrepareOutcome {
        if case .webAssembly(let module) = request.code { return try await compile(module, request.limits) }
        let job = Job.Request.prepare(
            manifest: GuestManifest.encode(request), source: Array(request.source.utf8), path: request.layout.file,
            limits: request.limits, mounts: request.layout.mounts(of: request.packages))
        switch await submit(job) {
        case .finished(let outcome, let image):
            if let fault = Judgement.fault(ofImport: outcome, limits: request.limits) {
                return PrepareOutcome(
                    result: .failure(fault), needsCall: Judgement.needsCall(outcome), logs: outcome.logs,
                    usage: outcome.usage)
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
        case .noSpots: throw .noSpots
        case .packageUnavailable(let package): throw .packageUnavailable(package)
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
        case .noSpots: throw .noSpots
        case .imageUnavailable:
            // A damaged file would be found again under the same name when the image is taken anew.
            forget(request.image)
            throw .imageUnavailable(request.image)
        case .packageUnavailable(let package): throw .packageUnavailable(package)
        }
    }

    public func lend(_ copy: StateCopy, to id: ExecutionID) {
        state.withLock { $0.place(of: id)?.1 }?.lend(copy)
    }

    public func setHostCalls(_ service: any HostCallService) { state.withLock { $0.hostCalls = service } }

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
            if let number = state.byExecution[id], state.scheduler.cancelWaiting(number) { return .drop(number) }
            return state.place(of: id).map { number, worker in .tell(worker, number) } ?? .none
        }
        switch action {
        case .none: return false
        case .drop(let number): finish(number, .cancelledInQueue)
        case .tell(let worker, let number): worker.cancel(number)
        }
        return true
    }

    public func park(_ id: ExecutionID) {
        let next = state.withLock { state -> Assignment? in
            guard let (number, worker) = state.place(of: id) else { return nil }
            return state.assign(state.scheduler.park(number, on: worker.number), to: worker)
        }
        if let next { begin(next) }
    }

    public func unpark(_ id: ExecutionID) {
        state.withLock { state in
            if let (number, worker) = state.place(of: id) { state.scheduler.unpark(number, on: worker.number) }
        }
    }

    public func forget(_ image: ImageID) {
        let (workers, shelf) = state.withLock { (Array($0.workers.values), $0.base?.shelf) }
        for worker in workers { worker.forget(image) }
        shelf?.remove(image)
    }

    public var sandboxStatus: SandboxStatus? {
        let preparation = interpreter.progress
        return state.withLock { state in
            SandboxStatus(
                workers: state.scheduler.workerCount, wantedWorkers: state.supervision.openCount,
                capacity: state.supervision.capacity, running: state.scheduler.runningCount,
                waiting: state.scheduler.waitingCount,
                preparation: preparation ?? (state.isPreparing ? "The server is starting." : nil))
        }
    }

    private static func lost(_ message: String) -> ExecutionFault {
        ExecutionFault(
            kind: .workerLost, type: "WorkerLost", message: "the worker that ran the call ended (\(message))")
    }

    // MARK: Jobs

    private func submit(_ request: Job.Request) async -> Job.Reply {
        await withUnsafeContinuation { continuation in
            let job = Job(request, continuation)
            // Nil: it waits.
            let action = state.withLock { state -> Action? in
                if state.isStopping { return .answer(.refused) }
                if state.supervision.openCount == 0, !state.isPreparing { return .answer(.noSpots) }
                let number = state.register(job)
                let submission = state.scheduler.submit(number, depth: job.depth) { worker in
                    job.code.map { state.workers[worker]?.knows($0) ?? false } ?? false
                }
                switch submission {
                case .start(let worker):
                    state.jobs[number]!.worker = worker
                    return .begin(number, state.workers[worker]!, state.base?.shelf)
                case .wait: return nil
                case .refuse:
                    _ = state.unregister(number)
                    return .answer(.refused)
                }
            }
            switch action {
            case .begin(let number, let worker, let shelf): begin(number, job, on: worker, shelf)
            case .answer(let reply): job.finish(reply)
            case nil: break
            }
        }
    }

    private enum Action {
        case begin(JobScheduler.JobNumber, Worker, ImageStore.Shelf?)
        case answer(Job.Reply)
    }

    func begin(_ number: JobScheduler.JobNumber, _ job: Job, on worker: Worker, _ shelf: ImageStore.Shelf?) {
        guard let failure = worker.start(number, job.request, shelf: shelf, packages: packages) else { return }
        ended(number, on: worker, failure)
    }

    /// Answers who waits for a job, and starts the next one on the worker that did it.
    func ended(_ number: JobScheduler.JobNumber, on worker: Worker, _ reply: Job.Reply) {
        let (job, next, isDone) = state.withLock { state in
            let job = state.unregister(number)
            let next = state.assign(state.scheduler.finish(number, on: worker.number), to: worker)
            return (job, next, state.scheduler.isDone(worker.number))
        }
        job?.finish(reply)
        begin(next)
        if isDone { worker.close() }
    }

    func begin(_ assignment: Assignment) {
        for (number, job) in assignment.jobs { begin(number, job, on: assignment.worker, assignment.shelf) }
    }

    /// Answers who waits for a job that no worker has, or whose worker is gone.
    func finish(_ number: JobScheduler.JobNumber, _ reply: Job.Reply) {
        state.withLock { $0.unregister(number) }?.finish(reply)
    }
}

/// Whether this process may become another user.
func isRoot() -> Bool { geteuid() == 0 }
