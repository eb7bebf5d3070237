import HTTPTypes
import Hummingbird
import Model
import NIOCore
import Platform
import PlatformHTTP
import Storage

/// Calls that the caller waits for.
extension OpenFaaSFace {
    func invoke(_ address: CallAddress, _ request: Request, _ remote: ConnectionContext) async throws -> Response {
        guard request.headers[.upgrade]?.lowercased() != "websocket" else {
            throw Refusal(.notImplemented, "WebSockets are not supported.", origin: .proxy)
        }
        let key = try await key(address.name)
        let callee = try await callee(key, for: request)
        metrics.started(key)
        let started = ContinuousClock.now
        var response: Response
        do {
            response = try await run(callee, address, request, remote)
        } catch {
            let refusal = Refusal(error)
            if refusal.status == .internalServerError { throw error }
            response = refusal.response
        }
        response.headers[CallHeaders.servedBy] = "swiftlet/\(Product.version)"
        metrics.finished(key, request.method, code: response.status.code, after: ContinuousClock.now - started)
        return response
    }

    private func run(
        _ callee: Callee, _ address: CallAddress, _ request: Request, _ remote: ConnectionContext
    ) async throws -> Response {
        let key = callee.function.key
        let most = callee.deployment?.environment["max_inflight"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
        guard inFlight.enter(key, atMost: most) else {
            throw Refusal(.tooManyRequests, "Too many calls of this function run (`max_inflight`).", origin: .watchdog)
        }
        var isStreaming = false
        defer { if !isStreaming { inFlight.leave(key) } }
        let id = platform.makeExecutionID()
        let start = platform.now
        let limit = limit(callee, request)
        let type = Self.streamedType(callee, request)
        let input = try await input(
            callee, address, request, id.description, start, remote, isStreamed: type != nil)
        /// The answer of a call that has ended.
        func whole(_ outcome: CallOutcome) -> Response {
            let answer =
                callee.function.face == .openfaas
                ? CallAnswer(output: outcome.output, fault: outcome.fault, name: address.name, timeout: limit.answer)
                : CallAnswer(json: outcome.output, fault: outcome.fault, name: address.name, timeout: limit.answer)
            var response = Self.response(answer, to: request)
            response.headers[CallHeaders.duration] = Self.seconds(outcome.usage.wallMicroseconds)
            return response
        }
        var response: Response
        do {
            if let type {
                // The call gives its place back itself, when it ends.
                isStreaming = true
                response = try await stream(
                    callee, input, id, within: limit.time, type: type, to: remote, whole: whole)
            } else {
                response = whole(try await platform.invoke(key, input: input, id: id, within: limit.time).outcome)
            }
        } catch let error as PlatformError {
            switch error.code {
            case .unavailable, .noSpots:
                throw Refusal(
                    .serviceUnavailable, "No endpoints available for: \(address.name).", origin: .proxy)
            case .functionNotFound: throw Refusal.unknown(GatewayName.text(key), origin: .proxy)
            default: throw error
            }
        }
        response.headers[CallHeaders.startTime] = "\(start.microseconds)000"
        if request.headers[CallHeaders.callID] == nil { response.headers[CallHeaders.callID] = id.description }
        return response
    }

    /// What a call of a function needs to be known; a 404 where there is none. Functions of this face may be called by
    /// anybody, others only with a login, as at their own face.
    func callee(_ key: FunctionKey, for request: Request) async throws -> Callee {
        do throws(PlatformError) {
            let callee = try await platform.callee(key)
            guard callee.function.face != .openfaas else { return callee }
            let access = try await platform.signIn(authorization: request.headers[.authorization])
            try access.require(.run)
            try access.requireVisible(key)
            return callee
        } catch {
            throw error.code == .functionNotFound ? Refusal.unknown(GatewayName.text(key), origin: .proxy) : error
        }
    }

    /// The input of a call: the request for functions of this face, the arguments for those of another.
    func input(
        _ callee: Callee, _ address: CallAddress, _ request: Request, _ call: String, _ start: Timestamp,
        _ remote: ConnectionContext, isQueued: Bool = false, isStreamed: Bool = false
    ) async throws -> [UInt8] {
        let buffer = try await request.body.collect(upTo: configuration.maximumRequestBodyBytes)
        let body = Array(buffer.readableBytesView)
        guard callee.function.face == .openfaas else { return try Self.arguments(body) }
        let language = Language(template: callee.entry ?? "") ?? .classic
        let method = isQueued ? .post : request.method
        guard language.takes(method) else {
            throw Refusal(.methodNotAllowed, "Method Not Allowed\n", origin: .watchdog)
        }
        var headers = CallHeaders.toFunction(
            request, call: call, start: start, from: remote.remoteAddress, dropsLogin: await hasOwnLogin(request))
        if isStreamed { headers.insert((CallHeaders.stream, "1"), at: 0) }
        if isQueued {
            headers.removeAll { $0.name.lowercased() == "user-agent" }
            headers.append(("User-Agent", "openfaas-ce/nats-queue-worker"))
        }
        return GatewayRequest(
            method: method.rawValue, path: address.path, query: request.uri.query ?? "", function: address.name,
            body: body, headers: headers
        ).encoded
    }

    /// How long a call may take, and what the caller gets when it is over.
    private func limit(_ callee: Callee, _ request: Request) -> (time: Duration, answer: CallAnswer) {
        guard callee.function.face == .openfaas else { return (configuration.timeout, .gatewayTimeout) }
        let language = Language(template: callee.entry ?? "") ?? .classic
        var own = Duration.milliseconds(callee.function.limits.wallTimeMilliseconds)
        if language != .classic, let wish = request.headers[CallHeaders.timeout].flatMap(Amount.duration) {
            own = min(own, wish)
        }
        return own < configuration.timeout
            ? (own, .timeout(of: language)) : (configuration.timeout, .gatewayTimeout)
    }

    /// The JSON object that other faces' functions take; an empty body means no arguments.
    private static func arguments(_ body: [UInt8]) throws -> [UInt8] {
        guard body.contains(where: { $0 > 0x20 }) else { return Array("{}".utf8) }
        var scanner = JSONScanner(body)
        do throws(JSONFault) {
            let (kind, range) = try scanner.document()
            guard kind == .object else { throw scanner.fault("a JSON object is expected") }
            return Array(body[range])
        } catch {
            throw Refusal(.badRequest, "This function takes its arguments as a JSON object: \(error.sentence).")
        }
    }

    /// Whether the request carries a login of this server, which is no function's business.
    private func hasOwnLogin(_ request: Request) async -> Bool {
        guard let header = request.headers[.authorization] else { return false }
        return await platform.isOwnLogin(authorization: header)
    }

    private static func response(_ answer: CallAnswer, to request: Request) -> Response {
        var headers = CallHeaders.fromFunction(answer.response.headers)
        if headers[.contentType] == nil, !answer.response.body.isEmpty || answer.origin == nil {
            headers[.contentType] = request.headers[.contentType] ?? Reply.plainText
        }
        if let origin = answer.origin { headers[Reply.internalError] = origin.rawValue }
        return Response(
            status: HTTPResponse.Status(code: answer.response.status), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.response.body)))
    }

    /// Seconds with six decimals.
    static func seconds(_ microseconds: Int64) -> String {
        let fraction = String(microseconds % 1_000_000)
        return "\(microseconds / 1_000_000)." + String(repeating: "0", count: 6 - fraction.count) + fraction
    }
}
