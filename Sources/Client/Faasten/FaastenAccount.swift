/// At which server somebody acts, and as whom.
public struct FaastenAccount: Hashable, Sendable {
    /// Where the token comes from.
    public enum Origin: Hashable, Sendable {
        /// There is no token.
        case nowhere
        /// The file of credentials.
        case credentials
        /// The file with the administrator's token of a server on this machine: its holder acts as `faasten`.
        case administrator(path: String)
    }

    /// The address, with a scheme and without a slash at the end.
    public var server: String
    /// The name that the token is stored under; not always who one is.
    public var user: String
    public var token: String?
    public var origin: Origin

    public init(server: String, user: String, token: String?, origin: Origin) {
        self.server = server
        self.user = user
        self.token = token
        self.origin = origin
    }

    public static let usualUser = "default"
    /// Whom the server's own objects belong to.
    public static let operatorName = "faasten"

    /// The account that was named; else that of the environment (`FSTN_SERVER`, `FSTN_USER`); else that of the file; else
    /// the user `default` of the server on this machine. Who has no token there, and may read the administrator's,
    /// acts as the operator, unless another user was named.
    public static func resolve(
        server named: String?, user: String?, in environment: ClientEnvironment = .current
    ) throws(ClientError) -> FaastenAccount {
        let logins = try FaastenLogins(environment: environment)
        let announced = LocalServer.discover(in: environment)
        let chosen = (named ?? environment["FSTN_SERVER"] ?? logins.server).map(normalised)
        let server = chosen ?? announced?.url ?? LocalServer.defaultURL
        let user = user ?? environment["FSTN_USER"] ?? usualUser
        var account = FaastenAccount(server: server, user: user, token: nil, origin: .nowhere)
        if let token = logins.token(of: user, at: server) {
            (account.token, account.origin) = (token, .credentials)
        } else if user == usualUser || user == operatorName,
            announced.map({ areSame($0.url, server) }) ?? (chosen == nil),
            let (token, path) = LocalServer.adminToken(of: announced, in: environment)
        {
            (account.token, account.origin) = (token, .administrator(path: path))
        }
        return account
    }

    /// How requests reach the server.
    public func connection() throws(ClientError) -> Connection {
        guard let address = Connection.Address(server) else {
            throw .local("`\(server)` is no address: write http://HOST:PORT.")
        }
        return Connection(
            transport: address.transport, host: address.host, port: address.port,
            credentials: token.map { .token($0) }, origin: "\(user) at \(server)")
    }

    static func normalised(_ address: String) -> String {
        var address = address.contains("://") ? address : "http://\(address)"
        while address.hasSuffix("/") { address.removeLast() }
        return address
    }

    static func areSame(_ left: String, _ right: String) -> Bool {
        GatewayAddress.areSame(normalised(left).lowercased(), normalised(right).lowercased())
    }
}
