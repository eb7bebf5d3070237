/// Everything needed to send requests to one server.
public struct Connection: Hashable, Sendable {
    /// How the client proves who it is.
    public enum Credentials: Hashable, Sendable {
        case token(String)
        case password(user: String, password: String)

        /// The value of the `Authorization` header.
        public var header: String {
            switch self {
            case .token(let token): "Token \(token)"
            case .password(let user, let password): "Basic \(Base64.encode(Array("\(user):\(password)".utf8)))"
            }
        }
    }

    public var transport: String
    public var host: String
    public var port: Int
    public var prefix: String
    public var application: String?
    public var credentials: Credentials?
    /// A file of certificates to trust instead of the system's.
    public var certificate: String?
    public var trustAll: Bool
    /// Where these settings come from, for messages.
    public var origin: String

    public init(
        transport: String, host: String, port: Int, prefix: String = "v1", application: String? = nil,
        credentials: Credentials? = nil, certificate: String? = nil, trustAll: Bool = false, origin: String = ""
    ) {
        self.transport = transport
        self.host = host
        self.port = port
        self.prefix = prefix
        self.application = application
        self.credentials = credentials
        self.certificate = certificate
        self.trustAll = trustAll
        self.origin = origin
    }

    /// The address of the server, without a path.
    public var address: String {
        "\(transport)://\(host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host):\(port)"
    }

    /// Whether requests stay on this machine.
    public var isLocal: Bool { host == "localhost" || host == "::1" || host == "[::1]" || host.hasPrefix("127.") }

    /// The text that tells where to send requests.
    struct Address: Hashable {
        var transport: String
        var host: String
        var port: Int

        /// Parses `http://HOST:PORT`, with an IPv6 host in brackets.
        init?(_ url: String) {
            guard let scheme = ["http", "https"].first(where: { url.hasPrefix($0 + "://") }) else { return nil }
            var authority = url.dropFirst(scheme.count + 3).prefix { $0 != "/" }
            var port = scheme == "https" ? 443 : 80
            if let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") {
                guard let number = Int(authority[authority.index(after: colon)...]) else { return nil }
                port = number
                authority = authority[..<colon]
            }
            guard !authority.isEmpty else { return nil }
            transport = scheme
            host = authority.filter { $0 != "[" && $0 != "]" }
            self.port = port
        }
    }
}
