public import Labels
public import Model
public import Storage

/// What a verified token, or a user who signed in, may do.
public struct Access: Hashable, Sendable {
    /// The token's or the user's id.
    public var account: UUID7
    /// Who it is, for the audit log.
    public var actor: String
    public var scopes: Set<TokenScope>
    /// The functions that it is bound to; nil: all.
    public var functions: [FunctionPattern]?
    /// Bytes of a request's body; nil: what the server allows.
    public var maximumBodyBytes: Int?
    /// Whom it acts as on labelled objects; nil: nobody.
    public var principal: Component?

    init(_ token: Token) {
        account = token.id
        actor = "token \(token.name) (\(token.id))"
        scopes = token.scopes
        functions = token.functions
        maximumBodyBytes = token.maximumBodyBytes
        principal = Self.principal(of: token)
    }

    init(_ user: User) {
        account = user.id
        actor = "user \(user.name)"
        scopes = user.scopes
        functions = user.functions
        maximumBodyBytes = user.maximumBodyBytes
        principal = Self.principal(ofUser: user.name)
    }

    private init(actor: String, scopes: Set<TokenScope>) {
        account = UUID7(high: 0, low: 0)
        self.actor = actor
        self.scopes = scopes
    }

    /// A program of this machine, where the operator lets those in without a token: it may deploy, call and read.
    public static let local = Access(actor: "local", scopes: [.read, .run, .deploy])

    /// Who signs builds with the secret that the operator set: more than building is not done without a login.
    public static let builder = Access(actor: "signature", scopes: [.deploy])

    /// Whether something that needs `scope` may be done. An administrator may do everything.
    public func allows(_ scope: TokenScope) -> Bool { scopes.contains(scope) || scopes.contains(.admin) }

    /// Refuses what needs a scope that the account lacks.
    public func require(_ scope: TokenScope) throws(PlatformError) {
        guard !allows(scope) else { return }
        let held = scopes.map(\.rawValue).sorted().joined(separator: ", ")
        throw PlatformError(
            .forbidden, "This needs a token with the scope `\(scope.rawValue)`; the given one has: \(held).")
    }

    /// Whether the account is for this function.
    public func covers(_ function: FunctionKey?) -> Bool {
        guard let functions else { return true }
        return function.map { function in functions.contains { $0.matches(function) } } ?? false
    }

    /// Whether the account is for every function of a namespace, and so for what these share.
    public func coversAll(of namespace: Namespace) -> Bool {
        guard let functions else { return true }
        let all = namespace == .default ? "*" : "\(namespace)/*"
        return functions.contains { $0.description == all }
    }

    /// Refuses to look at or to call a function that the account is not for, as if there were none.
    public func requireVisible(_ function: FunctionKey) throws(PlatformError) {
        guard covers(function) else { throw .noFunction(function) }
    }

    /// Refuses to change a function that the account is not for.
    public func requireChangeable(_ function: FunctionKey) throws(PlatformError) {
        guard !covers(function) else { return }
        let patterns = (functions ?? []).map(\.description).joined(separator: ", ")
        throw PlatformError(.forbidden, "The given token is only for the functions: \(patterns).")
    }

    /// Refuses to touch what the functions of a namespace share, where the account is not for all of them.
    public func requireAll(of namespace: Namespace) throws(PlatformError) {
        guard coversAll(of: namespace) else {
            throw PlatformError(.forbidden, "The given token is not for all that is of `\(namespace)`.")
        }
    }
}
