import HTTPTypes
import Hummingbird
import Model
import Platform
import Storage

extension FaaSpotFace {
    func getExecution(_ id: String, _ call: Call) async throws -> Response {
        try requireReadOrRun(call)
        let id = try identifier(id)
        if call.access.functions != nil { _ = try await visible(id, call) }
        let query = try Query(call.request.uri.query ?? "")
        let execution: Execution
        if let wait = query["wait"] {
            let most = platform.configuration.maximumWait
            guard let span = Seconds.parse(wait), span <= most else {
                throw Failure.badRequest("`wait` must be a number of seconds from 0 to \(most.components.seconds).")
            }
            execution = try await platform.execution(id, endedWithin: span)
        } else {
            execution = try await platform.execution(id)
        }
        return object(execution, try await platform.history(of: execution))
    }

    /// The call with all that it chained, as a tree.
    func getGraph(_ id: String, _ call: Call) async throws -> Response {
        try requireReadOrRun(call)
        let id = try identifier(id)
        if call.access.functions != nil { _ = try await visible(id, call) }
        let family = try await platform.family(of: id)
        return Reply.json(Reply.written { GraphBody.write(id, of: family, into: &$0) }, execution: id)
    }

    /// Cancels, and answers with the execution as it is then.
    func cancelExecution(_ id: String, _ call: Call) async throws -> Response {
        try call.access.require(.run)
        let id = try identifier(id)
        if call.access.functions != nil { _ = try await visible(id, call) }
        return object(try await platform.cancel(id), nil)
    }

    /// The unfinished ones, or all, newest first; `limit` and `before` make pages.
    func listExecutions(_ call: Call) async throws -> Response {
        try call.access.require(.read)
        let query = try Query(call.request.uri.query ?? "")
        var filter = ExecutionFilter(limit: platform.configuration.maximumListedExecutions)
        let includesCompleted = try query.truth("include_completed")
        if let names = query["status"] {
            filter.statuses = try statuses(names)
        } else if !includesCompleted {
            filter.statuses = [.queued, .running]
        }
        filter.function = try function(query)
        filter.createdFrom = try time("created_after", query)
        filter.createdBefore = try time("created_before", query)
        try page(&filter, query)
        return list(try await executions(matching: filter, call.access), atMost: filter.limit)
    }

    /// The function that a list is limited to; nil: it is not.
    func function(_ query: Query) throws -> FunctionKey? {
        guard let name = query["deployment"] ?? query["function"], !name.isEmpty else { return nil }
        return try key(name)
    }

    /// Takes `limit` and `before`, which make pages.
    func page(_ filter: inout ExecutionFilter, _ query: Query) throws {
        if let limit = query["limit"] {
            guard let number = Int(limit), number > 0 else {
                throw Failure.badRequest("`limit` must be a number from 1 to \(filter.limit).")
            }
            filter.limit = min(filter.limit, number)
        }
        if let before = query["before"] {
            guard let id = ExecutionID(before) else {
                throw Failure.badRequest("`before` must be an execution's uuid.")
            }
            filter.before = id
        }
    }

    private func statuses(_ names: String) throws -> Set<ExecutionStatus> {
        try names.split(separator: ",").reduce(into: []) { statuses, name in
            let matching = ExecutionStatus.allCases.filter {
                ExecutionBody.status($0).lowercased() == name.lowercased()
            }
            guard !matching.isEmpty else {
                throw Failure.badRequest(
                    "`status` must be some of \(ExecutionBody.statuses.joined(separator: ", ")), but is `\(name)`.")
            }
            statuses.formUnion(matching)
        }
    }

    private func time(_ name: String, _ query: Query) throws -> Timestamp? {
        guard let text = query[name] else { return nil }
        guard let time = TimestampText.time(text) else {
            throw Failure.badRequest("`\(name)` must be a time such as `2017-07-21T15:10:52Z`, but is `\(text)`.")
        }
        return time
    }

    func getExecutions(_ call: Call) async throws -> Response {
        try requireReadOrRun(call)
        let body = try await call.body(atMost: configuration.maximumRequestBodyBytes)
        let executions = try await platform.executions(try Arguments.ids(body))
        return list(executions.filter { call.access.covers($0.function) }, atMost: .max)
    }

    /// An execution, unless the account is not for its function: then there is none.
    func visible(_ id: ExecutionID, _ call: Call) async throws -> Execution {
        let execution = try await platform.execution(id)
        guard call.access.covers(execution.function) else { throw Failure.notFound }
        return execution
    }

    /// A page of those that the account may see.
    func executions(matching filter: ExecutionFilter, _ access: Access) async throws -> [Execution] {
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
    func requireReadOrRun(_ call: Call) throws {
        if !call.access.allows(.run) { try call.access.require(.read) }
    }

    func identifier(_ text: String) throws -> ExecutionID {
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

    private func object(_ execution: Execution, _ history: [Attempt]?) -> Response {
        Reply.json(
            Reply.written { ExecutionBody.write(execution, history: history, into: &$0) }, execution: execution.id)
    }

    /// A list, and where it fills its page, the id that the next page comes before.
    func list(_ executions: [Execution], atMost limit: Int) -> Response {
        var response = Reply.json(
            Reply.written { writer in
                writer.array { writer in for execution in executions { ExecutionBody.write(execution, into: &writer) } }
            })
        if executions.count >= limit, let last = executions.last {
            response.headers[Self.nextBefore] = last.id.description
        }
        return response
    }

    private static let nextBefore = HTTPField.Name("X-Next-Before")!
}
