import NIOHTTP1

extension FaaspotClient {
    /// The spots, an object each.
    public func spots() async throws(ClientError) -> [JSON] {
        try list(await send(.GET, routes.spots))
    }

    /// One spot.
    public func spot(_ address: String) async throws(ClientError) -> JSON {
        try await send(.GET, routes.spot(address))
    }

    /// Adds a spot and returns the id of the execution that does it.
    public func addSpot(provider: String? = nil) async throws(ClientError) -> String {
        let body: JSON = ["region": nil, "provider": provider.map(JSON.string) ?? .null]
        return try id(await send(.PUT, routes.spots, body: body))
    }

    /// Removes a spot, the newest unless one is named, and returns the id of the execution that does it.
    public func removeSpot(_ address: String? = nil) async throws(ClientError) -> String {
        try id(await send(.DELETE, address.map(routes.spot) ?? routes.spots))
    }

    /// Sets how many workers every spot has.
    public func setWorkers(minimum: Int, maximum: Int) async throws(ClientError) -> JSON {
        let body: JSON = ["min_workers": .number(String(minimum)), "max_workers": .number(String(maximum))]
        return try await send(.PATCH, routes.spots, body: body)
    }

    /// Gives a spot, or all, a new address, and returns the id of the execution that does it.
    public func refreshSpot(_ address: String? = nil) async throws(ClientError) -> String {
        try id(await send(.PATCH, routes.spots, body: ["refresh_ip": .string(address ?? "all")]))
    }

    /// Adds a spot and removes the given one; returns the id of the execution that does it.
    public func replaceSpot(_ address: String) async throws(ClientError) -> String {
        try id(await send(.GET, routes.replaceSpot(address)))
    }
}
