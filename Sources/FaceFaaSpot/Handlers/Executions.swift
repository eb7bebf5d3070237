import Hummingbird
import Model
import Platform
import Storage

extension FaaSpotFace {
    func getExecution(_ id: String, _ call: Call) async throws -> Response {
        try requireReadOrRun(call)
        return object(try await visible(try identifier(id), call))
    }

    /// Cancels, and answers with the execution as it is then.
    func cancelExecution(_ id: String, _ call: Call) async throws -> Response {
        try call.access.require(.run)
        let id = try identifier(id)
        if call.access.functions != nil { _ = try await visible(id, call) }
        return object(try await platform.cancel(id))
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
        return list(try await executions(matching: filter, call.access))
    }

    func getExecutions(_ call: Call) async throws -> Response {
        try requireReadOrRun(call)
        let body = try await call.body(atMost: configuration.maximumRequestBodyBytes)
        let executions = try await platform.executions(try Arguments.ids(body))
        return list(executions.filter { call.access.covers($0.function) })
    }

    /// An execution, unless the account is not for its function: then there is none.
    private func visible(_ id: ExecutionID, _ call: Call) async throws -> Execution {
        let execution = try await platform.execution(id)
        guard call.access.covers(execution.function) else { throw Failure.notFound }
        return execution
    }

    /// A page of those that the account may see.
    private func executions(matching filter: ExecutionFilter, _ access: Access) async throws -> [Execution] {
        guard access.functions != nil else { return try await platform.executions(matching: filter) }
        var (filter, found) = (filter, [Execution]())
        let limit = filter.limit
        while true {
            filter.limit = platform.configuration.maximumListedExecutions
            let page = try await platform.executions(matching: filter)
            found += page.filter { access.covers($0.function) }
            guard found.count < limit, page.count >= filter.limit, let last = page.last else { break }
            filter.before = last.id
        }
        return Array(found.prefix(limit))
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
