/// What the receiver of a callback is told.
public struct CallbackMessage: Sendable {
    /// Those of its own; the signature and the like are added.
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]

    public init(headers: [(name: String, value: String)], body: [UInt8]) {
        self.headers = headers
        self.body = body
    }

    /// A message that is JSON.
    public static func json(_ body: [UInt8]) -> CallbackMessage {
        CallbackMessage(headers: [("Content-Type", "application/json")], body: body)
    }
}

/// The names under which functions know the gateway of the cluster that they believe to run in.
public enum GatewayHost {
    public static let port = 8080
    private static let names: Set<String> = ["gateway", "gateway.openfaas", "gateway.openfaas.svc.cluster.local"]

    /// Whether an address means this server, whatever its real name and port.
    public static func isMeant(by url: CallbackURL) -> Bool {
        let name = url.host.hasSuffix(".") ? String(url.host.dropLast()) : url.host
        return url.port == port && names.contains(name.lowercased())
    }
}
