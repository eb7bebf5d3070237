import Hummingbird
import Model
import Platform
import Storage

/// Spots are groups of workers. There is one for now, which is as large as the server was started with.
extension FaaSpotFace {
    private static let onlySpot = "127.0.1.1"

    static let fixedSpots = Failure(
        .notImplemented,
        "This server has one spot, as large as it was started with; adding, removing and changing spots comes later.")

    func listSpots(_ call: Call) throws -> Response {
        try call.access.require(.read)
        _ = try workers()
        return Reply.json(
            Reply.written { writer in
                writer.array { writer in
                    writer.object { writer in
                        writer.member("ip", Self.onlySpot)
                        writer.member("created", TimestampText.text(configuration.startedAt))
                    }
                }
            })
    }

    func getSpot(_ address: String, _ call: Call) throws -> Response {
        try call.access.require(.read)
        let workers = Int64(try workers())
        guard address == Self.onlySpot else { throw Failure.notFound }
        return Reply.json(
            Reply.written { writer in
                writer.object { writer in
                    writer.member("ip", Self.onlySpot)
                    writer.member("created", TimestampText.text(configuration.startedAt))
                    writer.member("min_workers", workers)
                    writer.member("max_workers", workers)
                }
            })
    }

    /// Calls that can run at one time, as the sandboxes report it.
    private func workers() throws -> Int {
        guard let status = platform.sandbox.sandboxStatus else { throw Self.fixedSpots }
        return status.capacity
    }
}
