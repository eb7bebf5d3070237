/// Where an OpenFaaS gateway is, as text: `http://HOST:PORT`.
public enum GatewayAddress {
    public static let standard = "http://127.0.0.1:8080"

    /// In lower case, with a scheme before it and without a slash after it.
    public static func normalised(_ text: String) -> String {
        var url = text.lowercased()
        while url.hasSuffix("/") { url.removeLast() }
        return url.hasPrefix("http://") || url.hasPrefix("https://") ? url : "http://\(url)"
    }

    /// What a command uses: its flag, else what the stack file says of its own, else the environment's, else the standard.
    public static func chosen(
        flag: String?, stack: String? = nil, environment: ClientEnvironment = .current
    ) -> String {
        if let flag, !flag.isEmpty { return normalised(flag) }
        if let stack, !stack.isEmpty, normalised(stack) != standard { return normalised(stack) }
        return normalised(environment["OPENFAAS_URL"] ?? standard)
    }

    /// Whether two addresses are the same server's: the names of this machine are all one.
    static func areSame(_ left: String, _ right: String) -> Bool {
        if left == right { return true }
        let local: Set<String> = ["localhost", "127.0.0.1", "::1"]
        guard let left = Connection.Address(left), let right = Connection.Address(right) else { return false }
        return left.transport == right.transport && left.port == right.port && local.contains(left.host)
            && local.contains(right.host)
    }
}
