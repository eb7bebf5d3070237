public import Labels
public import Model
import Storage

/// Tokens of those who sign in to act on labelled objects.
extension TokenKeeper {
    /// Signed in at one time with tokens of their own; the oldest sign-ins end.
    static let maximumSignIns = 20

    /// Makes a token for somebody who signed in. It acts as them and has no scope.
    public func signIn(as principal: Component, lifetime: Duration) async throws(PlatformError) -> String {
        let now = time.now()
        let own = try await signIns(of: principal)
        let kept = own.filter { $0.expiresAt.map { now < $0 } ?? true }.suffix(Self.maximumSignIns - 1).map(\.id)
        for token in own where !kept.contains(token.id) { _ = try await revoke(token.id) }
        return try await issue(
            name: "sign-in", scopes: [], principal: principal.description, expiresAt: now + lifetime
        ).secret
    }

    /// Ends all tokens that do nothing but act as somebody.
    public func endSignIns(of principal: Component) async throws(PlatformError) {
        for token in try await signIns(of: principal) { _ = try await revoke(token.id) }
    }

    /// Whether a token still opens something.
    public func isAlive(_ id: UUID7) async throws(PlatformError) -> Bool {
        let token = try await PlatformError.storing { try await store.token(id) }
        return token.map { token in token.expiresAt.map { time.now() < $0 } ?? true } ?? false
    }

    /// Oldest first.
    private func signIns(of principal: Component) async throws(PlatformError) -> [Token] {
        let text = principal.description
        return try await PlatformError.storing { try await store.tokens(of: text) }.filter(\.scopes.isEmpty)
    }
}
