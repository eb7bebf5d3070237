import Hummingbird
import Model
import Platform

extension FaaSpotFace {
    /// How far the runs of one bulk request are.
    func getBatch(_ id: String, _ call: Call) async throws -> Response {
        try requireReadOrRun(call)
        let progress = try await platform.batch(try identifier(id))
        return Reply.json(
            Reply.written { writer in
                writer.object { writer in
                    writer.member("uuid", progress.id.description)
                    writer.member("total", Int64(progress.total))
                    for name in ExecutionBody.statuses {
                        let count = progress.counts.reduce(0) { sum, entry in
                            ExecutionBody.status(entry.key) == name ? sum + entry.value : sum
                        }
                        writer.member(name, Int64(count))
                    }
                    writer.member("created", TimestampText.text(progress.createdAt))
                    if let time = progress.finishedAt { writer.member("finished", TimestampText.text(time)) }
                }
            })
    }
}
