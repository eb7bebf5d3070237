import Storage

extension Platform {
    /// The access that a token gives.
    public func signIn(token: some StringProtocol) async throws(PlatformError) -> Access {
        try await tokens.verify(token)
    }

    /// The access that a user with a password has. A token may stand in the password's place, under any name.
    public func signIn(user name: String, password: String) async throws(PlatformError) -> Access {
        if let known = users.remembered(name, password) { return known }
        do throws(PlatformError) { return try await tokens.verify(password) } catch {
            guard error.code == .unauthenticated else { throw error }
        }
        return try await users.verify(name, password)
    }
}

extension Platform {
    /// The access that an `Authorization` header gives; `unauthenticated` where there is none, or it opens nothing.
    public func signIn(authorization header: String?) async throws(PlatformError) -> Access {
        switch header.flatMap(Credentials.init(header:)) {
        case .token(let secret): return try await signIn(token: secret)
        case .account(let user, let password): return try await signIn(user: user, password: password)
        case nil: throw refused
        }
    }
}

extension Platform {
    /// Whether an `Authorization` header is a login of this server. Others' passwords are not tried, unless there is a user
    /// of that name.
    public func isOwnLogin(authorization header: String) async -> Bool {
        switch Credentials(header: header) {
        case .token(let secret): return (try? await tokens.verify(secret)) != nil
        case .account(let user, let password):
            if users.remembered(user, password) != nil { return true }
            if (try? await tokens.verify(password)) != nil { return true }
            guard (try? await users.users().contains { $0.name == user }) == true else { return false }
            return (try? await users.verify(user, password)) != nil
        case nil: return false
        }
    }
}
