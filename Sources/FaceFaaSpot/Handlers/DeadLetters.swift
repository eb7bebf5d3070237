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
        return list(try await executions(matching: filter, call.access), atMost: filter.limit)
    }

    func redriveDeadLetter(_ id: String, _ call: Call) async throws -> Response {
        try call.access.require(.run)
        let id = try identifier(id)
        if call.access.functions != nil { _ = try await visible(id, call) }
        let new = try await platform.redrive(id)
        try await platform.audit.note(call.access, "dead_letter.redrive", "\(id)")
        return Reply.object(uuid: new)
    }

    func redriveDeadLetters(_ call: Call) async throws -> Response {
        try call.access.require(.run)
        let key = try function(try Query(call.request.uri.query ?? ""))
        guard call.access.functions == nil || key != nil else {
            throw Failure.badRequest("`function` is missing: the given token is for some functions only.")
        }
        if let key { try call.access.requireVisible(key) }
        let number = try await platform.redriveAll(key)
        try await platform.audit.note(call.access, "dead_letter.redrive", key.map { "\($0)" } ?? "all")
        return count("redriven", number)
    }

    func purgeDeadLetter(_ id: String, _ call: Call) async throws -> Response {
        try call.access.require(.admin)
        let id = try identifier(id)
        try await platform.purge(id)
        try await platform.audit.note(call.access, "dead_letter.purge", "\(id)")
        return count("purged", 1)
    }

    func purgeDeadLetters(_ call: Call) async throws -> Response {
        try call.access.require(.admin)
        let key = try function(try Query(call.request.uri.query ?? ""))
        let number = try await platform.purgeAll(key)
        try await platform.audit.note(call.access, "dead_letter.purge", key.map { "\($0)" } ?? "all")
        return count("purged", number)
    }

    private func count(_ what: String, _ number: Int) -> Response {
        Reply.json(Reply.written { $0.object { $0.member(what, Int64(number)) } })
    }
}
