import AsyncHTTPClient
internal import Model
import NIOCore
import NIOHTTP1

/// Speaks with the HTTP gateway of the labelled file system.
public struct FaastenClient: Sendable {
    public let connection: Connection
    private let http: HTTPClient

    /// Makes a client, hands it to `body`, and closes its connections afterwards.
    public static func with<Result>(
        _ connection: Connection, _ body: (FaastenClient) async throws -> Result
    ) async throws -> Result {
        let http = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: try FaaspotClient.configuration(for: connection))
        do {
            let result = try await body(FaastenClient(connection: connection, http: http))
            try? await http.shutdown()
            return result
        } catch {
            try? await http.shutdown()
            throw error
        }
    }

    /// The same client with other credentials.
    public func acting(with token: String) -> FaastenClient {
        var connection = connection
        connection.credentials = .token(token)
        return FaastenClient(connection: connection, http: http)
    }

    /// A body that is sent.
    enum Body {
        case none
        case json([UInt8])
        case form(MultipartForm, MultipartForm.Progress)
    }

    /// Sends a request and takes whatever the answer is.
    func send(
        _ method: HTTPMethod, _ path: String, _ body: Body = .none, headers: [(String, String)] = []
    ) async throws(ClientError) -> FaastenReply {
        var request = HTTPClientRequest(url: connection.address + path)
        request.method = method
        request.headers.add(name: "User-Agent", value: "swiftlet-fstn")
        if let authorization { request.headers.add(name: "Authorization", value: authorization) }
        switch body {
        case .none: break
        case .json(let bytes):
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: bytes))
        case .form(let form, let progress):
            request.headers.add(name: "Content-Type", value: form.contentType)
            request.body = .stream(form.stream(progress), length: .known(Int64(form.length)))
        }
        for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
        do {
            return FaastenReply(try await http.execute(request, timeout: .hours(24)), connection)
        } catch let error as ClientError {
            throw error
        } catch { throw ConnectionFailure.error(for: error, connection: connection) }
    }

    private var authorization: String? {
        switch connection.credentials {
        case .token(let token): "Bearer \(token)"
        case .password?: connection.credentials?.header
        case nil: nil
        }
    }

    // MARK: What the gateway offers

    /// A file of a call.
    public struct File: Sendable {
        public var name: String
        public var content: MultipartForm.Content

        public init(_ name: String, _ content: MultipartForm.Content) {
            self.name = name
            self.content = content
        }
    }

    /// How a gate is called.
    public struct Call: Sendable {
        /// The path of the gate.
        public var gate: String
        /// JSON.
        public var payload: [UInt8]
        /// The label of the request; nil: public.
        public var label: String?
        public var files: [File] = []
        /// Whether only the id of the invocation is wanted.
        public var isAsynchronous = false

        public init(gate: String, payload: [UInt8], label: String? = nil) {
            self.gate = gate
            self.payload = payload
            self.label = label
        }
    }

    /// Calls a gate. Files are sent as they are read.
    public func invoke(
        _ call: Call, progress: @escaping MultipartForm.Progress = { _, _ in }
    ) async throws(ClientError) -> FaastenReply {
        var body = Body.json(call.payload)
        if !call.files.isEmpty {
            var form = MultipartForm()
            form.add("payload", call.payload)
            for file in call.files { form.add("blob", fileName: file.name, file.content) }
            body = .form(form, progress)
        }
        var headers: [(String, String)] = []
        if let label = call.label { headers.append(("X-Faasten-Label", label)) }
        if call.isAsynchronous { headers.append(("Prefer", "respond-async")) }
        return try await send(.POST, "/faasten/invoke/\(Self.escaped(call.gate))", body, headers: headers)
    }

    /// The answer of an asynchronous call; status 202 while it runs.
    public func invocation(_ id: String) async throws(ClientError) -> FaastenReply {
        try await send(.GET, "/faasten/invocations/\(Self.escaped(id))")
    }

    /// Who the token is for: `{"login": …}`.
    public func me() async throws(ClientError) -> FaastenReply { try await send(.GET, "/me") }

    public func ping() async throws(ClientError) -> FaastenReply { try await send(.GET, "/faasten/ping") }

    public func pingScheduler() async throws(ClientError) -> FaastenReply {
        try await send(.GET, "/faasten/ping/scheduler")
    }

    /// Asks for a token of part of one's own privilege, and with `bootstrap` for the gate `fsutil` of its home.
    public func delegate(
        _ component: String, bootstrap: Bool = false, clearance: String? = nil
    ) async throws(ClientError) -> FaastenReply {
        var members: [JSON.Member] = [
            .init("component", .string(component)), .init("bootstrap", .bool(bootstrap)),
        ]
        if let clearance { members.append(.init("clearance", .string(clearance))) }
        return try await send(.POST, "/faasten/delegate", .json(Array(JSON.object(members).compact.utf8)))
    }

    /// Signs a local user in: `{"token": …}`.
    public func login(name: String, password: String) async throws(ClientError) -> FaastenReply {
        let body: JSON = ["username": .string(name), "password": .string(password)]
        return try await send(
            .POST, "/login", .json(Array(body.compact.utf8)), headers: [("Accept", "application/json")])
    }

    /// What a gate's function put out, as lines of JSON.
    public func logs(of gate: String, follow: Bool) async throws(ClientError) -> FaastenReply {
        try await send(.GET, "/faasten/logs/\(Self.escaped(gate))?follow=\(follow)")
    }

    /// What was refused for labels' sake, as far as one may know of it.
    public func denials() async throws(ClientError) -> FaastenReply { try await send(.GET, "/faasten/denials") }

    /// Checks every object, name and blob; for the operator.
    public func check() async throws(ClientError) -> FaastenReply { try await send(.GET, "/faasten/check") }

    /// Removes what no name leads to; for the operator.
    public func collect() async throws(ClientError) -> FaastenReply { try await send(.POST, "/faasten/collect") }

    private static func escaped(_ part: String) -> String { PercentCoding.encoded(part, safe: "") }
}
