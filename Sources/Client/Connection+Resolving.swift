extension Connection {
    /// The connection of the active profile; where there are no profiles at all, one to the server on this machine.
    public static func resolve(in environment: ClientEnvironment = .current) throws(ClientError) -> Connection {
        try resolve(ProfileFile.load(in: environment), in: environment)
    }

    static func resolve(_ file: ProfileFile, in environment: ClientEnvironment) throws(ClientError) -> Connection {
        if file.profiles.isEmpty { return local(in: environment) }
        guard let name = file.active, let profile = file[name] else {
            throw .local("Missing profile. Please use `fas profiles -h` command")
        }
        return resolve(profile, name: name, in: environment)
    }

    /// A profile without host, port and protocol means the server on this machine, where one has announced itself.
    /// That server's protocol and token are used where the profile has none; the token is sent nowhere else.
    private static func resolve(_ profile: Profile, name: String, in environment: ClientEnvironment) -> Connection {
        let announced = LocalServer.discover(in: environment)
        let address = announced.flatMap { Address($0.url) }
        var connection = Connection(
            transport: profile.transport ?? "https", host: profile.host ?? "localhost", port: profile.port ?? 443,
            prefix: profile.apiPrefix ?? "v1", application: profile.application,
            certificate: profile.certificate.map(environment.expand), trustAll: profile.trustAll ?? false,
            origin: "profile `\(name)`")
        if profile.host == nil, profile.port == nil, profile.transport == nil, let address {
            (connection.transport, connection.host, connection.port) = (address.transport, address.host, address.port)
        }
        let isAnnounced = connection.isLocal && connection.port == address?.port
        if isAnnounced, profile.transport == nil, let address { connection.transport = address.transport }
        if let token = profile.token {
            connection.credentials = .token(token)
        } else if let user = profile.username, let password = profile.password {
            connection.credentials = .password(user: user, password: password)
        } else if isAnnounced {
            connection.credentials = LocalServer.adminToken(of: announced, in: environment).map { .token($0.token) }
        }
        return connection
    }

    private static func local(in environment: ClientEnvironment) -> Connection {
        let announced = LocalServer.discover(in: environment)
        let address = announced.flatMap { Address($0.url) } ?? Address(LocalServer.defaultURL)
        let token = LocalServer.adminToken(of: announced, in: environment)
        return Connection(
            transport: address?.transport ?? "http", host: address?.host ?? "127.0.0.1", port: address?.port ?? 8080,
            credentials: token.map { .token($0.token) },
            origin: token.map { "the local server, with the token of `\($0.path)`" }
                ?? "the local server, without a token")
    }
}
