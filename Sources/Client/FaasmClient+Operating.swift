import NIOHTTP1

/// What operators of Faasm ask for: packages of all functions, and what goes on.
extension FaasmClient {
    private static let packages = "/faasm/packages"

    /// Sets distributions up for all functions, and returns what all that is set up came to.
    public func setUpPackages(_ requirements: String) async throws(ClientError) -> [JSON] {
        try list(await client.exchange(.PUT, Self.packages, Array(requirements.utf8)))
    }

    /// What was asked for, a line of requirements each.
    public func setUpPackages() async throws(ClientError) -> [JSON] {
        try list(await client.exchange(.GET, Self.packages))
    }

    public func removePackage(_ name: String) async throws(ClientError) -> [JSON] {
        try list(await client.exchange(.DELETE, Self.packages + "/" + Self.escape(name)))
    }

    /// The apps that have not ended.
    public func appsInFlight() async throws(ClientError) -> [JSON] { try await plan(8, "apps") }

    /// Where calls run.
    public func hosts() async throws(ClientError) -> [JSON] { try await plan(5, "hosts") }

    /// What the newest calls have printed that have ended, those of one function where it is named; the oldest first. Calls in
    /// `known` are left out.
    public func printed(
        by function: String?, limit: Int, known: Set<String> = []
    ) async throws(ClientError) -> [(call: JSON, lines: [JSON])] {
        let query = ExecutionQuery(
            function: function, statuses: ["Success", "Failure", "Cancelled"], limit: limit)
        var calls: [(JSON, [JSON])] = []
        for call in try await client.executions(query).items.reversed()
        where call["name"]?.string == "tasks.run_function" {
            guard let id = call["uuid"]?.string, !known.contains(id) else { continue }
            calls.append((call, try await client.logs(id)))
        }
        return calls
    }

    private func plan(_ kind: Int, _ member: String) async throws(ClientError) -> [JSON] {
        let request: JSON = ["http_type": .number("\(kind)")]
        let answer = try await client.exchange(.POST, "/", Array(request.compact.utf8)).succeeded()
        return (try? JSON(parsing: answer.body))?[member]?.array ?? []
    }

    private func list(_ answer: Exchange) throws(ClientError) -> [JSON] {
        let body = try answer.succeeded().body
        guard let list = (try? JSON(parsing: body))?.array else { throw client.unexpected("a list") }
        return list
    }
}
