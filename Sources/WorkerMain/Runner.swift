internal import FrameSocket
internal import Kernel
internal import Model
internal import Sandbox
internal import Synchronization
internal import Wire

/// Does what the server's frames say: takes images in, and queues runs.
final class Runner: Sendable {
    private struct State {
        var images: [ImageNumber: Content] = [:]
        var packages: [PackageNumber: LoadedPackage] = [:]
        var active: [RunNumber: ActiveRun] = [:]
    }

    /// What calls start from.
    private enum Content {
        case image(LoadedImage)
        case program(LoadedProgram)
    }

    private let socket: FrameSocket
    private let sandbox: Sandbox
    private let programs: ProgramSandbox
    private let queue: WorkQueue
    private let copies = StateCopies()
    private let state = Mutex(State())

    init(socket: FrameSocket, sandbox: Sandbox, programs: ProgramSandbox, queue: WorkQueue) {
        self.socket = socket
        self.sandbox = sandbox
        self.programs = programs
        self.queue = queue
    }

    func take(_ frame: ServerFrame, _ descriptor: Descriptor?) throws(WireError) {
        switch frame {
        case .hello(let version):
            guard version == wireVersion else { throw WireError("version \(version) instead of \(wireVersion)") }
        case .base:
            do throws(SandboxError) { try sandbox.setBase(descriptor!) } catch { throw WireError(error.message) }
        case .image(let number, let mounts):
            // An image that cannot be used stays unknown; the calls that name it are answered with that.
            if let packages = packages(mounts), let content = try? load(descriptor!, packages) {
                state.withLock { $0.images[number] = content }
            }
        case .package(let number):
            if let package = try? sandbox.loadPackage(descriptor!) { state.withLock { $0.packages[number] = package } }
        case .dropPackage(let number):
            state.withLock { _ = $0.packages.removeValue(forKey: number) }
        case .dropImage(let number):
            switch state.withLock({ $0.images.removeValue(forKey: number) }) {
            case .image(let image): sandbox.unload(image)
            case .program(let program): programs.unload(program)
            case nil: break
            }
        case .boot(let number):
            queue.add { self.boot(number) }
        case .prepare(let number, let manifest, let source, let path, let limits, let mounts):
            guard let packages = packages(mounts) else {
                return send(.failed(number, message: "a package of the function cannot be used"))
            }
            let active = activate(number)
            let run = Run(parts: [manifest, source], limits: limits, hostCalls: active)
            queue.add { self.prepare(active, run, at: path, packages) }
        case .call(
            let number, let image, let limits, let input, let context, let environment, let detail, let tenant):
            guard let content = state.withLock({ $0.images[image] }) else { return send(.imageMissing(number)) }
            let active = activate(number)
            let shared = tenant.isEmpty ? nil : StateReader(copies, tenant: tenant)
            switch content {
            case .image(let image):
                let run = Run(
                    parts: [input, context, environment, detail], limits: limits, hostCalls: active, state: shared)
                queue.add {
                    self.call(active) { deliver throws(SandboxError) in
                        try self.sandbox.call(image, run, active.interruption, deliver: deliver)
                    }
                }
            case .program(let program):
                let started = ProgramInput(environment: environment, detail: detail)
                let run = Run(parts: [input], limits: limits, hostCalls: active, program: started, state: shared)
                queue.add { self.call(active, program, run) }
            }
        case .cancel(let number):
            state.withLock { $0.active[number] }?.interruption.request(.cancelled)
        case .hostReply(let number, let succeeded, let reply):
            state.withLock { $0.active[number] }?.take(reply, succeeded: succeeded)
        case .generations: copies.setGenerations(descriptor!)
        case .stateCopy(let tenant, let key, let place, let generation, let bytes):
            guard place < SharedCounters.count else { throw WireError("there is no generation \(place)") }
            if let bytes {
                copies.take(bytes, tenant: tenant, key: key, place: Int(place), generation: generation)
            } else {
                copies.take(descriptor!, tenant: tenant, key: key, place: Int(place), generation: generation)
            }
        }
    }

    /// Nil where one of them cannot be used.
    private func packages(_ mounts: [WireMount]) -> [MountedPackage]? {
        let known = state.withLock { $0.packages }
        let packages = mounts.compactMap { mount in
            known[mount.package].map { MountedPackage($0, at: mount.path) }
        }
        return packages.count == mounts.count ? packages : nil
    }

    // MARK: Runs, on a guest's thread

    private func boot(_ number: RunNumber) {
        do throws(SandboxError) {
            let image = try sandbox.bootBaseImage()
            let outcome = RunOutcome(
                ending: .returned, output: nil, outputWasCut: false, errorReport: nil, logs: [], usage: ResourceUsage(),
                openPaths: [])
            send(.finished(number, outcome, hasImage: true), image)
        } catch { send(.failed(number, message: error.message)) }
    }

    private func prepare(_ active: ActiveRun, _ run: Run, at path: String, _ packages: [MountedPackage]) {
        do throws(SandboxError) {
            let (outcome, image) = try sandbox.prepare(run, at: path, with: packages, active.interruption)
            deactivate(active)
            send(.finished(active.number, outcome, hasImage: image != nil), image)
        } catch {
            deactivate(active)
            send(.failed(active.number, message: error.message))
        }
    }

    private func call(_ active: ActiveRun, _ program: LoadedProgram, _ run: Run) {
        do throws(SandboxError) { try programs.makeReady(program) } catch {
            deactivate(active)
            return send(.imageMissing(active.number))
        }
        call(active) { deliver throws(SandboxError) in
            try programs.call(program, run, active.interruption, deliver: deliver)
        }
    }

    /// Does one call, unless it was cancelled before it came to that; `body` hands over its outcome.
    private func call(
        _ active: ActiveRun, _ body: (_ deliver: (RunOutcome) -> Void) throws(SandboxError) -> Void
    ) {
        guard active.interruption.reason == nil else {
            deactivate(active)
            let outcome = RunOutcome(
                ending: .interrupted(.cancelled), output: nil, outputWasCut: false, errorReport: nil, logs: [],
                usage: ResourceUsage(), openPaths: [])
            return send(.finished(active.number, outcome, hasImage: false))
        }
        do throws(SandboxError) {
            try body { outcome in
                deactivate(active)
                send(.finished(active.number, outcome, hasImage: false))
            }
        } catch {
            deactivate(active)
            send(.failed(active.number, message: error.message))
        }
    }

    private func load(_ descriptor: Descriptor, _ packages: [MountedPackage]) throws(SandboxError) -> Content {
        ProgramSandbox.isCode(descriptor)
            ? .program(try programs.load(descriptor)) : .image(try sandbox.load(descriptor, with: packages))
    }

    private func activate(_ number: RunNumber) -> ActiveRun {
        let run = ActiveRun(number: number, socket: socket)
        state.withLock { $0.active[number] = run }
        return run
    }

    private func deactivate(_ run: ActiveRun) { state.withLock { _ = $0.active.removeValue(forKey: run.number) } }

    private func send(_ frame: WorkerFrame, _ descriptor: Descriptor? = nil) {
        socket.send(FrameCodec.encode(frame), with: descriptor)
    }
}

/// A run that the server may cancel, and whose guest may ask the platform for things.
final class ActiveRun: HostCallHandler {
    private struct Exchange {
        var reply: Result<[UInt8], HostCallFailure>?
        var isInterrupted = false
    }

    let number: RunNumber
    let interruption = Interruption()
    private let socket: FrameSocket
    private let exchange = Condition(Exchange())

    init(number: RunNumber, socket: FrameSocket) {
        self.number = number
        self.socket = socket
    }

    /// The server's answer to the request that is under way.
    func take(_ reply: [UInt8], succeeded: Bool) {
        exchange.signal { exchange in
            exchange.reply =
                succeeded ? .success(reply) : .failure(HostCallFailure(String(decoding: reply, as: UTF8.self)))
        }
    }

    func printed(_ lines: [LogLine]) { socket.send(FrameCodec.encode(WorkerFrame.printed(number, lines))) }

    func handle(
        _ operation: UInt32, _ request: [UInt8], _ interruption: Interruption
    ) -> Result<[UInt8], HostCallFailure> {
        exchange.withLock { $0.reply = nil }
        interruption.onRequest { [exchange] in exchange.signal { $0.isInterrupted = true } }
        defer { interruption.onRequest(nil) }
        socket.send(FrameCodec.encode(WorkerFrame.hostRequest(number, operation: operation, request)))
        return exchange.wait { (exchange: inout Exchange) -> Result<[UInt8], HostCallFailure>? in
            exchange.isInterrupted ? .failure(HostCallFailure("the call was ended")) : exchange.reply
        } ?? .failure(HostCallFailure("the call was ended"))
    }
}

extension ProgramInput {
    /// Reads what the server sends with a call of compiled code; see ``ServerFrame/call``.
    fileprivate init(environment: [UInt8], detail: [UInt8]) {
        let texts = [environment, detail].map { bytes in
            ((try? HostFields.decode(bytes)) ?? []).map { String(decoding: $0, as: UTF8.self) }
        }
        let words = texts[1].dropFirst().first.map {
            $0.isEmpty ? [] : $0.split(separator: " ", omittingEmptySubsequences: false)
        }
        self.init(
            arguments: ["function.wasm"] + (words ?? []).map(String.init), environment: texts[0],
            entry: texts[1].first ?? "")
    }
}
