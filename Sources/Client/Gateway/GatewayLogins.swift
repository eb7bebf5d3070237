import Yams

/// The logins of gateways, in the file that OpenFaaS's tools keep them in.
public struct GatewayLogins: Sendable {
    struct Login: Hashable, Sendable {
        var gateway: String
        /// The base64 of `USER:PASSWORD`.
        var token: String
    }

    private let folder: String
    var logins: [Login]

    private var path: String { "\(folder)/config.yml" }

    /// Reads the file, where there is one.
    public init(environment: ClientEnvironment = .current) throws(ClientError) {
        if let given = environment["OPENFAAS_CONFIG"] {
            folder = environment.expand(given)
        } else if ["true", "1"].contains(environment["CI"]) {
            folder = ".openfaas"
        } else {
            folder = "\(environment.home)/.openfaas"
        }
        logins = []
        let bytes: [UInt8]
        do { bytes = try PrivateFile.read("\(folder)/config.yml") } catch {
            if error.isAbsence { return }
            throw .local(error.message)
        }
        guard let root = try? Yams.compose(yaml: String(decoding: bytes, as: UTF8.self)) else {
            throw .local("`\(folder)/config.yml` is not YAML.")
        }
        for node in root["auths"]?.sequence ?? [] {
            guard let gateway = node["gateway"]?.scalar?.string, let token = node["token"]?.scalar?.string else {
                continue
            }
            logins.append(Login(gateway: gateway, token: token))
        }
    }

    /// The value of the `Authorization` header for a gateway; nil where there is no login.
    public func authorization(for gateway: String) -> String? {
        let login =
            logins.first { $0.gateway == gateway } ?? logins.first { GatewayAddress.areSame($0.gateway, gateway) }
        return login.map { "Basic \($0.token)" }
    }

    /// Stores a login in the place of an older one.
    public mutating func save(_ gateway: String, user: String, password: String) throws(ClientError) {
        logins.removeAll { $0.gateway == gateway }
        logins.append(Login(gateway: gateway, token: Base64.encode(Array("\(user):\(password)".utf8))))
        try write()
    }

    /// Forgets a login. False: there was none.
    public mutating func remove(_ gateway: String) throws(ClientError) -> Bool {
        let count = logins.count
        logins.removeAll { $0.gateway == gateway }
        guard logins.count < count else { return false }
        try write()
        return true
    }

    private func write() throws(ClientError) {
        var text = "auths:\(logins.isEmpty ? " []" : "")\n"
        for login in logins { text += "- gateway: \(login.gateway)\n  auth: basic\n  token: \(login.token)\n" }
        do {
            try PrivateFile.makeFolder(folder)
            try PrivateFile.write(Array(text.utf8), to: path)
        } catch { throw .local(error.message) }
    }
}
