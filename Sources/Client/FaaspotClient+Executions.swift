import Model
import NIOHTTP1

extension FaaspotClient {
    /// The executions that are not finished, or all; of one function, or of all. The newest comes first.
    public func executions(includingCompleted: Bool = false, of function: String? = nil) async throws(ClientError)
        -> [JSON]
    {
        var path = routes.executions + "?include_completed=\(includingCompleted ? "True" : "False")"
        if let function { path += "&deployment=\(PercentCoding.encoded(function, safe: ""))" }
        return try list(await send(.GET, path))
    }

    /// One execution.
    public func execution(_ id: String) async throws(ClientError) -> JSON {
        try await send(.GET, routes.execution(id))
    }

    /// Those of the executions that exist.
    public func executions(_ ids: [String]) async throws(ClientError) -> [JSON] {
        try list(await send(.POST, routes.executionsInBulk, body: .array(ids.map(JSON.string))))
    }

    /// Stops an execution and returns it.
    public func cancelExecution(_ id: String) async throws(ClientError) -> JSON {
        try await send(.DELETE, routes.execution(id))
    }

    func list(_ json: JSON) throws(ClientError) -> [JSON] {
        guard let elements = json.array else { throw unexpected("a list") }
        return elements
    }

    func id(_ json: JSON) throws(ClientError) -> String {
        guard let id = json.string ?? json["uuid"]?.string else { throw unexpected("the id of an execution") }
        return id
    }

    func unexpected(_ wanted: String) -> ClientError {
        .local("The answer of \(connection.address) is not \(wanted). Is this a FaaSpot server?")
    }
}
