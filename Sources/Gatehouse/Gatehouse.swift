public import LabelledFiles
public import Labels
public import Logging
import Model
public import Platform
public import ServiceLifecycle

/// Runs what is behind gates and sends what services stand for, with labels kept from end to end. It knows no HTTP.
public final class Gatehouse: Sendable {
    public var files: LabelledFiles { engine.files }
    private let engine: GateEngine
    private let logger: Logger

    private init(_ engine: GateEngine, _ logger: Logger) {
        self.engine = engine
        self.logger = logger
    }

    /// Makes what the server offers to everybody, where it is missing.
    public static func open(
        platform: Platform, files: LabelledFiles, functions: GateFunctions, sender: (any OutboundSender)?,
        configuration: GatehouseConfiguration, logger: Logger
    ) async throws -> Gatehouse {
        try await files.prepare(
            publicKey: configuration.keys.publicPEM, privateKey: configuration.keys.privatePEM)
        let engine = GateEngine(
            platform: platform, files: files, functions: functions, sender: sender, configuration: configuration,
            logger: logger)
        files.denials.onDenial { [logs = engine.logs] denial in
            guard let gate = denial.gate else { return }
            let text = "\(denial.operation): \(denial.reason)"
            logs.append([GateLogLine(time: denial.time, stream: .denial, text: text)], label: denial.label, of: gate)
        }
        try await engine.invocations.restore()
        return Gatehouse(engine, logger)
    }

    /// What must run beside the platform.
    public var services: [any Service] {
        [
            CollectionService(engine: engine, logger: logger), InvocationService(engine: engine, logger: logger),
            FreshFunctionService(functions: engine.functions),
        ]
    }

    /// Begins to take a file of a request; its bytes will have the request's label, and count for the user.
    public func beginUpload(as user: Component, label: Label) throws(GateFailure) -> PendingUpload {
        try PendingUpload(caller(user, label))
    }

    /// Calls a gate and waits for the answer. Everything that comes of the call, how it failed included, is told only to
    /// those who may know its label.
    public func invoke(_ request: GateRequest) async throws(GateFailure) -> GateAnswer {
        let started = ContinuousClock.now
        let (caller, task) = try await find(request)
        var ending = await engine.run(task)
        ending.nanoseconds = (ContinuousClock.now - started).nanoseconds
        return try Self.answer(ending, task.id, caller)
    }

    /// Has a gate called, by the next server where this one ends before, and returns the id that its answer can be asked for
    /// by.
    public func start(_ request: GateRequest) async throws(GateFailure) -> String {
        var (_, task) = try await find(request)
        task.isAsynchronous = true
        let isTaken: Bool
        do { isTaken = try await engine.invocations.begin(task) } catch {
            throw .failed("The call could not be kept: \(error).")
        }
        guard isTaken else { throw .busy(retryAfterSeconds: 1) }
        return task.id.description
    }

    /// The answer of an asynchronous call; nil while it runs.
    public func result(
        of invocation: String, for user: Component, label: Label
    ) async throws(GateFailure) -> GateAnswer? {
        guard let id = ExecutionID(invocation), let stand = engine.invocations[id] else { throw .unknownInvocation }
        switch stand {
        case .running: return nil
        case .ended(let ending): return try Self.answer(ending, id, caller(user, label))
        }
    }

    /// What calls of a gate printed and were refused, oldest first, as far as the user may know it. With `follow` it goes on
    /// with what comes, until the consumer stops. Refused as a call would be.
    public func logs(
        of path: FilePath, for user: Component, follow: Bool = false
    ) async throws(GateFailure) -> AsyncStream<GateLogLine> {
        var caller = caller(user, .public)
        let gate = try await Self.gate(path, &caller)
        return engine.logs.lines(of: gate.gate, for: user, follow: follow)
    }

    /// Removes what no name and no running function leads to, as the service does now and then.
    public func collect() async throws -> LabelledFiles.Collected {
        try await engine.collect()
    }

    // MARK: Parts

    private func caller(_ user: Component, _ label: Label) -> Caller {
        Caller(files, label: label, privilege: user, name: user.description)
    }

    private func find(_ request: GateRequest) async throws(GateFailure) -> (Caller, GateTask) {
        var caller = caller(request.user, request.label)
        let gate = try await Self.gate(request.path, &caller)
        // Who signed in with a header must not give it away with the call.
        let headers = request.headers.filter { $0.key != "authorization" }
        let task = GateTask(
            id: engine.platform.makeExecutionID(), gate: gate, name: request.path.description,
            payload: request.payload, headers: headers, uploads: request.uploads,
            isFromGateway: request.isFromGateway)
        return (caller, task)
    }

    private static func gate(_ path: FilePath, _ caller: inout Caller) async throws(GateFailure) -> ResolvedGate {
        do { return try await caller.findGate(path) } catch is FileRefusal {
            throw .refused("There is no such gate, or you may not call it.")
        } catch {
            throw .failed("The labelled file system failed: \(error).")
        }
    }

    private static func answer(
        _ ending: GateEnding, _ id: ExecutionID, _ caller: Caller
    ) throws(GateFailure) -> GateAnswer {
        guard caller.mayReceive(ending.label) else { throw .unreadable }
        let answer = try ending.result.get()
        return GateAnswer(
            status: answer.status, body: answer.body, functionFailed: answer.functionFailed,
            invocation: id.description, nanoseconds: ending.nanoseconds)
    }
}
