import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOSSL

/// Speaks with an OpenFaaS gateway.
public struct GatewayClient: Sendable {
    /// What a gateway answered.
    public struct Answer: Sendable {
        public var status: Int
        public var headers: [(name: String, value: String)]
        public var bytes: [UInt8]

        public var isSuccess: Bool { (200..<300).contains(status) }
        /// The body as text, without the line ends after it.
        public var text: String {
            String(String(decoding: bytes, as: UTF8.self).reversed().drop { $0.isNewline }.reversed())
        }
    }

    public let gateway: String
    private let authorization: String?
    private let http: HTTPClient

    static let maximumResponseBytes = 128 << 20

    /// Makes a client, hands it to `body`, and closes its connections afterwards.
    public static func with<Result>(
        _ gateway: String, authorization: String?, trustAll: Bool = false,
        _ body: (GatewayClient) async throws -> Result
    ) async throws -> Result {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout = .init(connect: .seconds(10))
        configuration.httpVersion = .http1Only
        // A server that is down is reported at once instead of being tried for ten seconds.
        configuration.connectionPool.retryConnectionEstablishment = false
        if trustAll {
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.certificateVerification = .none
            configuration.tlsConfiguration = tls
        }
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let client = GatewayClient(gateway: gateway, authorization: authorization, http: http)
        do {
            let result = try await body(client)
            try? await http.shutdown()
            return result
        } catch {
            try? await http.shutdown()
            throw error
        }
    }

    /// Sends a request and takes whatever the answer is.
    public func send(
        _ method: String, _ path: String, body: [UInt8]? = nil, headers: [(String, String)] = [], signsIn: Bool = true
    ) async throws(ClientError) -> Answer {
        do {
            let response = try await http.execute(
                request(method, path, body, headers, signsIn: signsIn), timeout: .hours(24))
            let bytes = try await response.body.collect(upTo: Self.maximumResponseBytes)
            return Answer(
                status: Int(response.status.code), headers: response.headers.map { ($0.name, $0.value) },
                bytes: Array(bytes.readableBytesView))
        } catch { throw failure(error) }
    }

    /// Sends a request with JSON, and refuses answers other than a success.
    public func manage(_ method: String, _ path: String, _ body: JSON? = nil) async throws(ClientError) -> Answer {
        let answer = try await send(
            method, path, body: body.map { Array($0.compact.utf8) }, headers: [("Content-Type", "application/json")])
        guard answer.isSuccess else { throw Self.refusal(answer) }
        return answer
    }

    /// Receives the lines of an answer until it ends.
    public func lines(
        _ method: String, _ path: String, body: [UInt8]? = nil, headers: [(String, String)] = [],
        _ take: (String) throws -> Void
    ) async throws(ClientError) {
        do {
            let response = try await http.execute(
                request(method, path, body, headers, signsIn: true), timeout: .hours(24))
            guard (200..<300).contains(Int(response.status.code)) else {
                let bytes = try await response.body.collect(upTo: Self.maximumResponseBytes)
                throw Self.refusal(
                    Answer(status: Int(response.status.code), headers: [], bytes: Array(bytes.readableBytesView)))
            }
            var lines = LineSplitter()
            for try await bytes in response.body { try lines.split(bytes.readableBytesView, take) }
            try lines.finish(take)
        } catch { throw failure(error) }
    }

    private func request(
        _ method: String, _ path: String, _ body: [UInt8]?, _ headers: [(String, String)], signsIn: Bool
    ) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: gateway + path)
        request.method = HTTPMethod(rawValue: method)
        request.headers.add(name: "User-Agent", value: "swiftlet-faas")
        if signsIn, let authorization { request.headers.add(name: "Authorization", value: authorization) }
        for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
        if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
        return request
    }

    /// What a command says of an answer that is no success.
    public static func refusal(_ answer: Answer) -> ClientError {
        if answer.status == 401 {
            return ClientError(
                .refused(status: 401, reason: ""),
                "unauthorized access, run \"faas login\" to setup authentication for this server")
        }
        return ClientError(
            .refused(status: answer.status, reason: ""),
            "server returned unexpected status code: \(answer.status) - \(answer.text)")
    }

    private func failure(_ error: any Error) -> ClientError {
        if let error = error as? ClientError { return error }
        let address = Connection.Address(gateway)
        let connection = Connection(
            transport: address?.transport ?? "http", host: address?.host ?? gateway, port: address?.port ?? 8080)
        let cause = ConnectionFailure.error(for: error, connection: connection)
        return ClientError(.connection, "cannot connect to OpenFaaS on URL: \(gateway): \(cause.message)")
    }
}
