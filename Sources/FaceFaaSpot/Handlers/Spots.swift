import Hummingbird
import Model
import Platform
import Storage

/// Spots: how much runs at one time. All changes but that of the size are executions.
extension FaaSpotFace {
    func listSpots(_ call: Call) throws -> Response {
        try call.access.require(.read)
        return Reply.json(
            Reply.written { writer in
                writer.array { writer in
                    for spot in platform.spots.spots {
                        writer.object { writer in Self.write(spot, into: &writer) }
                    }
                }
            })
    }

    func getSpot(_ address: String, _ call: Call) throws -> Response {
        try call.access.require(.read)
        let spot = try platform.spots.spot(try Self.address(address))
        return Reply.json(
            Reply.written { writer in
                writer.object { writer in
                    Self.write(spot, into: &writer)
                    Self.write(platform.spots.size, into: &writer)
                }
            })
    }

    func addSpot(_ call: Call) async throws -> Response {
        try call.access.require(.admin)
        // Zone, region and provider say nothing here.
        _ = try SpotBody(parsing: try await call.body(atMost: configuration.maximumRequestBodyBytes))
        return try await changed("spot.add", "new", call) { try await platform.spots.add() }
    }

    func removeSpot(_ address: String?, _ call: Call) async throws -> Response {
        try call.access.require(.admin)
        let spot = try address.map(Self.address)
        return try await changed("spot.remove", address ?? "newest", call) { try await platform.spots.remove(spot) }
    }

    func replaceSpot(_ address: String, _ call: Call) async throws -> Response {
        try call.access.require(.admin)
        let spot = try Self.address(address)
        return try await changed("spot.replace", address, call) { try await platform.spots.replace(spot) }
    }

    /// Sets the size of all spots, or gives one or all a new address.
    func changeSpots(_ call: Call) async throws -> Response {
        try call.access.require(.admin)
        let body = try SpotBody(parsing: try await call.body(atMost: configuration.maximumRequestBodyBytes))
        if let refreshed = body.refreshed {
            let address = refreshed.lowercased() == "all" ? nil : try Self.address(refreshed)
            return try await changed("spot.refresh", refreshed, call) { try await platform.spots.refresh(address) }
        }
        guard body.minimum != nil || body.maximum != nil else {
            throw Failure.badRequest("Nothing to change: give `min_workers` and `max_workers`, or `refresh_ip`.")
        }
        let old = platform.spots.size
        let size = SpotSize(
            minimumWorkers: body.minimum ?? old.minimumWorkers, maximumWorkers: body.maximum ?? old.maximumWorkers)
        try await platform.spots.resize(size)
        try await platform.audit.note(
            call.access, "spot.resize", "all", detail: "\(size.minimumWorkers) to \(size.maximumWorkers) workers")
        return Reply.json(
            Reply.written { writer in writer.object { writer in Self.write(size, into: &writer) } })
    }

    /// Makes a change, notes it, and answers with its execution.
    private func changed(
        _ action: String, _ subject: String, _ call: Call, _ change: () async throws -> ExecutionID
    ) async throws -> Response {
        let id = try await change()
        try await platform.audit.note(call.access, action, subject, detail: "execution \(id)")
        return Reply.uuid(id)
    }

    private static func address(_ text: String) throws -> SpotAddress {
        guard let address = SpotAddress(text) else { throw Failure.notFound }
        return address
    }

    private static func write(_ spot: Spot, into writer: inout JSONWriter) {
        writer.member("ip", spot.address.description)
        writer.member("created", TimestampText.text(spot.createdAt))
        writer.member("state", spot.state.rawValue)
    }

    private static func write(_ size: SpotSize, into writer: inout JSONWriter) {
        writer.member("min_workers", Int64(size.minimumWorkers))
        writer.member("max_workers", Int64(size.maximumWorkers))
    }
}
