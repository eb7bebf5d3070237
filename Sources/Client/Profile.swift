/// How to reach one server: the settings of a profile as the configuration file holds them, all optional.
public struct Profile: Hashable, Sendable {
    public var host: String?
    public var port: Int?
    public var transport: String?
    public var token: String?
    public var username: String?
    public var password: String?
    public var application: String?
    public var certificate: String?
    public var trustAll: Bool?
    public var apiPrefix: String?

    public init(
        host: String? = nil, port: Int? = nil, transport: String? = nil, token: String? = nil, username: String? = nil,
        password: String? = nil, application: String? = nil, certificate: String? = nil, trustAll: Bool? = nil,
        apiPrefix: String? = nil
    ) {
        self.host = host
        self.port = port
        self.transport = transport
        self.token = token
        self.username = username
        self.password = password
        self.application = application
        self.certificate = certificate
        self.trustAll = trustAll
        self.apiPrefix = apiPrefix
    }

    /// This profile, where `changes` has a setting that one.
    public func updated(with changes: Profile) -> Profile {
        Profile(
            host: changes.host ?? host, port: changes.port ?? port, transport: changes.transport ?? transport,
            token: changes.token ?? token, username: changes.username ?? username,
            password: changes.password ?? password, application: changes.application ?? application,
            certificate: changes.certificate ?? certificate, trustAll: changes.trustAll ?? trustAll,
            apiPrefix: changes.apiPrefix ?? apiPrefix)
    }

    /// Whether it has what a server asks for: a token, or a user and a password.
    public var hasCredentials: Bool { token != nil || (username != nil && password != nil) }

    /// The settings that are there, under the names of the configuration file.
    public func json(revealingSecrets: Bool) -> JSON {
        func secret(_ text: String?) -> JSON? { text.map { .string(revealingSecrets ? $0 : "***") } }
        let settings: [(String, JSON?)] = [
            ("host", host.map(JSON.string)), ("port", port.map { .number(String($0)) }),
            ("protocol", transport.map(JSON.string)), ("token", secret(token)), ("username", username.map(JSON.string)),
            ("password", secret(password)), ("application", application.map(JSON.string)),
            ("ssl_certificate", certificate.map(JSON.string)), ("ssl_trust_all", trustAll.map(JSON.bool)),
            ("api-prefix", apiPrefix.map(JSON.string)),
        ]
        return .object(settings.compactMap { name, value in value.map { JSON.Member(name, $0) } })
    }
}
