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
