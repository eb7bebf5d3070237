import HTTPTypes
import Hummingbird
public import Model
import NIOCore
public import Platform
import PlatformHTTP

/// Calls that nobody waits for.
extension OpenFaaSFace {
    func enqueue(_ address: CallAddress, _ request: Request, _ remote: ConnectionContext) async throws -> Response {
        let key = try await key(address.name)
        let callee = try await callee(key, for: request)
        let callback = request.headers[CallHeaders.callbackURL]
        if let callback, CallbackURL(callback) == nil {
            throw Refusal(.badRequest, "`X-Callback-Url` is no absolute http or https address: `\(callback)`.")
        }
        let id = platform.makeExecutionID()
        let start = platform.now
        let input = try await input(callee, address, request, id.description, start, remote, isQueued: true)
        _ = try await platform.enqueue(
            key, inputs: [input], RunOptions(callback: callback, id: id), isBatch: false)
        metrics.started(key)
        var response = Reply.empty(.accepted)
        if request.headers[CallHeaders.callID] == nil { response.headers[CallHeaders.callID] = id.description }
        response.headers[CallHeaders.executionID] = id.description
        response.headers[CallHeaders.startTime] = "\(start.microseconds)000"
        response.headers[CallHeaders.servedBy] = "swiftlet/\(Product.version)"
        return response
    }

    /// What who asked for it is told when an asynchronous call has ended; nil for calls of other faces.
    public static func callbackMessage(for execution: Execution) -> CallbackMessage? {
        guard let request = GatewayRequest(decoding: execution.input) else { return nil }
        // Of a function that took too long, its language is not known here: 504 is what most of them answer.
        let answer: CallAnswer
        switch execution.fault?.kind {
        case .platform, .cancelled, .expired, .workerLost: answer = CallAnswer(503, "")
        default:
            answer = CallAnswer(
                output: execution.output, fault: execution.fault, name: request.function, timeout: CallAnswer(504, ""))
        }
        var headers = answer.response.headers.filter {
            CallHeaders.isForwarded($0.name) && $0.name.lowercased() != "content-length"
        }
        if answer.response.header("content-type") == nil, !answer.response.body.isEmpty {
            headers.append(("Content-Type", request.header("Content-Type") ?? Reply.plainText))
        }
        headers.append(("X-Duration-Seconds", seconds(execution.usage.wallMicroseconds)))
        headers.append(("X-Function-Status", "\(answer.response.status)"))
        headers.append(("X-Function-Name", request.function))
        headers.append(("X-Call-Id", request.header("X-Call-Id") ?? execution.id.description))
        return CallbackMessage(headers: headers, body: answer.response.body)
    }
}
