import Yams

extension Profile {
    /// Reads the settings of one profile; what is empty counts as missing.
    init(_ node: Node, name: String) throws(ClientError) {
        func text(_ key: String) -> String? {
            guard let scalar = node[key]?.scalar, node[key]?.null == nil, !scalar.string.isEmpty else { return nil }
            return scalar.string
        }
        if let text = text("port") {
            guard let number = Int(text), (1...65535).contains(number) else {
                throw .local("The port of profile `\(name)` is `\(text)`, but must be a number from 1 to 65535.")
            }
            port = number
        }
        if let text = text("protocol") {
            guard text == "http" || text == "https" else {
                throw .local("The protocol of profile `\(name)` is `\(text)`, but must be `http` or `https`.")
            }
            transport = text
        }
        host = text("host")
        token = text("token")
        username = text("username")
        password = text("password")
        application = text("application")
        certificate = text("ssl_certificate")
        trustAll = node["ssl_trust_all"]?.bool
        apiPrefix = text("api-prefix")
    }

    /// Writes the settings over those of `node`, whose other keys stay.
    func write(over node: Node) -> Node {
        var mapping = node.mapping ?? Node.Mapping([])
        let settings: [(String, Node?)] = [
            ("host", host.map(Node.text)), ("port", port.map { Node(String($0)) }),
            ("protocol", transport.map(Node.text)),
            ("token", token.map(Node.text)), ("username", username.map(Node.text)),
            ("password", password.map(Node.text)),
            ("application", application.map(Node.text)), ("ssl_certificate", certificate.map(Node.text)),
            ("ssl_trust_all", trustAll.map { Node(String($0)) }), ("api-prefix", apiPrefix.map(Node.text)),
        ]
        for (key, value) in settings { mapping[Node(key)] = value }
        return .mapping(mapping)
    }
}

extension Node {
    /// A string, in quotes where YAML would otherwise read it as a number, a date or the like.
    static func text(_ string: String) -> Node {
        let plain = Node(string)
        return plain.tag == Tag(.str) ? plain : Node(string, Tag(.str), .singleQuoted)
    }
}
