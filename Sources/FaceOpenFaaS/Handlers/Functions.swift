import HTTPTypes
import Hummingbird
import Model
import Platform
import Storage

/// Deploying and looking after functions.
extension OpenFaaSFace {
    func listFunctions(_ call: SystemCall) async throws -> Response {
        try call.access.require(.read)
        let functions = try await platform.functions(in: try await call.namespace())
            .filter { call.access.covers($0.function.key) }
        let (replicas, invocations) = (try await platform.replicas(), metrics.invocations())
        return try Reply.json(functions.map { Self.status($0, replicas, invocations) })
    }

    func showFunction(_ name: String, _ call: SystemCall) async throws -> Response {
        try call.access.require(.read)
        let key = try await key(named: name, call.parameter("namespace"))
        try call.access.requireVisible(key)
        let details = try await details(key)
        var status = Self.status(details, try await platform.replicas(), metrics.invocations())
        if call.parameter("usage") == "1" { status.usage = try await usage(of: key) }
        return try Reply.json(status)
    }

    func deploy(_ call: SystemCall, mustExist: Bool) async throws -> Response {
        try call.access.require(.deploy)
        let body = try await call.body(FunctionDeployment.self)
        let existing = try await existing(body)
        if mustExist, existing == nil {
            throw Refusal(
                .notFound,
                "error finding function \(body.service).\(body.namespace ?? GatewayName.defaultNamespace): "
                    + "no such function")
        }
        guard GatewayName.isDeployable(body.service) else {
            throw Refusal(
                .badRequest,
                "`\(body.service)` is no valid name: it must have 1 to 63 of `a-z`, `0-9` and `-`, and begin and end with a letter "
                    + "or digit.")
        }
        let key = FunctionKey(
            namespace: try await namespace(body.namespace), name: try FunctionName(body.service))
        try call.access.requireChangeable(key)
        if let existing, existing.function.face != .openfaas {
            throw Refusal(
                .badRequest,
                "`\(key.name)` is a function of another kind (\(existing.function.face.rawValue)); remove it first.")
        }
        guard let built = try await platform.built(body.image) else {
            throw Refusal(
                .badRequest,
                "The image `\(body.image)` was not built here: build it first, with `faas build` (or `faas up`), or POST it to "
                    + "/build.")
        }
        // A function's code reads its secrets: what is new to it must be open to the account.
        let secrets = Set(body.secrets ?? [])
        if !secrets.isSubset(of: existing?.deployment?.secrets ?? []) {
            try call.access.requireAll(of: key.namespace)
        }
        do { try await platform.secrets.require(body.secrets ?? [], in: key.namespace) } catch {
            // A 404 would mean that the function is missing, and clients would make it.
            throw error.code == .notFound ? Refusal(.badRequest, error.message) : error
        }
        let limits = try Self.limits(body, built, platform.configuration.limits)
        try await store(key, built, limits, body.deployment, exists: existing != nil)
        try await platform.audit.note(
            call.access, existing == nil ? "function.create" : "function.update", "\(key)", detail: body.image)
        return Reply.empty(mustExist ? .ok : .accepted)
    }

    func deleteFunction(_ call: SystemCall) async throws -> Response {
        try call.access.require(.deploy)
        let body = try await call.body(DeleteRequest.self)
        let key = try await key(named: body.functionName, body.namespace)
        try call.access.requireChangeable(key)
        let id = try await details(key).function.id
        do { _ = try await platform.delete(key) } catch {
            throw error.code == .functionNotFound ? Refusal.unknown(GatewayName.text(key)) : error
        }
        try await platform.setReplicas(nil, of: id)
        try await platform.audit.note(call.access, "function.delete", "\(key)")
        return Reply.empty(.ok)
    }

    // MARK: Parts

    /// The function of a name and a namespace beside it, or in it.
    func key(named name: String, _ namespace: String?) async throws -> FunctionKey {
        guard let namespace, !namespace.isEmpty else { return try await key(name) }
        return FunctionKey(namespace: try await self.namespace(namespace), name: try FunctionName(name))
    }

    func details(_ key: FunctionKey) async throws -> FunctionDetails {
        do { return try await platform.function(key) } catch {
            throw error.code == .functionNotFound ? Refusal.unknown(GatewayName.text(key)) : error
        }
    }

    private func existing(_ body: FunctionDeployment) async throws -> FunctionDetails? {
        guard let name = try? FunctionName(body.service), let namespace = try? await namespace(body.namespace) else {
            return nil
        }
        do { return try await platform.function(FunctionKey(namespace: namespace, name: name)) } catch {
            if error.code == .functionNotFound { return nil }
            throw error
        }
    }

    private func store(
        _ key: FunctionKey, _ built: BuiltImage, _ limits: FunctionLimits, _ deployment: Deployment, exists: Bool
    ) async throws {
        let code = try built.code()
        guard !exists else {
            _ = try await platform.update(
                key,
                FunctionChange(
                    source: code.files == nil ? code.source : nil, files: code.files, requirements: code.requirements,
                    limits: limits, entry: built.language, deployment: deployment))
            return
        }
        do {
            _ = try await platform.create(
                FunctionDraft(
                    key: key, face: .openfaas, source: code.source, files: code.files, entry: built.language,
                    requirements: code.requirements, limits: limits, deployment: deployment))
        } catch  where error.code == .alreadyExists {
            // Somebody else was quicker.
            try await store(key, built, limits, deployment, exists: true)
        }
    }

    private static func status(
        _ details: FunctionDetails, _ replicas: [FunctionID: Int], _ invocations: [FunctionKey: Int]
    ) -> FunctionStatus {
        FunctionStatus(
            details, invocations: invocations[details.function.key] ?? 0, replicas: replicas[details.function.id])
    }

    /// What the last call used: functions that are not called use nothing.
    private func usage(of key: FunctionKey) async throws -> FunctionStatus.Usage {
        let last = try await platform.executions(matching: ExecutionFilter(function: key, limit: 1)).first?.usage
        guard let last, last.wallMicroseconds > 0 else { return .init(cpu: 0, totalMemoryBytes: 0) }
        let cpu = Double(last.cpuMicroseconds) / Double(last.wallMicroseconds) * 1000
        return .init(cpu: (cpu * 10).rounded() / 10, totalMemoryBytes: last.peakMemoryBytes)
    }

    /// The limits that a deployment asks for. Memory is that of the whole sandbox, so what is too little for the interpreter
    /// means the least that will do.
    private static func limits(
        _ body: FunctionDeployment, _ built: BuiltImage, _ standard: FunctionLimits
    ) throws -> FunctionLimits {
        var limits = standard
        if let text = body.limits?.memory, !text.isEmpty {
            guard let bytes = Amount.bytes(text) else {
                throw Refusal(.badRequest, "`limits.memory` is `\(text)`, but must be an amount such as `128Mi`.")
            }
            limits.memoryBytes = min(
                max(bytes, FunctionLimits.minimum.memoryBytes), FunctionLimits.maximum.memoryBytes)
        }
        var time = Language(template: built.language)?.timeout
        if let text = body.envVars?["exec_timeout"], !text.isEmpty {
            guard let duration = Amount.duration(text) else {
                throw Refusal(.badRequest, "`exec_timeout` is `\(text)`, but must be a span such as `30` or `1m30s`.")
            }
            time = duration > .zero ? duration : time
        }
        let (least, most) = (FunctionLimits.minimum, FunctionLimits.maximum)
        let milliseconds = time.map { Int(clamping: $0.microseconds / 1000) } ?? most.wallTimeMilliseconds
        limits.wallTimeMilliseconds = min(max(milliseconds, least.wallTimeMilliseconds), most.wallTimeMilliseconds)
        limits.cpuTimeMilliseconds = limits.wallTimeMilliseconds
        return limits
    }
}
