import Hummingbird
import Model
import Platform
import Storage

extension FaaSpotFace {
    func listFunctions(_ namespace: Namespace, _ call: Call) async throws -> Response {
        try call.access.require(.read)
        let functions = try await platform.functions(in: namespace).filter { call.access.covers($0.function.key) }
        return Reply.json(
            Reply.written { writer in
                writer.array { writer in
                    for details in functions {
                        writer.object { writer in
                            writer.member("name", details.function.key.name.rawValue)
                            writer.member("runner_url", runnerURL(details, call))
                            if let requirements = details.requirements { writer.member("requirements", requirements) }
                        }
                    }
                }
            })
    }

    func getFunction(_ key: FunctionKey, _ call: Call) async throws -> Response {
        try call.access.require(.read)
        try call.access.requireVisible(key)
        let details = try await platform.function(key)
        return Reply.json(
            Reply.written { writer in
                writer.object { writer in
                    writer.member("code", PercentCoding.encoded(details.source))
                    writer.member("name", details.function.key.name.rawValue)
                    writer.member("runner_url", runnerURL(details, call))
                    if let requirements = details.requirements { writer.member("requirements", requirements) }
                    details.packages.write(into: &writer)
                    details.function.policy.write(into: &writer)
                    let limits = details.function.limits
                    guard limits != platform.configuration.limits else { return }
                    writer.key("limits")
                    writer.object { writer in
                        for each in FunctionLimits.named { writer.member(each.name, Int64(limits[keyPath: each.path])) }
                    }
                }
            })
    }

    func createFunction(_ namespace: Namespace, _ call: Call) async throws -> Response {
        try call.access.require(.deploy)
        let bytes = try await call.body(atMost: configuration.maximumRequestBodyBytes)
        let (body, policy) = (try FunctionBody(parsing: bytes), try PolicyBody(parsing: bytes))
        guard let name = body.name else { throw Failure.badRequest("`name` is missing.") }
        guard body.code != nil || body.files != nil else { throw Failure.badRequest("`code` is missing.") }
        let key = FunctionKey(namespace: namespace, name: try FunctionName(name))
        try call.access.requireChangeable(key)
        let execution = try await platform.create(
            FunctionDraft(
                key: key, face: .faaspot, source: body.code ?? "", files: body.files, context: body.context,
                requirements: body.requirements, limits: body.limits(over: platform.configuration.limits),
                policy: policy.policy(over: .standard) ?? .standard))
        try await platform.audit.note(call.access, "function.create", "\(key)")
        return Reply.uuid(execution.id)
    }

    func updateFunction(_ key: FunctionKey, _ call: Call) async throws -> Response {
        try call.access.require(.deploy)
        try call.access.requireChangeable(key)
        let bytes = try await call.body(atMost: configuration.maximumRequestBodyBytes)
        let (body, policy) = (try FunctionBody(parsing: bytes), try PolicyBody(parsing: bytes))
        let current = body.asksForLimits || policy.asksForSomething ? try await platform.function(key).function : nil
        let limits = current.flatMap { body.limits(over: $0.limits) }
        let change = FunctionChange(
            name: try body.name.map { try FunctionName($0) }, source: body.code, files: body.files,
            context: body.context, requirements: body.requirements, limits: limits,
            policy: current.flatMap { policy.policy(over: $0.policy) })
        if let name = change.name {
            try call.access.requireChangeable(FunctionKey(namespace: key.namespace, name: name))
        }
        let execution = try await platform.update(key, change)
        try await platform.audit.note(call.access, "function.update", "\(key)", detail: body.changes)
        return Reply.object(uuid: execution.id)
    }

    func deleteFunction(_ key: FunctionKey, _ call: Call) async throws -> Response {
        try call.access.require(.deploy)
        try call.access.requireChangeable(key)
        let execution = try await platform.delete(key)
        try await platform.audit.note(call.access, "function.delete", "\(key)")
        return Reply.object(uuid: execution.id)
    }

    private func runnerURL(_ details: FunctionDetails, _ call: Call) -> String {
        call.runnerURL(details.function.key, publicURL: configuration.publicURL)
    }
}
