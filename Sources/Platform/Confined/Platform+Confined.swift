public import Model
public import Packages
import Storage

/// What a confined function is made of.
public enum ConfinedCode: Sendable {
    /// One module that stands alone.
    case source(String)
    case package(PackageTree)
}

extension Platform {
    /// The confined functions that are deployed.
    public func confinedFunctions() async throws(PlatformError) -> [FunctionName] {
        try await PlatformError.storing { try await store.functions(in: .confined).map(\.key.name) }
    }

    /// Refuses what the requirements of a confined function's package cannot be met by, as deploying it would.
    public func checkRequirements(
        of code: ConfinedCode, _ name: FunctionName, _ face: Face
    ) async throws(PlatformError) {
        guard case .package(let files) = code else { return }
        let key = FunctionKey(namespace: .confined, name: name)
        let listed = try self.code(key, face, "", files, nil).requirements
        packages.release(try await packages.take(files: nil, requirements: listed))
    }

    /// Deploys a confined function and takes its image. Does nothing where there is one of that name.
    public func deploy(_ function: ConfinedFunction) async throws(PlatformError) {
        let key = FunctionKey(namespace: .confined, name: function.name)
        do throws(PlatformError) {
            _ = try await directory.resolve(key)
            return
        } catch {
            guard error.code == .functionNotFound else { throw error }
        }
        var draft = FunctionDraft(key: key, face: function.face, source: "", limits: function.limits)
        switch function.code {
        case .source(let source): draft.source = source
        case .package(let files): draft.files = files
        }
        do throws(PlatformError) { _ = try await deploy(draft) } catch {
            guard error.code == .alreadyExists else { throw error }
        }
    }

    /// Lets a confined function go. Calls in flight end.
    public func removeConfined(_ name: FunctionName) async throws(PlatformError) {
        do throws(PlatformError) { _ = try await remove(FunctionKey(namespace: .confined, name: name)) } catch {
            guard error.code == .functionNotFound else { throw error }
        }
    }

    /// Runs a call of a confined function to its end. It ends with its caller where that is ended, and with the task that
    /// waits for it.
    public func run(_ confined: ConfinedCall, id: ExecutionID) async throws(PlatformError) -> CallOutcome {
        let key = FunctionKey(namespace: .confined, name: confined.function)
        let function = try await directory.resolve(key)
        try check(confined.input, function)
        let place = try confined.caller.map { caller throws(PlatformError) in try self.place(id, under: caller) }
        let started = time.now()
        let trigger: ExecutionTrigger = confined.isAsynchronous ? .asynchronous : .synchronous
        let call = ActiveCall(
            function: key, version: function.function.version, trigger: place == nil ? trigger : .chained,
            createdAt: started, startedAt: started, detail: confined.detail, resolved: function, place: place,
            guest: confined.guest)
        runner.active.begin(id, call)
        let result: Result<CallOutcome, PlatformError>
        do throws(PlatformError) {
            result = .success(try await runner.call(id, function, confined.input, call, within: confined.limit))
        } catch { result = .failure(error) }
        runner.active.end(id)
        let fault: ExecutionFault? =
            switch result {
            case .success(let outcome): outcome.fault
            case .failure(let error): ExecutionFault(kind: .platform, type: "PlatformError", message: error.message)
            }
        place?.tree.end(place?.number ?? 0, CallTree.Ending(code: ReturnCode.of(fault), output: []))
        if case .success(let outcome) = result { await record(call.execution(id).confined(outcome, at: time.now())) }
        return try result.get()
    }

    private func place(_ id: ExecutionID, under caller: ExecutionID) throws(PlatformError) -> CallPlace {
        guard let (_, place) = runner.active.place(of: caller) else {
            throw PlatformError(.conflict, "The calling function has ended.")
        }
        let most = configuration.maximumChainedCalls
        guard let (number, depth) = place.tree.add(id, parent: place.number, limit: most) else {
            throw PlatformError(
                .busy, "\(most) calls came of one already, which is the limit (`maximumChainedCalls`).")
        }
        return CallPlace(tree: place.tree, number: number, parent: caller, depth: depth)
    }

    /// Refuses what belongs to a part of the server itself, as if it were not there.
    func requireOpen(_ key: FunctionKey) throws(PlatformError) {
        guard key.namespace != .confined else { throw .noFunction(key) }
    }
}

extension Execution {
    /// The record of a confined call: nothing of what it was given, answered or said.
    fileprivate func confined(_ outcome: CallOutcome, at time: Timestamp) -> Execution {
        var execution = ended(outcome, [], at: time, keeping: 0)
        execution.output = nil
        execution.logs = []
        execution.fault = outcome.fault.map { ExecutionFault(kind: $0.kind, type: "Confined", message: "") }
        return execution
    }
}
