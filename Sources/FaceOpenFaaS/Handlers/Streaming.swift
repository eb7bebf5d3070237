import HTTPTypes
import Hummingbird
import Model
import NIOCore
import Platform

/// Answers that the caller reads while they are made.
extension OpenFaaSFace {
    /// Whether the caller wants lines as they come, and the handler makes its answer by printing.
    static func isStreamed(_ callee: Callee, _ request: Request) -> Bool {
        guard callee.function.face == .openfaas, Language(template: callee.entry ?? "") ?? .classic == .classic else {
            return false
        }
        let accepted = request.headers[.accept] ?? ""
        return ["text/event-stream", "application/x-ndjson"].contains { accepted.contains($0) }
    }

    /// Sends what a call prints, line by line. The status is sent before anything is known of the call's end.
    func stream(
        _ callee: Callee, _ input: [UInt8], _ request: Request, _ id: ExecutionID, _ start: Timestamp, _ limit: Duration
    ) -> Response {
        let (platform, key) = (platform, callee.function.key)
        let isCombined = !["false", "0"].contains(
            callee.deployment?.environment["combine_output"]?.lowercased() ?? "")
        let body = ResponseBody { writer in
            let (chunks, feed) = AsyncStream.makeStream(of: ByteBuffer.self)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    defer { feed.finish() }
                    let done = try? await platform.invoke(key, input: input, id: id, within: limit) { lines in
                        for line in lines where isCombined || line.stream == .stdout {
                            feed.yield(ByteBuffer(string: line.text + "\n"))
                        }
                    }
                    if let fault = done?.outcome.fault { feed.yield(ByteBuffer(string: Self.ending(fault))) }
                }
                // A caller who leaves is noticed by a write, and ends the call.
                defer { group.cancelAll() }
                for await chunk in chunks { try await writer.write(chunk) }
            }
            try await writer.finish(nil)
        }
        let accepted = request.headers[.accept] ?? ""
        let type = accepted.contains("text/event-stream") ? "text/event-stream" : "application/x-ndjson"
        var headers: HTTPFields = [.contentType: callee.deployment?.environment["content_type"] ?? type]
        headers[CallHeaders.startTime] = "\(start.microseconds)000"
        return Response(status: .ok, headers: headers, body: body)
    }

    /// The last line of an answer that broke off.
    private static func ending(_ fault: ExecutionFault) -> String {
        switch fault.kind {
        case .timedOut: "Killed process.\n"
        case .raised, .exited: "exit status \(fault.exitCode ?? 1)\n"
        default: "\(fault.summary)\n"
        }
    }
}
