import HTTPTypes
import Hummingbird
import Model
import Platform
import Storage

/// Tokens and users: for administrators.
extension FaaSpotFace {
    private static let expiry = 1...10 * 366 * 86_400
    private static let rate = 1...1_000_000
    private static let maximumNameBytes = 128
    private static let nextAfter = HTTPField.Name("X-Next-After")!

    func listTokens(_ call: Call) async throws -> Response {
        try call.access.require(.admin)
        let query = try Query(call.request.uri.query ?? "")
        var limit = platform.configuration.maximumListedTokens
        if let text = query["limit"] {
            guard let number = Int(text), (1...limit).contains(number) else {
                throw Failure.badRequest("`limit` must be a number from 1 to \(limit).")
            }
            limit = number
        }
        let after = try query["after"].map { text in
            guard let id = UUID7(text) else { throw Failure.badRequest("`after` must be the id of a token.") }
            return id
        }
        let tokens = try await platform.tokens.tokens(after: after, limit: limit)
        var response = Reply.json(
            Reply.written { writer in
                writer.array { writer in
                    for token in tokens { writer.object { writer in Self.write(token, into: &writer) } }
                }
            })
        if tokens.count == limit { response.headers[Self.nextAfter] = tokens.last?.id.description }
        return response
    }

    func createToken(_ call: Call) async throws -> Response {
        try call.access.require(.admin)
        let fields = try Fields(
            try await call.body(atMost: configuration.maximumRequestBodyBytes),
            known: [
                "name", "scopes", "functions", "principal", "expires_in", "rate_per_minute", "max_body_bytes",
            ])
        let name = try fields.requiredText("name")
        guard (1...Self.maximumNameBytes).contains(name.utf8.count) else {
            throw Failure.badRequest("`name` must have 1 to \(Self.maximumNameBytes) bytes.")
        }
        let principal = try fields.text("principal")
        // A token may be for nothing but acting as somebody.
        guard let scopes = try fields.scopes() ?? principal.map({ _ in [] }) else {
            throw Failure.badRequest("`scopes` is missing.")
        }
        let functions = try fields.functions()
        try Self.check(scopes, functions)
        let lifetime = try fields.number("expires_in", in: Self.expiry)
        let (token, secret) = try await platform.tokens.issue(
            name: name, scopes: scopes, functions: functions, principal: principal,
            expiresAt: lifetime.map { platform.now + .seconds($0) },
            ratePerMinute: try rate(fields), maximumBodyBytes: try bodyBytes(fields))
        try await platform.audit.note(
            call.access, "token.create", "\(token.id)",
            detail: "\(name): \(Self.text(token.scopes))" + (token.principal.map { " as \($0)" } ?? ""))
        return Reply.json(
            Reply.written { writer in
                writer.object { writer in
                    Self.write(token, into: &writer)
                    writer.member("token", secret)
                }
            })
    }

    func revokeToken(_ id: String, _ call: Call) async throws -> Response {
        try call.access.require(.admin)
        guard let id = UUID7(id), try await platform.tokens.revoke(id) else { throw Failure.notFound }
        try await platform.audit.note(call.access, "token.revoke", "\(id)")
        return Reply.json(Reply.written { $0.object { $0.member("id", id.description) } })
    }

    func listUsers(_ call: Call) async throws -> Response {
        try call.access.require(.admin)
        let users = try await platform.users.users()
        return Reply.json(
            Reply.written { writer in
                writer.array { writer in for user in users { Self.write(user, into: &writer) } }
            })
    }

    func createUser(_ call: Call) async throws -> Response {
        try call.access.require(.admin)
        let fields = try Fields(
            try await call.body(atMost: configuration.maximumRequestBodyBytes),
            known: ["name", "password", "scopes", "functions", "rate_per_minute", "max_body_bytes"])
        guard let scopes = try fields.scopes() else { throw Failure.badRequest("`scopes` is missing.") }
        let functions = try fields.functions()
        try Self.check(scopes, functions)
        let user = try await platform.users.add(
            try fields.requiredText("name"), password: try fields.requiredText("password"), scopes: scopes,
            functions: functions, ratePerMinute: try rate(fields), maximumBodyBytes: try bodyBytes(fields))
        try await platform.audit.note(call.access, "user.create", user.name, detail: Self.text(scopes))
        return Reply.json(Reply.written { Self.write(user, into: &$0) })
    }

    func updateUser(_ name: String, _ call: Call) async throws -> Response {
        try call.access.require(.admin)
        let fields = try Fields(
            try await call.body(atMost: configuration.maximumRequestBodyBytes),
            known: ["password", "scopes", "functions", "rate_per_minute", "max_body_bytes"])
        let (password, scopes) = (try fields.text("password"), try fields.scopes())
        let functions: [FunctionPattern]?? = fields.has("functions") ? .some(try fields.functions()) : nil
        let rate: Int?? = fields.has("rate_per_minute") ? .some(try rate(fields)) : nil
        let bodyBytes: Int?? = fields.has("max_body_bytes") ? .some(try bodyBytes(fields)) : nil
        guard password != nil || scopes != nil || functions != nil || rate != nil || bodyBytes != nil else {
            throw Failure.badRequest(
                "Nothing to change: give at least one of password, scopes, functions, rate_per_minute, max_body_bytes.")
        }
        // What the user has already may be at odds with what changes.
        guard let old = try await platform.users.user(name) else { throw Failure.notFound }
        try Self.check(scopes ?? old.scopes, functions ?? old.functions)
        let user = try await platform.users.update(
            name, password: password, scopes: scopes, functions: functions, ratePerMinute: rate,
            maximumBodyBytes: bodyBytes)
        if password != nil { try await platform.endSignIns(ofUser: name) }
        let changed = [
            password.map { _ in "password" }, scopes.map(Self.text), functions.map { _ in "functions" },
            rate.map { _ in "rate_per_minute" }, bodyBytes.map { _ in "max_body_bytes" },
        ]
        try await platform.audit.note(
            call.access, "user.update", name, detail: changed.compactMap(\.self).joined(separator: "; "))
        return Reply.json(Reply.written { Self.write(user, into: &$0) })
    }

    func deleteUser(_ name: String, _ call: Call) async throws -> Response {
        try call.access.require(.admin)
        try await platform.users.delete(name)
        try await platform.endSignIns(ofUser: name)
        try await platform.audit.note(call.access, "user.delete", name)
        return Reply.json(Reply.written { $0.object { $0.member("name", name) } })
    }

    private func rate(_ fields: Fields) throws -> Int? { try fields.number("rate_per_minute", in: Self.rate) }

    private func bodyBytes(_ fields: Fields) throws -> Int? {
        try fields.number("max_body_bytes", in: 2...configuration.maximumBulkBodyBytes)
    }

    /// An administrator who is bound to functions could make himself one who is not.
    private static func check(_ scopes: Set<TokenScope>, _ functions: [FunctionPattern]?) throws {
        guard functions == nil || !scopes.contains(.admin) else {
            throw Failure.badRequest("The scope `admin` cannot be bound to functions.")
        }
    }

    private static func text(_ scopes: Set<TokenScope>) -> String {
        TokenScope.allCases.filter(scopes.contains).map(\.rawValue).joined(separator: ", ")
    }

    private static func write(_ token: Token, into writer: inout JSONWriter) {
        writer.member("id", token.id.description)
        writer.member("name", token.name)
        write(token.scopes, token.functions, into: &writer)
        writer.member("principal", token.principal)
        writer.member("created", TimestampText.text(token.createdAt))
        writer.member("expires", token.expiresAt.map(TimestampText.text))
        writer.member("last_used", token.lastUsedAt.map(TimestampText.text))
        write(token.ratePerMinute, "rate_per_minute", into: &writer)
        write(token.maximumBodyBytes, "max_body_bytes", into: &writer)
    }

    private static func write(_ user: User, into writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("name", user.name)
            write(user.scopes, user.functions, into: &writer)
            writer.member("created", TimestampText.text(user.createdAt))
            writer.member("updated", TimestampText.text(user.updatedAt))
            write(user.ratePerMinute, "rate_per_minute", into: &writer)
            write(user.maximumBodyBytes, "max_body_bytes", into: &writer)
        }
    }

    private static func write(
        _ scopes: Set<TokenScope>, _ functions: [FunctionPattern]?, into writer: inout JSONWriter
    ) {
        writer.key("scopes")
        writer.array { writer in
            for scope in TokenScope.allCases where scopes.contains(scope) { writer.string(scope.rawValue) }
        }
        writer.key("functions")
        guard let functions else { return writer.string(nil) }
        writer.array { writer in for pattern in functions { writer.string(pattern.description) } }
    }

    private static func write(_ number: Int?, _ name: String, into writer: inout JSONWriter) {
        guard let number else { return writer.member(name, nil) }
        writer.member(name, Int64(number))
    }
}
