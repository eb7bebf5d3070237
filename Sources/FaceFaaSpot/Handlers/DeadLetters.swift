import Hummingbird
import Model
import Platform
import Storage

/// Runs that failed for good, kept until somebody repeats or purges them.
extension FaaSpotFace {
    func listDeadLetters(_ call: Call) async throws -> Response {
        try call.access.require(.read)
        let query = try Query(call.request.uri.query ?? "")
        var filter = ExecutionFilter(isDead: true, limit: platform.configuration.maximumListedExecutions)
        filter.function = try function(query)
        try page(&filter, query)
        return list(try await platform.executions(matching: filter), atMost: filter.limit)
    }

    func redriveDeadLetter(_ id: String, _ call: Call) async throws -> Response {
        try call.access.require(.run)
        return Reply.object(uuid: try await platform.redrive(try identifier(id)))
    }

    func redriveDeadLetters(_ call: Call) async throws -> Response {
        try call.access.require(.run)
        let key = try function(try Query(call.request.uri.query ?? ""))
        return count("redriven", try await platform.redriveAll(key))
    }

    func purgeDeadLetter(_ id: String, _ call: Call) async throws -> Response {
        try call.access.require(.admin)
        try await platform.purge(try identifier(id))
        return count("purged", 1)
    }

    func purgeDeadLetters(_ call: Call) async throws -> Response {
        try call.access.require(.admin)
        let key = try function(try Query(call.request.uri.query ?? ""))
        return count("purged", try await platform.purgeAll(key))
    }

    private func count(_ what: String, _ number: Int) -> Response {
        Reply.json(Reply.written { $0.object { $0.member(what, Int64(number)) } })
    }
}
