internal import FrameSocket
internal import Kernel
internal import Model
internal import Synchronization
internal import Wire

/// One worker process, as the server sees it.
final class Worker: Sendable {
    /// What a worker tells its pool. Called on the thread that receives.
    protocol Delegate: AnyObject, Sendable {
        /// Comes first.
        func workerStarts(_ worker: Worker)
        func workerIsReady(_ worker: Worker)
        func worker(_ worker: Worker, finished job: JobScheduler.JobNumber, _ reply: Job.Reply)
        func worker(_ worker: Worker, printed lines: [LogLine], for job: JobScheduler.JobNumber)
        func worker(_ worker: Worker, asks operation: UInt32, _ request: [UInt8], for job: JobScheduler.JobNumber)
        func worker(_ worker: Worker, ended ending: ChildProcess.Ending, jobs: [JobScheduler.JobNumber])
    }

    private struct State {
        var isGone = false
        var jobs: Set<RunNumber> = []
        var images: [ImageID: KnownImage] = [:]
        var nextImage: ImageNumber = 0
        var uses: UInt64 = 0
    }

    private struct KnownImage {
        var number: ImageNumber
        /// Compiled code of a module, and no image.
        var isCode: Bool
        var lastUse: UInt64
    }

    /// How many images a worker keeps open; the least recently called one makes room.
    static let maximumImages = 512

    let number: JobScheduler.WorkerNumber
    let process: ChildProcess
    private let socket: FrameSocket
    private let state = Mutex(State())

    /// Starts a process. `delegate` hears of it until `ended`, which comes last, once.
    init(
        number: Int, configuration: WorkerPoolConfiguration, size: SpotSize, guest: GuestFiles, code: CompiledCode,
        delegate: any Delegate
    ) throws(WorkerError) {
        guard let (socket, other) = FrameSocket.pair() else { throw WorkerError("the system has no descriptors left") }
        self.number = number
        self.socket = socket
        var arguments = [
            "worker", "--socket", "\(ChildProcess.passedDescriptor)", "--code", code.path, "--library",
            guest.libraryPath,
            "--interpreter", guest.identity, "--permits", "\(size.maximumWorkers)", "--threads",
            "\(configuration.threads(for: size))", "--waiting", "\(configuration.maximumWaitingCalls)", "--ready",
            "\(size.minimumWorkers)",
        ]
        if isRoot() { arguments += ["--user", "\(configuration.userID)", "--group", "\(configuration.groupID)"] }
        process = try ChildProcess.start(configuration.executablePath, arguments, passing: other)
        socket.send(FrameCodec.encode(ServerFrame.hello(version: wireVersion)))
        PlainThread.start(name: "worker \(number)") { self.receive(delegate) }
    }

    // MARK: To the worker

    /// Makes an image file the base of all others.
    func setBase(_ base: Descriptor) { socket.send(FrameCodec.encode(ServerFrame.base), with: base) }

    /// Whether the worker has an image open already.
    func knows(_ image: ImageID) -> Bool { state.withLock { $0.images[image] != nil } }

    /// Sends a job; false where it cannot be: the image is not there, or the worker is gone.
    func start(_ number: JobScheduler.JobNumber, _ request: Job.Request, shelf: ImageStore.Shelf?) -> Bool {
        state.withLock { state in
            guard !state.isGone else { return false }
            let frame: ServerFrame
            switch request {
            case .boot: frame = .boot(number)
            case .prepare(let manifest, let source, let limits):
                frame = .prepare(number, manifest: manifest, source: source, limits: limits)
            case .call(let call):
                guard let image = introduce(call.image, from: shelf, &state) else { return false }
                frame = .call(
                    number, image: image.number, limits: call.limits, input: call.input, context: call.context,
                    environment: image.isCode ? ProgramFields.environment(call.environment) : call.environment,
                    detail: image.isCode ? ProgramFields.detail(call.detail) : call.detail)
            }
            state.jobs.insert(number)
            socket.send(FrameCodec.encode(frame))
            return true
        }
    }

    /// What the worker knows an image by, which is sent before where it does not. In the lock: a call must not overtake it.
    private func introduce(_ id: ImageID, from shelf: ImageStore.Shelf?, _ state: inout State) -> KnownImage? {
        state.uses += 1
        if let known = state.images[id] {
            state.images[id]!.lastUse = state.uses
            return known
        }
        guard let content = shelf?.open(id) else { return nil }
        if state.images.count >= Self.maximumImages,
            let oldest = state.images.min(by: { $0.value.lastUse < $1.value.lastUse })
        {
            forget(oldest.key, &state)
        }
        state.nextImage += 1
        let known = KnownImage(number: state.nextImage, isCode: content.isCode, lastUse: state.uses)
        state.images[id] = known
        socket.send(FrameCodec.encode(ServerFrame.image(known.number)), with: content.file)
        return known
    }

    /// Has the worker close an image, if it has it open.
    func forget(_ id: ImageID) { state.withLock { forget(id, &$0) } }

    private func forget(_ id: ImageID, _ state: inout State) {
        guard let known = state.images.removeValue(forKey: id) else { return }
        socket.send(FrameCodec.encode(ServerFrame.dropImage(known.number)))
    }

    func cancel(_ job: JobScheduler.JobNumber) { socket.send(FrameCodec.encode(ServerFrame.cancel(job))) }

    func reply(_ job: JobScheduler.JobNumber, _ answer: Result<[UInt8], HostCallRefusal>) {
        switch answer {
        case .success(let bytes): socket.send(FrameCodec.encode(ServerFrame.hostReply(job, succeeded: true, bytes)))
        case .failure(let refusal):
            socket.send(FrameCodec.encode(ServerFrame.hostReply(job, succeeded: false, Array(refusal.text.utf8))))
        }
    }

    /// Ends the process: it exits when its socket does.
    func close() { socket.close() }

    // MARK: From the worker

    private func receive(_ delegate: any Delegate) {
        delegate.workerStarts(self)
        do throws(WireError) {
            try socket.receive(
                decode: FrameCodec.decodeWorkerFrame, carriesDescriptor: \.carriesDescriptor,
                take: { frame, descriptor throws(WireError) in try take(frame, descriptor, delegate) })
        } catch {
            // A worker that sends what is no frame is not ours any more.
            process.kill()
        }
        socket.close()
        let ending = process.wait()
        let jobs = state.withLock { state in
            state.isGone = true
            defer { state.jobs = [] }
            return Array(state.jobs)
        }
        delegate.worker(self, ended: ending, jobs: jobs)
    }

    private func take(_ frame: WorkerFrame, _ descriptor: Descriptor?, _ delegate: any Delegate) throws(WireError) {
        switch frame {
        case .hello(let version):
            guard version == wireVersion else { throw WireError("version \(version) instead of \(wireVersion)") }
            delegate.workerIsReady(self)
        case .finished(let job, let outcome, _):
            try finish(job, .finished(outcome, image: descriptor), delegate)
        case .failed(let job, let message):
            try finish(job, .failed(message), delegate)
        case .imageMissing(let job):
            try finish(job, .imageUnavailable, delegate)
        case .printed(let job, let lines):
            guard state.withLock({ $0.jobs.contains(job) }) else { throw WireError("lines of a job that is not here") }
            delegate.worker(self, printed: lines, for: job)
        case .hostRequest(let job, let operation, let request):
            guard state.withLock({ $0.jobs.contains(job) }) else {
                throw WireError("a request for a job that is not here")
            }
            delegate.worker(self, asks: operation, request, for: job)
        }
    }

    private func finish(_ job: RunNumber, _ reply: Job.Reply, _ delegate: any Delegate) throws(WireError) {
        guard state.withLock({ $0.jobs.remove(job) != nil }) else {
            throw WireError("an end of a job that is not here")
        }
        delegate.worker(self, finished: job, reply)
    }
}
