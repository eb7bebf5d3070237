import Model
import NIOHTTP1

/// What Faasm's paths of a server offer.
public struct FaasmClient: Sendable {
    /// How a call ended.
    public struct CallResult: Sendable {
        public var code: Int32
        public var output: [UInt8]
        /// The number that its status and graph can be asked for by.
        public var number: Int64?
        public var execution: String?

        public var json: JSON {
            let text = String(validating: output, as: UTF8.self)
            return [
                "return_code": .number("\(code)"),
                text == nil ? "output_base64" : "output": .string(text ?? Base64.encode(output)),
                "call_id": number.map { .number("\($0)") } ?? .null,
                "execution": execution.map(JSON.string) ?? .null,
            ]
        }
    }

    /// What a call is given.
    public struct Call: Sendable {
        public var user: String
        public var function: String
        public var input: [UInt8]
        public var entry: String?
        public var commandLine: String?

        public init(
            user: String, function: String, input: [UInt8] = [], entry: String? = nil, commandLine: String? = nil
        ) {
            self.user = user
            self.function = function
            self.input = input
            self.entry = entry
            self.commandLine = commandLine
        }

        fileprivate func path(_ more: [(String, String?)] = []) -> String {
            let query = ([("entry", entry), ("cmdline", commandLine)] + more).compactMap { name, value in
                value.map { "\(name)=\(FaasmClient.escape($0))" }
            }
            let path = "/faasm/call/\(FaasmClient.escape(user))/\(FaasmClient.escape(function))"
            return query.isEmpty ? path : path + "?" + query.joined(separator: "&")
        }
    }

    let client: FaaspotClient

    public init(_ client: FaaspotClient) { self.client = client }

    static func escape(_ part: String) -> String { PercentCoding.encoded(part, safe: "") }

    private static func path(_ parts: String...) -> String {
        "/faasm/upload/" + parts.map(escape).joined(separator: "/")
    }

    /// Whether the connection leads to where uploads are taken: a listener for them, or a server's main one.
    public func answersPing() async -> Bool {
        for path in ["/ping", "/faasm/upload/ping"] {
            if (try? await client.exchange(.GET, path))?.text == "PONG" { return true }
        }
        return false
    }

    /// `kind` is `p` for Python, `f` for a module. Returns what the user is to be warned of.
    public func upload(
        _ kind: String, _ user: String, _ function: String, _ bytes: [UInt8], requirements: String? = nil
    ) async throws(ClientError) -> String? {
        let query = requirements.map { "?requirements=\(Self.escape($0))" } ?? ""
        let answer = try await client.exchange(.PUT, Self.path(kind, user, function) + query, bytes).succeeded()
        return answer.headers["X-Swiftlet-Warning"].first
    }

    public func delete(_ user: String, _ function: String) async throws(ClientError) {
        _ = try await client.exchange(.DELETE, Self.path("p", user, function)).succeeded()
    }

    /// Calls a function and waits for its end, also where that is a failure.
    public func call(_ call: Call) async throws(ClientError) -> CallResult {
        let answer = try await client.exchange(.POST, call.path(), call.input)
        guard let code = answer.headers["X-Faasm-Return-Code"].first.flatMap({ Int32($0) }) else {
            _ = try answer.succeeded()
            throw client.unexpected("the end of a call")
        }
        return CallResult(
            code: code, output: answer.body, number: answer.headers["X-Faasm-Call-Id"].first.flatMap { Int64($0) },
            execution: answer.headers["X-Swiftlet-Execution"].first)
    }

    /// Queues a call and returns its number.
    public func start(_ call: Call) async throws(ClientError) -> Int64 {
        let answer = try await client.exchange(.POST, call.path([("async", "true")]), call.input).succeeded()
        guard let number = Int64(answer.text) else { throw client.unexpected("the id of a call") }
        return number
    }

    /// What became of a call that was queued: nothing while it runs. The server holds the answer until the end, or for a while.
    public func result(of number: Int64) async throws(ClientError) -> CallResult? {
        let request: JSON = [
            "http_type": 11, "payload": .string(JSON(dictionaryLiteral: ("appId", .number("\(number)"))).compact),
        ]
        let answer = try await client.exchange(.POST, "/", Array(request.compact.utf8))
        guard answer.status == 200, let json = try? JSON(parsing: answer.body) else {
            throw ClientError(.refused(status: answer.status, reason: answer.reason), answer.text)
        }
        guard let message = json["messageResults"]?.array?.first else { return nil }
        var code: Int32 = 0
        if case .number(let digits)? = message["returnValue"] { code = Int32(digits) ?? 1 }
        return CallResult(code: code, output: Array((message["output_data"]?.string ?? "").utf8), number: number)
    }

    /// `RUNNING`, or `SUCCESS:` or `FAILED:` with the output.
    public func status(of number: Int64) async throws(ClientError) -> String {
        let answer = try await ask(number, "status")
        return answer.status == 500 && answer.text.hasPrefix("FAILED") ? answer.text : try answer.succeeded().text
    }

    /// The graph of a call that has ended, with all that came of it.
    public func graph(of number: Int64) async throws(ClientError) -> JSON {
        let body = try await ask(number, "exec_graph").succeeded().body
        guard let json = try? JSON(parsing: body) else { throw client.unexpected("a graph") }
        return json
    }

    private func ask(_ number: Int64, _ what: String) async throws(ClientError) -> Exchange {
        let request = JSON.object([.init("id", .number("\(number)")), .init(what, true)])
        return try await client.exchange(.POST, "/", Array(request.compact.utf8))
    }

    /// The names of a user's functions.
    public func functions(of user: String) async throws(ClientError) -> [String] {
        let answer = try await client.exchange(.GET, "/v1/functions/\(Self.escape(user))/").succeeded()
        guard let list = try? JSON(parsing: answer.body).array else { throw client.unexpected("a list") }
        return list.compactMap { $0["name"]?.string }
    }

    // MARK: State and files

    public func state(_ user: String, _ key: String) async throws(ClientError) -> [UInt8] {
        try await client.exchange(.GET, Self.path("s", user, key)).succeeded().body
    }

    public func setState(_ user: String, _ key: String, _ value: [UInt8]) async throws(ClientError) {
        _ = try await client.exchange(.PUT, Self.path("s", user, key), value).succeeded()
    }

    public func deleteState(_ user: String, _ key: String) async throws(ClientError) {
        _ = try await client.exchange(.DELETE, Self.path("s", user, key)).succeeded()
    }

    public func stateKeys(_ user: String) async throws(ClientError) -> [String] {
        let answer = try await client.exchange(.GET, Self.path("s", user)).succeeded()
        guard let keys = try? JSON(parsing: answer.body).array else { throw client.unexpected("a list") }
        return keys.compactMap(\.string)
    }

    public func file(_ user: String, _ path: String) async throws(ClientError) -> [UInt8] {
        try await client.exchange(.GET, Self.file(user), headers: [("FilePath", path)]).succeeded().body
    }

    public func setFile(_ user: String, _ path: String, _ bytes: [UInt8]) async throws(ClientError) {
        _ = try await client.exchange(.PUT, Self.file(user), bytes, headers: [("FilePath", path)]).succeeded()
    }

    public func deleteFile(_ user: String, _ path: String) async throws(ClientError) {
        _ = try await client.exchange(.DELETE, Self.file(user), headers: [("FilePath", path)]).succeeded()
    }

    private static func file(_ user: String) -> String { path("file") + "?user=\(escape(user))" }
}
