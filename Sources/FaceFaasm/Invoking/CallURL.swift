import HTTPTypes
import Hummingbird
import Model
import Platform
import Storage

extension FaasmFace {
    private static let returnCode = HTTPField.Name("X-Faasm-Return-Code")!
    private static let callID = HTTPField.Name("X-Faasm-Call-Id")!
    private static let execution = HTTPField.Name("X-Swiftlet-Execution")!

    /// `POST /faasm/call/USER/FUNC` with the input as body, or `GET` without any: answers the output.
    func call(_ request: Request, _ parts: [String], _ access: Access) async throws -> Response {
        guard request.method == .post || request.method == .get else {
            throw Failure(.methodNotAllowed, "Method not allowed")
        }
        guard parts.count == 2 else { throw Failure(.notFound, "The path is /faasm/call/USER/FUNCTION.") }
        let key = try Self.key(parts[0], parts[1])
        try access.require(.run)
        try access.requireVisible(key)
        let query = request.uri.queryParameters
        let isQueued = try Self.truth("async", query["async"])
        let input = Array(try await request.body.collect(upTo: bodyLimit(access)).readableBytesView)
        let detail = CallDetail(
            entry: query["entry"].map(String.init), commandLine: query["cmdline"].map(String.init))
        if isQueued {
            var message = Message(detail)
            message[text: "user"] = parts[0]
            message[text: "function"] = parts[1]
            message.input = input
            let record = try await startAlone(message, access)
            var response = Reply.text("\(record.number)", status: .accepted)
            response.headers[Self.callID] = "\(record.number)"
            response.headers[Self.execution] = record.executions.first?.description
            return response
        }
        let (done, number) = try await run(key, input, detail)
        let code = ReturnCode.of(done.outcome.fault)
        let failed: HTTPResponse.Status = code == ReturnCode.timedOut ? .gatewayTimeout : .internalServerError
        var response = Reply.bytes(shownOutput(of: done.outcome, "\(number)"), status: code == 0 ? .ok : failed)
        response.headers[Self.returnCode] = "\(code)"
        response.headers[Self.callID] = "\(number)"
        response.headers[Self.execution] = "\(done.id)"
        return response
    }

    /// A parameter that is true or false; false where it is missing.
    private static func truth(_ name: String, _ text: Substring?) throws -> Bool {
        switch text?.lowercased() {
        case "true": return true
        case "false", nil: return false
        default: throw Failure(.badRequest, "`\(name)` must be true or false, but is `\(text ?? "")`.")
        }
    }
}
