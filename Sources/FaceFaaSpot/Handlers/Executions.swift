import Hummingbird
import Model
import Platform
import Storage

extension FaaSpotFace {
    func getExecution(_ id: String, _ call: Call) async throws -> Response {
        try requireReadOrRun(call)
        return object(try await platform.execution(try identifier(id)))
    }

    /// Cancels, and answers with the execution as it is then.
    func cancelExecution(_ id: String, _ call: Call) async throws -> Response {
        try call.access.require(.run)
        return object(try await platform.cancel(try identifier(id)))
    }

    /// The unfinished ones, or all, newest first; `limit` and `before` make pages.
    func listExecutions(_ call: Call) async throws -> Response {
        try call.access.require(.read)
        let query = try Query(call.request.uri.query ?? "")
        var filter = ExecutionFilter(limit: platform.configuration.maximumListedExecutions)
        if query["include_completed"]?.lowercased() != "true" { filter.statuses = [.queued, .running] }
        if let name = query["deployment"] ?? query["function"], !name.isEmpty { filter.function = try key(name) }
        if let limit = query["limit"] {
            guard let number = Int(limit), number > 0 else {
                throw Failure.badRequest("`limit` must be a number from 1 to \(filter.limit).")
            }
            filter.limit = number
        }
        if let before = query["before"] {
            guard let id = ExecutionID(before) else {
                throw Failure.badRequest("`before` must be an execution's uuid.")
            }
            filter.before = id
        }
        return list(try await platform.executions(matching: filter))
    }

    func getExecutions(_ call: Call) async throws -> Response {
        try requireReadOrRun(call)
        let body = try await call.body(atMost: configuration.maximumRequestBodyBytes)
        return list(try await platform.executions(try Arguments.ids(body)))
    }

    /// Whoever may run a function must be able to fetch what came of it.
    private func requireReadOrRun(_ call: Call) throws {
        if !call.access.allows(.run) { try call.access.require(.read) }
    }

    private func identifier(_ text: String) throws -> ExecutionID {
        guard let id = ExecutionID(text) else { throw Failure.notFound }
        return id
    }

    /// `NAME` or `APP/NAME`.
    private func key(_ name: String) throws -> FunctionKey {
        let parts = name.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        return parts.count == 1
            ? FunctionKey(name: try FunctionName(name))
            : FunctionKey(namespace: try Address.namespace(parts[0]), name: try FunctionName(parts[1]))
    }

    private func object(_ execution: Execution) -> Response {
        Reply.json(Reply.written { ExecutionBody.write(execution, into: &$0) }, execution: execution.id)
    }

    private func list(_ executions: [Execution]) -> Response {
        Reply.json(
            Reply.written { writer in
                writer.array { writer in for execution in executions { ExecutionBody.write(execution, into: &writer) } }
            })
    }
}
