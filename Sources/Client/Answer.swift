import NIOHTTP1

/// A server's answer to one request.
struct Answer {
    var status: HTTPResponseStatus
    var bytes: [UInt8]

    /// The JSON of an answer with status 200; every other answer is an error.
    func value(url: String, connection: Connection) throws(ClientError) -> JSON {
        let json = try? JSON(parsing: bytes)
        if status.code == 200 {
            guard let json else {
                throw ClientError(.refused(status: 200, reason: status.reasonPhrase), rawMessage(url: url))
            }
            return json
        }
        var error = ClientError(.refused(status: Int(status.code), reason: status.reasonPhrase), "")
        switch json {
        case .object:
            error.message = json?["message"].flatMap(Self.text) ?? json?["detail"].flatMap(Self.text) ?? "No message."
            error.errorCode = json?["error_code"]?.string
            error.serverTraceback = json?["server_traceback"]?.string
        case .some(let value): error.message = value.string ?? value.compact
        case nil: error.message = rawMessage(url: url)
        }
        if status.code == 401 { error.hint = Self.authenticationHint(connection) }
        throw error
    }

    private static func text(_ value: JSON) -> String? {
        guard value != .null, value != "" else { return nil }
        return value.string ?? value.compact
    }

    private func rawMessage(url: String) -> String { "\(String(decoding: bytes, as: UTF8.self)) [\(url)]" }

    private static func authenticationHint(_ connection: Connection) -> String {
        let problem =
            connection.credentials == nil
            ? "No token was sent to \(connection.address) (\(connection.origin))."
            : "\(connection.address) does not accept these credentials (\(connection.origin))."
        return """
            \(problem)
            The server wrote the administrator's token to `\(LocalServer.tokenFileName)` in its data folder at its first start.
            Use it with `fas profiles create --host HOST --token TOKEN`, or `fas profiles update NAME --token TOKEN`.
            On the server's own machine, SWIFTLET_DATA=FOLDER lets `fas` find it.
            """
    }
}
