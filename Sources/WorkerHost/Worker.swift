internal import FrameSocket
internal import Kernel
internal import Model
internal import Packages
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

    /// What it has to do.
    private struct Work {
        var isGone = false
        var jobs: Set<RunNumber> = []
    }

    /// What it was given.
    private struct Files {
        var images = KnownFiles<CallCode>()
        /// Those of them that are compiled code of modules.
        var compiled: Set<ImageNumber> = []
        var packages = KnownFiles<PackageID>()
        var hasGenerations = false
    }

    /// How many images, and how many packages, a worker keeps open.
    static let maximumFiles = 512

    let number: JobScheduler.WorkerNumber
    let process: ChildProcess
    private let socket: FrameSocket
    private let work = Mutex(Work())
    private let files = Mutex(Files())

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
    func knows(_ code: CallCode) -> Bool { files.withLock { $0.images.contains(code) } }

    /// Sends a job; returns how it ended where it cannot be sent.
    func start(
        _ number: JobScheduler.JobNumber, _ request: Job.Request, shelf: ImageStore.Shelf?, packages: PackageStore?
    ) -> Job.Reply? {
        do throws(MissingPackage) {
            switch request {
            case .boot: return post(.boot(number), of: number)
            case .prepare(let manifest, let source, let path, let limits, let mounts):
                return try files.withLock { files throws(MissingPackage) in
                    let mounts = try introduce(mounts, from: packages, &files)
                    return post(
                        .prepare(
                            number, manifest: manifest, source: source, path: path, limits: limits, mounts: mounts),
                        of: number
                    )
                }
            case .call(let call):
                let known = try files.withLock { files throws(MissingPackage) in
                    try introduce(CallCode(call), from: shelf, packages, &files)
                }
                guard let image = known else { return .imageUnavailable }
                // Not in the lock: the worker may have answered before this returns, and others want to send. If the image is
                // dropped in this very moment, the worker says so and the call is repeated.
                return post(
                    .call(
                        number, image: image.number, limits: call.limits, input: call.input, context: call.context,
                        environment: image.isCode ? ProgramFields.environment(call.environment) : call.environment,
                        detail: image.isCode ? ProgramFields.detail(call.detail) : call.detail,
                        tenant: call.tenant?.rawValue ?? ""),
                    of: number)
            }
        } catch { return .packageUnavailable(error.package) }
    }

    private func post(_ frame: ServerFrame, of job: JobScheduler.JobNumber) -> Job.Reply? {
        let isThere = work.withLock { work in
            if !work.isGone { work.jobs.insert(job) }
            return !work.isGone
        }
        guard isThere else { return .lost("the worker ended") }
        socket.send(FrameCodec.encode(frame))
        return nil
    }

    private struct MissingPackage: Error { var package: PackageID }

    /// What the worker knows an image by, which is sent before where it does not; nil where it is lost. In the lock: nobody may
    /// name it before.
    private func introduce(
        _ code: CallCode, from shelf: ImageStore.Shelf?, _ packages: PackageStore?, _ files: inout Files
    ) throws(MissingPackage) -> (number: ImageNumber, isCode: Bool)? {
        if let number = files.images.number(of: code) { return (number, files.compiled.contains(number)) }
        guard let content = shelf?.open(code.image) else { return nil }
        let mounts = try introduce(code.mounts, from: packages, &files)
        let (number, dropped) = files.images.add(code, keeping: Self.maximumFiles)
        if let dropped { drop(dropped, &files) }
        if content.isCode { files.compiled.insert(number) }
        socket.send(FrameCodec.encode(ServerFrame.image(number, mounts: mounts)), with: content.file)
        return (number, content.isCode)
    }

    private func drop(_ image: ImageNumber, _ files: inout Files) {
        files.compiled.remove(image)
        socket.send(FrameCodec.encode(ServerFrame.dropImage(image)))
    }

    private func introduce(
        _ mounts: [PackageMount], from store: PackageStore?, _ files: inout Files
    ) throws(MissingPackage) -> [WireMount] {
        var result: [WireMount] = []
        for mount in mounts {
            if let number = files.packages.number(of: mount.package) {
                result.append(WireMount(package: number, path: mount.path))
                continue
            }
            guard let file = store?.open(mount.package) else { throw MissingPackage(package: mount.package) }
            let (number, dropped) = files.packages.add(mount.package, keeping: Self.maximumFiles)
            if let dropped { socket.send(FrameCodec.encode(ServerFrame.dropPackage(dropped))) }
            socket.send(FrameCodec.encode(ServerFrame.package(number)), with: file)
            result.append(WireMount(package: number, path: mount.path))
        }
        return result
    }

    /// Has the worker close an image, if it has it open.
    func forget(_ id: ImageID) {
        files.withLock { files in
            for number in files.images.remove(where: { $0.image == id }) { drop(number, &files) }
        }
    }

    /// Has the worker answer reads of a value itself, as long as the copy is good.
    func lend(_ copy: StateCopy) {
        var (bytes, file): ([UInt8]?, Descriptor?)
        switch copy.content {
        case .bytes(let content): bytes = content
        case .file(let content): file = content
        }
        let frame = ServerFrame.stateCopy(
            tenant: copy.key.tenant.rawValue, key: copy.key.name, place: UInt32(copy.place),
            generation: copy.generation, bytes: bytes)
        files.withLock { files in
            if !files.hasGenerations {
                socket.send(FrameCodec.encode(ServerFrame.generations), with: copy.generations)
                files.hasGenerations = true
            }
            socket.send(FrameCodec.encode(frame), with: file)
        }
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
        let jobs = work.withLock { work in
            work.isGone = true
            defer { work.jobs = [] }
            return Array(work.jobs)
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
            guard work.withLock({ $0.jobs.contains(job) }) else { throw WireError("lines of a job that is not here") }
            delegate.worker(self, printed: lines, for: job)
        case .hostRequest(let job, let operation, let request):
            guard work.withLock({ $0.jobs.contains(job) }) else {
                throw WireError("a request for a job that is not here")
            }
            delegate.worker(self, asks: operation, request, for: job)
        }
    }

    private func finish(_ job: RunNumber, _ reply: Job.Reply, _ delegate: any Delegate) throws(WireError) {
        guard work.withLock({ $0.jobs.remove(job) != nil }) else {
            throw WireError("an end of a job that is not here")
        }
        delegate.worker(self, finished: job, reply)
    }
}
