import HTTPTypes
import Hummingbird
import Model
import Platform
import Storage

extension FaasmFace {
    private static let returnCode = HTTPField.Name("X-Faasm-Return-Code")!
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
        let detail = CallDetail(
            entry: query["entry"].map(String.init), commandLine: query["cmdline"].map(String.init))
        let input = try await request.body.collect(upTo: configuration.maximumInputBytes)
        if query["async"] == "true" {
            let id = try await platform.enqueue(key, inputs: [Array(input.readableBytesView)], detail: detail)[0]
            var response = Reply.text("\(id)", status: .accepted)
            response.headers[Self.execution] = "\(id)"
            return response
        }
        let done = try await platform.invoke(key, input: Array(input.readableBytesView), detail: detail)
        return Self.reply(done)
    }

    /// The output of a call; of one that failed, where it set none, what went wrong.
    static func reply(_ done: CompletedCall) -> Response {
        let code = ReturnCode.of(done.outcome.fault)
        var response: Response
        if code == 0 {
            response = Reply.bytes(done.outcome.output ?? [])
        } else {
            let status: HTTPResponse.Status = code == ReturnCode.timedOut ? .gatewayTimeout : .internalServerError
            response = Reply.bytes(failureText(done.outcome, code), status: status)
        }
        response.headers[returnCode] = "\(code)"
        response.headers[execution] = "\(done.id)"
        return response
    }

    /// What is shown as the output of a call that failed.
    static func failureText(_ outcome: CallOutcome, _ code: Int32) -> [UInt8] {
        if let output = outcome.output, !output.isEmpty { return output }
        let reason = outcome.fault.map { $0.traceback ?? $0.summary } ?? ""
        return Array("Call failed (return value=\(code))\n\(reason)".utf8)
    }
}
