import Logging
public import Model
import Storage

/// A synchronous call that ran to its end.
public struct CompletedCall: Sendable {
    public var id: ExecutionID
    /// The face of the function, which tells what its output is.
    public var face: Face
    public var outcome: CallOutcome
}

extension Platform {
    /// An id for a call that is about to be made.
    public func makeExecutionID() -> ExecutionID { time.makeID(at: time.now()) }

    /// Calls a function and waits for the end, for no longer than `limit`. The record is written later, in a batch. With a
    /// `reader`, the function may send its answer while it makes it: such parts are kept nowhere.
    public func invoke(
        _ key: FunctionKey, input: [UInt8], detail: CallDetail? = nil, id: ExecutionID? = nil,
        within limit: Duration? = nil, reader: AnswerReader? = nil
    ) async throws(PlatformError) -> CompletedCall {
        // The fast path: no database, no suspension before the sandbox.
        try requireOpen(key)
        let function: ResolvedFunction
        if let known = directory.cache[key] { function = known } else { function = try await directory.resolve(key) }
        try check(input, function)
        let started = time.now()
        let id = id ?? time.makeID(at: started)
        let call = ActiveCall(
            function: key, version: function.function.version, trigger: .synchronous, createdAt: started,
            startedAt: started, detail: detail, resolved: function, reader: reader)
        runner.active.begin(id, call)
        defer { runner.active.end(id) }
        let outcome = try await runner.call(id, function, input, call, within: limit)
        hub.functions.publish(key, id, outcome.logs)
        await record(
            call.execution(id).ended(outcome, input, at: time.now(), keeping: configuration.maximumRecordedBytes))
        return CompletedCall(id: id, face: function.function.face, outcome: outcome)
    }

    /// Keeps the record of an execution that has ended. The store writes it later, with others.
    func record(_ execution: Execution) async { await Self.record(execution, in: store, hub, logger) }

    static func record(_ execution: Execution, in store: any Store, _ hub: ExecutionHub, _ logger: Logger) async {
        defer { hub.changed([execution.id]) }
        do { try await store.record([execution]) } catch {
            logger.error(
                "the record of an execution was lost", metadata: ["id": "\(execution.id)", "error": "\(error)"])
        }
    }

    /// Refuses arguments that are longer than the function takes.
    func check(_ input: [UInt8], _ function: ResolvedFunction) throws(PlatformError) {
        let most = function.function.limits.inputBytes
        guard input.count <= most else {
            throw PlatformError(
                .tooLarge, "The arguments have \(input.count) bytes, but may have \(most) (`inputBytes`).")
        }
    }
}
