import Hummingbird
import Model
import Platform
import Storage

/// Who changed what, and the keys of what is encrypted: for administrators.
extension FaaSpotFace {
    /// Newest first; `limit` and `before` make pages.
    func listAudit(_ call: Call) async throws -> Response {
        try call.access.require(.admin)
        let query = try Query(call.request.uri.query ?? "")
        var limit = platform.configuration.maximumListedAuditEntries
        if let text = query["limit"] {
            guard let number = Int(text), (1...limit).contains(number) else {
                throw Failure.badRequest("`limit` must be a number from 1 to \(limit).")
            }
            limit = number
        }
        let before = try query["before"].map { text in
            guard let id = UUID7(text) else { throw Failure.badRequest("`before` must be the id of an entry.") }
            return id
        }
        let entries = try await platform.audit.entries(before: before, limit: limit)
        return Reply.json(
            Reply.written { writer in
                writer.array { writer in
                    for entry in entries {
                        writer.object { writer in
                            writer.member("id", entry.id.description)
                            writer.member("time", TimestampText.text(entry.time))
                            writer.member("actor", entry.actor)
                            writer.member("action", entry.action)
                            writer.member("subject", entry.subject)
                            if let detail = entry.detail { writer.member("detail", detail) }
                        }
                    }
                }
            })
    }

    /// Encrypts all contexts with a new key.
    func rotateKeys(_ call: Call) async throws -> Response {
        try call.access.require(.admin)
        let count = try await platform.rotateContextKey()
        try await platform.audit.note(call.access, "keys.rotate", "contexts", detail: "\(count) encrypted anew")
        return Reply.json(Reply.written { $0.object { $0.member("contexts", Int64(count)) } })
    }
}
