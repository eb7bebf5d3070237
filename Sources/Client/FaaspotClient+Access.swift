import Model
import NIOHTTP1

/// What a token or a user may do; nil leaves a part out.
public struct AccessGrant: Hashable, Sendable {
    public var scopes: [String]?
    public var functions: [String]?

    public init(scopes: [String]? = nil, functions: [String]? = nil) {
        self.scopes = scopes
        self.functions = functions
    }

    var members: [JSON.Member] {
        [("scopes", scopes), ("functions", functions)].compactMap { name, texts in
            texts.map { JSON.Member(name, .array($0.map(JSON.string))) }
        }
    }
}

extension FaaspotClient {
    /// The tokens, an object each, without their secrets.
    public func tokens() async throws(ClientError) -> [JSON] {
        var tokens: [JSON] = []
        while true {
            let after = tokens.last?["id"]?.string.map { "&after=\(PercentCoding.encoded($0, safe: ""))" } ?? ""
            let page = try list(await send(.GET, routes.tokens + "?limit=\(Self.tokensPerPage)\(after)"))
            tokens += page
            if page.count < Self.tokensPerPage { return tokens }
        }
    }

    private static let tokensPerPage = 1000

    /// Makes a token; its object has the secret as `token`.
    public func createToken(
        _ name: String, _ grant: AccessGrant, principal: String? = nil, expiresInSeconds: Int? = nil,
        ratePerMinute: Int? = nil, maximumBodyBytes: Int? = nil
    ) async throws(ClientError) -> JSON {
        let numbers = [
            ("expires_in", expiresInSeconds), ("rate_per_minute", ratePerMinute), ("max_body_bytes", maximumBodyBytes),
        ]
        let members =
            [JSON.Member("name", .string(name))] + grant.members
            + (principal.map { [JSON.Member("principal", .string($0))] } ?? []) + Self.numbers(numbers)
        return try await send(.PUT, routes.tokens, body: .object(members))
    }

    /// Ends a token's life.
    public func revokeToken(_ id: String) async throws(ClientError) -> JSON {
        try await send(.DELETE, routes.token(id))
    }

    /// The users, an object each.
    public func users() async throws(ClientError) -> [JSON] { try list(await send(.GET, routes.users)) }

    public func createUser(
        _ name: String, password: String, _ grant: AccessGrant, ratePerMinute: Int? = nil, maximumBodyBytes: Int? = nil
    ) async throws(ClientError) -> JSON {
        let members =
            [JSON.Member("name", .string(name)), JSON.Member("password", .string(password))] + grant.members
            + Self.numbers([("rate_per_minute", ratePerMinute), ("max_body_bytes", maximumBodyBytes)])
        return try await send(.PUT, routes.users, body: .object(members))
    }

    /// Changes a user; nil leaves a part as it is. `isUnbound` takes the bounds to functions away.
    public func updateUser(
        _ name: String, password: String? = nil, _ grant: AccessGrant, isUnbound: Bool = false,
        ratePerMinute: Int? = nil, maximumBodyBytes: Int? = nil
    ) async throws(ClientError) -> JSON {
        var members = (password.map { [JSON.Member("password", .string($0))] } ?? []) + grant.members
        if isUnbound { members.append(JSON.Member("functions", .null)) }
        members += Self.numbers([("rate_per_minute", ratePerMinute), ("max_body_bytes", maximumBodyBytes)])
        return try await send(.PATCH, routes.user(name), body: .object(members))
    }

    private static func numbers(_ numbers: [(String, Int?)]) -> [JSON.Member] {
        numbers.compactMap { name, number in number.map { JSON.Member(name, .number(String($0))) } }
    }

    public func deleteUser(_ name: String) async throws(ClientError) -> JSON {
        try await send(.DELETE, routes.user(name))
    }

    /// Entries of the audit log, newest first.
    public func auditEntries(limit: Int, before: String? = nil) async throws(ClientError) -> [JSON] {
        let page = before.map { "&before=\(PercentCoding.encoded($0, safe: ""))" } ?? ""
        return try list(await send(.GET, routes.audit + "?limit=\(limit)\(page)"))
    }

    /// Has all contexts encrypted with a new key; the object says how many there were.
    public func rotateKeys() async throws(ClientError) -> JSON { try await send(.POST, routes.keyRotation) }
}
