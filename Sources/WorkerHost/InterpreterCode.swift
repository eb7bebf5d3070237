internal import Kernel
internal import Logging
internal import Synchronization

/// The interpreter's machine code: found, or made in the background, once for this process.
final class InterpreterCode: Sendable {
    private struct State {
        var code: CompiledCode?
        /// Since when it is being made, here or by another server.
        var began: ContinuousClock.Instant?
        /// Who makes it for us.
        var compiler: ChildProcess?
        var isCancelled = false
    }

    /// How often who looks at the log is told that it goes on.
    private static let reportInterval: Duration = .seconds(3)

    private let guest: GuestFiles
    private let configuration: WorkerPoolConfiguration
    private let logger: Logger
    private let state = Mutex(State())
    /// It is made once.
    private let gate = KeyedGate<Int>()

    init(for guest: GuestFiles, in configuration: WorkerPoolConfiguration, logger: Logger) {
        self.guest = guest
        self.configuration = configuration
        self.logger = logger
    }

    /// What is under way, for who waits for it; nil: nothing.
    var progress: String? {
        guard let began = state.withLock({ $0.code == nil ? $0.began : nil }) else { return nil }
        let seconds = (ContinuousClock.now - began).components.seconds
        return
            "The interpreter is being compiled for this machine, which takes 3 to 60 s once; so far it took \(seconds) s."
    }

    /// The code. `onLong` is told before it is made, or another server is waited for that makes it.
    func code(onLong: @escaping @Sendable () -> Void = {}) async throws(WorkerError) -> CompiledCode {
        try await gate.pass([0]) { () async throws(WorkerError) in
            if let code = state.withLock({ $0.code }) { return code }
            let result = await withTaskCancellationHandler {
                await made(onLong)
            } onCancel: {
                cancel()
            }
            state.withLock { state in
                (state.code, state.began, state.compiler) = (try? result.get(), nil, nil)
            }
            return try result.get()
        }
    }

    private func made(_ onLong: @escaping @Sendable () -> Void) async -> Result<CompiledCode, WorkerError> {
        await withTaskGroup(of: Result<CompiledCode, WorkerError>?.self) { group in
            group.addTask {
                while (try? await Task.sleep(for: Self.reportInterval)) != nil {
                    if let progress = self.progress { self.logger.notice("\(progress)") }
                }
                return nil
            }
            group.addTask {
                await withCheckedContinuation { continuation in
                    PlainThread.start(name: "compiling") {
                        continuation.resume(returning: Result { () throws(WorkerError) in try self.make(onLong) })
                    }
                }
            }
            defer { group.cancelAll() }
            for await case let result? in group { return result }
            return .failure(WorkerError("the interpreter was not compiled"))
        }
    }

    /// Makes it on this thread, which waits.
    private func make(_ onLong: () -> Void) throws(WorkerError) -> CompiledCode {
        try CompiledCode(for: guest, in: configuration, logger: logger) { compiler in
            let (isFirst, isCancelled) = state.withLock { state in
                defer { state.began = state.began ?? .now }
                state.compiler = compiler
                return (state.began == nil, state.isCancelled)
            }
            if isFirst { onLong() }
            if isCancelled { compiler?.kill() }
            return !isCancelled
        }
    }

    /// Nobody waits for it any more: the server stops.
    private func cancel() {
        let compiler = state.withLock { state in
            state.isCancelled = true
            return state.compiler
        }
        compiler?.kill()
    }
}
