public import Model
public import Storage

/// What a verified token allows its holder.
public struct Access: Hashable, Sendable {
    public var token: UUID7
    public var scopes: Set<TokenScope>

    public init(token: UUID7, scopes: Set<TokenScope>) {
        self.token = token
        self.scopes = scopes
    }

    /// Whether something that needs `scope` may be done. An administrator may do everything.
    public func allows(_ scope: TokenScope) -> Bool { scopes.contains(scope) || scopes.contains(.admin) }

    /// Refuses what needs a scope that the token lacks.
    public func require(_ scope: TokenScope) throws(PlatformError) {
        guard !allows(scope) else { return }
        let held = scopes.map(\.rawValue).sorted().joined(separator: ", ")
        throw PlatformError(
            .forbidden, "This needs a token with the scope `\(scope.rawValue)`; the given one has: \(held).")
    }
}
