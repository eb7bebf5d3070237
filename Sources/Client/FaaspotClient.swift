import AsyncHTTPClient
import NIOCore
public import NIOHTTP1
import NIOSSL

/// Speaks the FaaSpot HTTP API with one server.
public struct FaaspotClient: Sendable {
    /// What a client tells about its work, the more the higher.
    public enum TraceLevel: Int, Sendable, Comparable {
        case step = 1
        case request, wire

        public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    /// Receives what a client tells about its work; never a secret.
    public typealias Trace = @Sendable (TraceLevel, String) -> Void

    public let connection: Connection
    let routes: Routes
    private let http: HTTPClient
    private let trace: Trace

    /// Makes a client, hands it to `body`, and closes its connections afterwards.
    public static func with<Result>(
        _ connection: Connection, trace: @escaping Trace = { _, _ in },
        _ body: (FaaspotClient) async throws -> Result
    ) async throws -> Result {
        let http = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: try configuration(for: connection))
        let client = FaaspotClient(connection: connection, http: http, trace: trace)
        do {
            let result = try await body(client)
            try? await http.shutdown()
            return result
        } catch {
            try? await http.shutdown()
            throw error
        }
    }

    private init(connection: Connection, http: HTTPClient, trace: @escaping Trace) {
        self.connection = connection
        self.http = http
        self.trace = trace
        routes = Routes(prefix: connection.prefix, application: connection.application)
        trace(.step, "Using \(connection.address)/\(connection.prefix)/ (\(connection.origin))")
        if connection.trustAll { trace(.step, "The server's certificate is not verified.") }
    }

    static func configuration(for connection: Connection) throws(ClientError) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        // Blocking runs take as long as they take: only connecting has a limit.
        configuration.timeout = .init(connect: .seconds(10))
        configuration.httpVersion = .http1Only
        configuration.redirectConfiguration = .disallow
        // A server that is down is reported at once instead of being tried for ten seconds.
        configuration.connectionPool.retryConnectionEstablishment = false
        guard connection.transport == "https" else { return configuration }
        var tls = TLSConfiguration.makeClientConfiguration()
        if connection.trustAll { tls.certificateVerification = .none }
        if let file = connection.certificate {
            do { tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(file)) } catch {
                throw .local("Cannot read the certificate `\(file)` of the profile: \(error)")
            }
        }
        configuration.tlsConfiguration = tls
        return configuration
    }

    /// Sends one request and returns the JSON of an answer with status 200; every other answer is an error.
    func send(
        _ method: HTTPMethod, _ path: String, body: JSON? = nil, headers: [(String, String)] = []
    ) async throws(ClientError) -> JSON {
        try await reply(to: method, path, body: body, headers: headers).json
    }

    /// As ``send(_:_:body:headers:)``, with the answer's headers.
    func reply(
        to method: HTTPMethod, _ path: String, body: JSON? = nil, headers: [(String, String)] = []
    ) async throws(ClientError) -> (json: JSON, headers: HTTPHeaders) {
        var request = request(method, path, accepting: "application/json")
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body { request.body = .bytes(ByteBuffer(string: body.compact)) }
        describe(request, body: body)
        let start = ContinuousClock.now
        let response: HTTPClientResponse
        let bytes: ByteBuffer
        do {
            response = try await http.execute(request, timeout: .hours(24))
            bytes = try await response.body.collect(upTo: Self.maximumResponseBytes)
        } catch {
            throw ConnectionFailure.error(for: error, connection: connection)
        }
        describe(response, bytes: bytes.readableBytes, after: ContinuousClock.now - start)
        let json = try Answer(status: response.status, bytes: Array(bytes.readableBytesView)).value(
            url: request.url, connection: connection)
        return (json, response.headers)
    }

    /// Sends bytes and returns the answer as it is, whatever its status.
    public func exchange(
        _ method: HTTPMethod, _ path: String, _ body: [UInt8]? = nil, headers: [(String, String)] = []
    ) async throws(ClientError) -> Exchange {
        var request = request(method, path, accepting: "*/*")
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
        describe(request, body: nil)
        let start = ContinuousClock.now
        do {
            let response = try await http.execute(request, timeout: .hours(24))
            let bytes = try await response.body.collect(upTo: Self.maximumResponseBytes)
            describe(response, bytes: bytes.readableBytes, after: ContinuousClock.now - start)
            return Exchange(
                status: Int(response.status.code), reason: response.status.reasonPhrase, headers: response.headers,
                body: Array(bytes.readableBytesView))
        } catch {
            throw ConnectionFailure.error(for: error, connection: connection)
        }
    }

    /// Receives server-sent events until the server ends them.
    func events(
        _ path: String, _ take: (ServerSentEvent) throws(ClientError) -> Void
    ) async throws(ClientError) {
        let request = request(.GET, path, accepting: "text/event-stream")
        describe(request, body: nil)
        do {
            let response = try await http.execute(request, timeout: .hours(24))
            guard response.status == .ok else {
                let bytes = try await response.body.collect(upTo: Self.maximumResponseBytes)
                _ = try Answer(status: response.status, bytes: Array(bytes.readableBytesView)).value(
                    url: request.url, connection: connection)
                return
            }
            var parser = ServerSentEvent.Parser()
            for try await bytes in response.body {
                for event in parser.take(bytes.readableBytesView) { try take(event) }
            }
        } catch let error as ClientError {
            throw error
        } catch {
            throw ConnectionFailure.error(for: error, connection: connection)
        }
    }

    private func request(_ method: HTTPMethod, _ path: String, accepting type: String) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: connection.address + path)
        request.method = method
        request.headers.add(name: "Content-Type", value: "application/json")
        request.headers.add(name: "Accept", value: type)
        request.headers.add(name: "User-Agent", value: "swiftlet-fas")
        if let credentials = connection.credentials {
            request.headers.add(name: "Authorization", value: credentials.header)
        }
        return request
    }

    /// Answers beyond this are refused: a function's output is limited to less.
    static let maximumResponseBytes = 128 << 20

    func tell(_ level: TraceLevel, _ message: @autoclosure () -> String) { trace(level, message()) }

    private func describe(_ request: HTTPClientRequest, body: JSON?) {
        trace(.request, "Sending request: \(request.method.rawValue) \(request.url)")
        for header in request.headers {
            let isSecret = header.name == "Authorization"
            let scheme = header.value.prefix { $0 != " " }
            trace(.wire, "request header: \(header.name): \(isSecret ? "\(scheme) ***" : header.value)")
        }
        if let body { trace(.wire, "request body: \(body.compact.utf8.count) bytes") }
    }

    private func describe(_ response: HTTPClientResponse, bytes: Int, after time: Duration) {
        let milliseconds = time.components.seconds * 1000 + time.components.attoseconds / 1_000_000_000_000_000
        trace(
            .request,
            "Reply: \(response.status.code) \(response.status.reasonPhrase), \(bytes) bytes, \(milliseconds) ms")
        for header in response.headers { trace(.wire, "response header: \(header.name): \(header.value)") }
    }
}
