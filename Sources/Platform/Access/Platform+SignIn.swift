import Storage

extension Platform {
    /// The access that a token gives.
    public func signIn(token: some StringProtocol) async throws(PlatformError) -> Access {
        try await tokens.verify(token)
    }

    /// The access that a user with a password has. A token may stand in the password's place, under any name.
    public func signIn(user name: String, password: String) async throws(PlatformError) -> Access {
        if let known = try users.remembered(name, password) { return known }
        do throws(PlatformError) { return try await tokens.verify(password) } catch {
            guard error.code == .unauthenticated else { throw error }
        }
        return try await users.verify(name, password)
    }

    /// The access that a user has by their own password.
    public func signIn(localUser name: String, password: String) async throws(PlatformError) -> Access {
        if let known = try users.remembered(name, password) { return known }
        return try await users.verify(name, password)
    }
}

extension Platform {
    /// Ends the tokens that somebody got by signing in with a password that is not to be good any more.
    public func endSignIns(ofUser name: String) async throws(PlatformError) {
        guard let principal = Access.principal(ofUser: name) else { return }
        try await tokens.endSignIns(of: principal)
    }

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
        case .token(let secret): return await Self.opens { () throws(PlatformError) in try await tokens.verify(secret) }
        case .account(let user, let password):
            if await Self.opens({ () throws(PlatformError) in try await tokens.verify(password) }) { return true }
            guard (try? await users.user(user)) != nil else { return false }
            return await Self.opens { () throws(PlatformError) in
                try await signIn(localUser: user, password: password)
            }
        case nil: return false
        }
    }

    /// Whether a login opens something. One that was used too often is a login all the same.
    private static func opens(_ signIn: () async throws(PlatformError) -> Access) async -> Bool {
        do throws(PlatformError) {
            _ = try await signIn()
            return true
        } catch {
            return error.code == .rateLimited
        }
    }
}
