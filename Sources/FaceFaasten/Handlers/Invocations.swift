import Blobs
import Gatehouse
import HTTPTypes
import Hummingbird
import LabelledFiles
import Labels
import Logging
import Model
import Multipart
import NIOCore
import Platform

/// Calls of gates.
extension FaastenFace {
    private static let prefer = HTTPField.Name("Prefer")!
    private static let pieceBytes = 256 << 10

    func invoke(_ gate: Substring, _ request: Request, _ logger: Logger) async throws -> Response {
        let user = try await sender(of: request)
        guard let type = request.headers[.contentType] else { throw Failure.badRequest("the content type is missing") }
        let label = try Self.label(of: request)
        var call = GateRequest(
            path: try Self.path(gate), user: user?.principal ?? .true, label: label ?? .public,
            headers: Self.headers(request))
        let mediaType = MediaType(type)
        switch mediaType?.name {
        case "application/json":
            let most = configuration.maximumRequestBodyBytes
            let buffer = try await request.body.collect(upTo: min(most, user?.maximumBodyBytes ?? most))
            call.payload = Array(buffer.readableBytesView)
        case "multipart/form-data":
            guard let boundary = mediaType?.boundary else {
                throw Failure.badRequest("the content type has no boundary that can be used")
            }
            let limits = InvokeForm.Limits(
                bodyBytes: min(
                    configuration.maximumUploadBytes, user?.maximumBodyBytes ?? configuration.maximumUploadBytes),
                payloadBytes: configuration.maximumRequestBodyBytes)
            var form = InvokeForm(gatehouse, as: call.user, label: label, boundary: boundary, limits: limits)
            // Files are written and synced on the way: other connections of the event loop must not wait for that.
            form = try await withTaskExecutorPreference(globalConcurrentExecutor) { [form] in
                var form = form
                for try await buffer in request.body { try await form.take(buffer) }
                try form.finish()
                return form
            }
            call.payload = form.payload ?? []
            call.label = form.label
            call.uploads = form.uploads
        default: throw Failure(.unsupportedMediaType, "send `application/json` or `multipart/form-data`")
        }
        try Self.checkJSON(call.payload)
        if Self.wantsNoAnswer(request) {
            let id = try await gatehouse.start(call)
            return Reply.json(.accepted) { $0.member("invocation", id) }
        }
        return Self.response(try await gatehouse.invoke(call))
    }

    /// The answer of a call that was not waited for.
    func showInvocation(_ id: Substring, _ request: Request) async throws -> Response {
        let user = try await user(of: request)
        guard let id = PercentCoding.decoded(id) else { throw GateFailure.unknownInvocation }
        let label = try Self.label(of: request) ?? .public
        guard let answer = try await gatehouse.result(of: id, for: user.principal, label: label) else {
            return Reply.json(.accepted) { $0.member("invocation", id) }
        }
        return Self.response(answer)
    }

    /// The path of a gate as it stands in a URL: a slash is one, however it is written.
    static func path(_ text: Substring) throws -> FilePath {
        guard let text = PercentCoding.decoded(text), let path = try? FilePath(parsing: text) else {
            throw Failure.badRequest("the path of the gate cannot be read")
        }
        return path
    }

    /// What a request says that it may be known by; nil where it says nothing.
    private static func label(of request: Request) throws -> Label? {
        let texts = request.headers[values: Reply.label]
        guard let text = texts.first else { return nil }
        guard texts.count == 1 else { throw Failure.badRequest("there is more than one X-Faasten-Label") }
        return try label(text)
    }

    static func label(_ text: String) throws -> Label {
        do { return try Label(parsing: text) } catch { throw Failure.badRequest("bad label: \(error)") }
    }

    private static func checkJSON(_ payload: [UInt8]) throws {
        var scanner = JSONScanner(payload)
        do throws(JSONFault) { _ = try scanner.document() } catch {
            throw Failure.badRequest("the payload is not JSON: \(error.sentence)")
        }
    }

    /// All headers but the login, by names in lower case.
    private static func headers(_ request: Request) -> [String: String] {
        var headers: [String: String] = [:]
        if let host = request.head.authority { headers["host"] = host }
        for field in request.headers where field.name != .authorization {
            let name = field.name.canonicalName
            headers[name] = headers[name].map { "\($0), \(field.value)" } ?? field.value
        }
        return headers
    }

    private static func wantsNoAnswer(_ request: Request) -> Bool {
        request.headers[values: prefer].flatMap { $0.split(separator: ",") }.contains { wish in
            wish.prefix { $0 != ";" }.filter { $0 != " " }.lowercased() == "respond-async"
        }
    }

    static func response(_ answer: GateAnswer) -> Response {
        guard 200...599 ~= answer.status else {
            return Reply.failure(
                Failure(.internalServerError, "failed to process request", detail: "the status is \(answer.status)"))
        }
        let hasBody = answer.status != 204 && answer.status != 304
        var response = Response(
            status: HTTPResponse.Status(code: answer.status), headers: [.contentType: "application/octet-stream"],
            body: hasBody ? body(answer.body) : ResponseBody())
        response.headers[Reply.invocation] = answer.invocation
        response.headers[Reply.duration] = "\(answer.nanoseconds)"
        if answer.functionFailed { response.headers[Reply.functionError] = "1" }
        return response
    }

    private static func body(_ body: GateAnswer.Body) -> ResponseBody {
        switch body {
        case .bytes(let bytes): return ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        case .blob(let reader):
            return ResponseBody(contentLength: reader.length) { writer in
                for start in stride(from: 0, to: reader.length, by: pieceBytes) {
                    let piece = try await withTaskExecutorPreference(globalConcurrentExecutor) {
                        try reader.bytes(at: start, count: pieceBytes)
                    }
                    try await writer.write(ByteBuffer(bytes: piece))
                }
                try await writer.finish(nil)
            }
        }
    }
}
