import Model
import NIOHTTP1

/// Which executions to list.
public struct ExecutionQuery: Hashable, Sendable {
    public var includesCompleted: Bool
    public var function: String?
    /// Statuses as the server spells them; empty: any.
    public var statuses: [String]
    /// Times in ISO 8601.
    public var createdAfter: String?
    public var createdBefore: String?
    public var limit: Int?
    /// Only those that are older than the execution with this id.
    public var before: String?

    public init(
        includesCompleted: Bool = false, function: String? = nil, statuses: [String] = [], createdAfter: String? = nil,
        createdBefore: String? = nil, limit: Int? = nil, before: String? = nil
    ) {
        self.includesCompleted = includesCompleted
        self.function = function
        self.statuses = statuses
        self.createdAfter = createdAfter
        self.createdBefore = createdBefore
        self.limit = limit
        self.before = before
    }

    var text: String {
        let pairs: [(String, String?)] = [
            ("include_completed", includesCompleted || !statuses.isEmpty ? "True" : "False"),
            ("deployment", function), ("status", statuses.isEmpty ? nil : statuses.joined(separator: ",")),
            ("created_after", createdAfter), ("created_before", createdBefore), ("limit", limit.map { "\($0)" }),
            ("before", before),
        ]
        return "?"
            + pairs.compactMap { name, value in value.map { "\(name)=\(PercentCoding.encoded($0, safe: ""))" } }
            .joined(separator: "&")
    }
}

extension FaaspotClient {
    /// Some of a list, and the id that the next page comes before; nil on the last one.
    public typealias Page = (items: [JSON], next: String?)

    /// The executions that are not finished, or all; the newest comes first.
    public func executions(_ query: ExecutionQuery = ExecutionQuery()) async throws(ClientError) -> Page {
        var query = query
        query.function = query.function.map(routes.qualified)
        return try await page(routes.executions + query.text)
    }

    private func page(_ path: String) async throws(ClientError) -> Page {
        let reply = try await reply(to: .GET, path)
        return (try list(reply.json), reply.headers.first(name: "X-Next-Before"))
    }

    /// The lines that an execution has printed so far, an object each.
    public func logs(_ id: String) async throws(ClientError) -> [JSON] {
        try list(await send(.GET, routes.logs(id)))
    }

    /// An execution with those that it chained, as a tree.
    public func graph(_ id: String) async throws(ClientError) -> JSON { try await send(.GET, routes.graph(id)) }

    /// Gives every line that an execution prints to `take`, and returns the execution when it has ended.
    public func followLogs(
        _ id: String, _ take: (JSON) -> Void
    ) async throws(ClientError) -> JSON {
        var ended: JSON?
        try await events(routes.logs(id) + "?follow=true") { event throws(ClientError) in
            guard let value = try? JSON(parsing: Array(event.data.utf8)) else { throw unexpected("a stream of logs") }
            switch event.name {
            case "log": take(value)
            case "end": ended = value
            default: break
            }
        }
        guard let ended else { throw .local("The server ended the stream before execution \(id) ended.") }
        return ended
    }

    /// How far the runs of a bulk request are.
    public func batch(_ id: String) async throws(ClientError) -> JSON { try await send(.GET, routes.batch(id)) }

    /// The queued runs that failed for good.
    public func deadLetters(
        of function: String? = nil, limit: Int? = nil, before: String? = nil
    ) async throws(ClientError) -> Page {
        let pairs = [
            ("function", function.map(routes.qualified)), ("limit", limit.map { "\($0)" }), ("before", before),
        ]
        let query = pairs.compactMap { name, value in value.map { "\(name)=\(PercentCoding.encoded($0, safe: ""))" } }
        return try await page(routes.deadLetters + (query.isEmpty ? "" : "?" + query.joined(separator: "&")))
    }

    /// Queues a dead letter's run once more and returns the new execution's id.
    public func redrive(_ id: String) async throws(ClientError) -> String {
        try self.id(await send(.POST, routes.redrive(id)))
    }

    /// Queues all dead letters' runs once more, of one function or of all, and returns an object with their number.
    public func redriveAll(of function: String?) async throws(ClientError) -> JSON {
        try await send(.POST, routes.redriveAll + query(function))
    }

    /// Deletes a dead letter.
    public func purge(_ id: String) async throws(ClientError) -> JSON {
        try await send(.DELETE, routes.deadLetter(id))
    }

    /// Deletes all dead letters, of one function or of all, and returns an object with their number.
    public func purgeAll(of function: String?) async throws(ClientError) -> JSON {
        try await send(.DELETE, routes.deadLetters + query(function))
    }

    private func query(_ function: String?) -> String {
        function.map { "?function=\(PercentCoding.encoded(routes.qualified($0), safe: ""))" } ?? ""
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
