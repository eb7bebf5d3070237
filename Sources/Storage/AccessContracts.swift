public import Model

/// What a token or a user may do.
public enum TokenScope: String, Hashable, Sendable, Codable, CaseIterable {
    case read, run, deploy, admin
}

/// An API token. The secret itself is never stored.
public struct Token: Hashable, Sendable, Codable {
    public var id: UUID7
    public var name: String
    /// SHA-256 of the secret.
    public var hash: [UInt8]
    public var scopes: Set<TokenScope>
    /// The functions that it is bound to; nil: all.
    public var functions: [FunctionPattern]?
    /// Whom it acts as on labelled objects: the text of a component; nil: nobody, unless it is an administrator's.
    public var principal: String?
    public var createdAt: Timestamp
    public var expiresAt: Timestamp?
    /// Some seconds late, at most.
    public var lastUsedAt: Timestamp?
    /// Requests that it allows in a minute; nil: any number.
    public var ratePerMinute: Int?
    /// Bytes of a request's body; nil: what the server allows.
    public var maximumBodyBytes: Int?

    public init(
        id: UUID7, name: String, hash: [UInt8], scopes: Set<TokenScope>, functions: [FunctionPattern]? = nil,
        principal: String? = nil, createdAt: Timestamp, expiresAt: Timestamp? = nil, lastUsedAt: Timestamp? = nil,
        ratePerMinute: Int? = nil, maximumBodyBytes: Int? = nil
    ) {
        self.id = id
        self.name = name
        self.hash = hash
        self.scopes = scopes
        self.functions = functions
        self.principal = principal
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.lastUsedAt = lastUsedAt
        self.ratePerMinute = ratePerMinute
        self.maximumBodyBytes = maximumBodyBytes
    }
}

/// API tokens.
public protocol TokenStore: Sendable {
    /// `alreadyExists` where the id or the hash is known, or the hash is that of a revoked token.
    func add(_ token: Token) async throws
    func token(hash: [UInt8]) async throws -> Token?
    func token(_ id: UUID7) async throws -> Token?
    /// So many tokens at most, oldest first; only those behind the one of this id.
    func tokens(after: UUID7?, limit: Int) async throws -> [Token]
    /// Those that act as a principal, by its text, oldest first.
    func tokens(of principal: String) async throws -> [Token]
    /// Deletes a token and remembers its hash as revoked. False: there is none of that id.
    func revoke(_ id: UUID7) async throws -> Bool
    func wasRevoked(hash: [UInt8]) async throws -> Bool
    /// Notes when tokens were used last; those that are gone are left out.
    func noteUse(_ times: [UUID7: Timestamp]) async throws
}

extension TokenStore {
    /// All tokens, oldest first.
    public func tokens() async throws -> [Token] { try await tokens(after: nil, limit: .max) }
}

/// Somebody who signs in with a name and a password.
public struct User: Hashable, Sendable, Codable {
    /// The same one is never given again, also where the name is.
    public var id: UUID7
    public var name: String
    /// What a password is checked against, in the form that the platform writes it; never the password itself.
    public var password: String
    public var scopes: Set<TokenScope>
    /// The functions that the user is bound to; nil: all.
    public var functions: [FunctionPattern]?
    public var createdAt: Timestamp
    public var updatedAt: Timestamp
    /// Requests that the user may make in a minute; nil: any number.
    public var ratePerMinute: Int?
    /// Bytes of a request's body; nil: what the server allows.
    public var maximumBodyBytes: Int?

    public init(
        id: UUID7, name: String, password: String, scopes: Set<TokenScope>, functions: [FunctionPattern]? = nil,
        createdAt: Timestamp, updatedAt: Timestamp, ratePerMinute: Int? = nil, maximumBodyBytes: Int? = nil
    ) {
        self.id = id
        self.name = name
        self.password = password
        self.scopes = scopes
        self.functions = functions
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.ratePerMinute = ratePerMinute
        self.maximumBodyBytes = maximumBodyBytes
    }
}

/// Users.
public protocol UserStore: Sendable {
    /// `alreadyExists` where the name is taken.
    func add(_ user: User) async throws
    func user(_ name: String) async throws -> User?
    /// All users, by name.
    func users() async throws -> [User]
    /// Stores all of a user that may change: not name, id and `createdAt`. `notFound` where no user has this name and id.
    func update(_ user: User) async throws
    /// False: there is none of that name.
    func deleteUser(_ name: String) async throws -> Bool
}

/// What somebody did that others may ask about.
public struct AuditEntry: Hashable, Sendable, Codable {
    public var id: UUID7
    public var time: Timestamp
    /// Who: `token NAME (ID)` or `user NAME`.
    public var actor: String
    /// What, such as `function.create`.
    public var action: String
    /// To what.
    public var subject: String
    public var detail: String?

    public init(id: UUID7, time: Timestamp, actor: String, action: String, subject: String, detail: String? = nil) {
        self.id = id
        self.time = time
        self.actor = actor
        self.action = action
        self.subject = subject
        self.detail = detail
    }
}

/// The audit log, to which is only ever added.
public protocol AuditStore: Sendable {
    /// Returns when the entry is on disk.
    func append(_ entry: AuditEntry) async throws
    /// Newest first; only those before the one of this id.
    func auditEntries(before: UUID7?, limit: Int) async throws -> [AuditEntry]
}
