import Logging
import Model
import Storage

/// Lets calls start other calls and wait for them. A chained call runs at once, in a fresh sandbox; while its caller waits for
/// it, the caller's processor is free for others.
final class Chaining: Sendable {
    typealias Reply = @Sendable (Result<[[UInt8]], HostCallRefusal>) -> Void

    private let runner: CallRunner
    private let configuration: PlatformConfiguration
    private let time: TimeSource
    private let record: @Sendable (Execution) async -> Void

    init(
        runner: CallRunner, configuration: PlatformConfiguration, time: TimeSource,
        record: @escaping @Sendable (Execution) async -> Void
    ) {
        self.runner = runner
        self.configuration = configuration
        self.time = time
        self.record = record
    }

    /// Starts an entry of the caller's own function, in the version that the caller runs.
    func chain(entry: String, _ input: [UInt8], by caller: ExecutionID) throws(HostCallRefusal) -> Int32 {
        let (function, place) = try place(of: caller)
        return try start(function, entry, input, caller, place)
    }

    /// Starts another function of the caller's namespace, in its newest version.
    func chain(
        function name: String, entry: String, _ input: [UInt8], by caller: ExecutionID
    ) async throws(HostCallRefusal) -> Int32 {
        let (function, place) = try place(of: caller)
        let key = try Self.key(name, beside: function.function.key)
        let callee: ResolvedFunction
        do { callee = try await runner.directory.resolve(key) } catch {
            throw HostCallRefusal(error.message, error.code == .functionNotFound ? .value : .runtime)
        }
        return try start(callee, entry, input, caller, place)
    }

    /// Waits until calls have ended, or for `timeout`. Answers code and output of each; a call that has not ended by then has the
    /// code of a time-out, and runs on.
    func wait(
        for numbers: [Int32], timeout: Duration?, withOutputs: Bool, by caller: ExecutionID, _ reply: @escaping Reply
    ) {
        let tree: CallTree
        do throws(HostCallRefusal) { tree = try members(numbers, of: caller) } catch { return reply(.failure(error)) }
        let answer = { @Sendable (members: [CallTree.Member]) in
            reply(.success(members.flatMap { Self.fields(of: $0, withOutputs: withOutputs) }))
        }
        if let members = tree.ended(numbers) { return answer(members) }
        // Parked before it waits: an end that comes at once finds it so.
        runner.sandbox.park(caller)
        let timeout = timeout ?? configuration.chainedCallTimeout
        let ended = tree.wait(for: numbers, timeout: timeout) { [sandbox = runner.sandbox] members in
            sandbox.unpark(caller)
            answer(members)
        }
        if let ended {
            runner.sandbox.unpark(caller)
            answer(ended)
        }
    }

    /// Whether a call runs (0), succeeded (1) or failed (2).
    func status(of number: Int32, by caller: ExecutionID) throws(HostCallRefusal) -> UInt8 {
        let tree = try members([number], of: caller)
        return tree[number]?.ending.map { $0.code == 0 ? 1 : 2 } ?? 0
    }

    // MARK: Parts

    private func place(of caller: ExecutionID) throws(HostCallRefusal) -> (ResolvedFunction, CallPlace) {
        guard let (function, place) = runner.active.place(of: caller) else {
            throw HostCallRefusal("the call has ended, or does not know yet what it runs")
        }
        return (function, place)
    }

    private func members(_ numbers: [Int32], of caller: ExecutionID) throws(HostCallRefusal) -> CallTree {
        let tree = try place(of: caller).1.tree
        for number in numbers where tree[number] == nil {
            throw HostCallRefusal("there is no call \(number) here", .value)
        }
        return tree
    }

    private static func key(_ name: String, beside own: FunctionKey) throws(HostCallRefusal) -> FunctionKey {
        let parts = name.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 1 || parts[0] == own.namespace.rawValue else {
            throw HostCallRefusal(
                "functions of `\(parts[0])` cannot be called from those of `\(own.namespace)`", .permission)
        }
        do { return FunctionKey(namespace: own.namespace, name: try FunctionName(parts[parts.count - 1])) } catch {
            throw HostCallRefusal("`\(name)` is no name of a function", .value)
        }
    }

    private func start(
        _ function: ResolvedFunction, _ entry: String, _ input: [UInt8], _ caller: ExecutionID, _ place: CallPlace
    ) throws(HostCallRefusal) -> Int32 {
        try check(function, input, place)
        let now = time.now()
        let id = time.makeID(at: now)
        let most = configuration.maximumChainedCalls
        guard let (number, depth) = place.tree.add(id, parent: place.number, limit: most) else {
            throw HostCallRefusal("\(most) calls came of one already, which is the limit (`maximumChainedCalls`)")
        }
        let call = ActiveCall(
            function: function.function.key, version: function.function.version, trigger: .chained, createdAt: now,
            startedAt: now, detail: CallDetail(entry: entry.isEmpty ? nil : entry), resolved: function,
            place: CallPlace(tree: place.tree, number: number, parent: caller, depth: depth))
        runner.active.begin(id, call)
        Task { await self.run(id, call, function, input) }
        return number
    }

    private func check(
        _ function: ResolvedFunction, _ input: [UInt8], _ place: CallPlace
    ) throws(HostCallRefusal) {
        let mostBytes = function.function.limits.inputBytes
        guard input.count <= mostBytes else {
            throw HostCallRefusal(
                "the input has \(input.count) bytes, but may have \(mostBytes) (`inputBytes`)", .value)
        }
        guard place.depth < configuration.maximumChainDepth else {
            throw HostCallRefusal(
                "calls are chained \(place.depth) deep already, which is the limit (`maximumChainDepth`)")
        }
        guard place.tree.outputBytes <= configuration.maximumChainedOutputBytes else {
            throw HostCallRefusal(
                "the outputs of chained calls exceed \(configuration.maximumChainedOutputBytes) bytes (`maximumChainedOutputBytes`)"
            )
        }
    }

    private func run(
        _ id: ExecutionID, _ call: ActiveCall, _ function: ResolvedFunction, _ input: [UInt8]
    ) async {
        let outcome: CallOutcome
        do throws(PlatformError) {
            outcome = try await runner.call(id, function, input, call)
        } catch {
            let fault = ExecutionFault(kind: .platform, type: "PlatformError", message: error.message)
            outcome = CallOutcome(output: nil, fault: fault, logs: [], usage: ResourceUsage())
        }
        await record(
            call.execution(id).ended(outcome, input, at: time.now(), keeping: configuration.maximumRecordedBytes))
        runner.active.end(id)
        guard let place = call.place else { return }
        place.tree.end(
            place.number, CallTree.Ending(code: ReturnCode.of(outcome.fault), output: outcome.output ?? []))
    }

    private static func fields(of member: CallTree.Member, withOutputs: Bool) -> [[UInt8]] {
        guard let ending = member.ending else { return [HostFields.bytes(ReturnCode.timedOut), []] }
        return [HostFields.bytes(ending.code), withOutputs ? ending.output : []]
    }
}
