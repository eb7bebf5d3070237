import HTTPTypes
import Hummingbird
import Model
import NIOCore
import Platform

/// Answers that the caller reads while they are made.
extension OpenFaaSFace {
    /// What becomes of a call.
    private enum Event: Sendable {
        /// Lines of the answer.
        case lines([String])
        case ended(CallOutcome)
        case failed(PlatformError)
    }

    /// The type of lines that the caller wants as they come; nil: the answer is to be sent whole.
    static func streamedType(_ callee: Callee, _ request: Request) -> String? {
        guard callee.function.face == .openfaas else { return nil }
        let accepted = request.headers[.accept] ?? ""
        return ["text/event-stream", "application/x-ndjson"].first { accepted.contains($0) }
    }

    /// Sends the lines of an answer as the function makes them: what a classic handler prints, or what comes out of the iterator
    /// that another one returns. Where the call ends without a line, `whole` makes the answer.
    func stream(
        _ callee: Callee, _ input: [UInt8], _ id: ExecutionID, within limit: Duration, type: String,
        whole: (CallOutcome) -> Response
    ) async throws -> Response {
        let environment = callee.deployment?.environment ?? [:]
        let isClassic = Language(template: callee.entry ?? "") ?? .classic == .classic
        let isCombined = isClassic && !["false", "0"].contains(environment["combine_output"]?.lowercased() ?? "")
        let events = events(callee.function.key, input, id, limit, isCombined)
        // The head can only be sent when something is known of the answer.
        var iterator = events.makeAsyncIterator()
        var head = Response(status: .ok, headers: [.contentType: environment["content_type"] ?? type])
        var first: [String] = []
        switch await iterator.next() {
        case .lines(let lines) where isClassic: first = lines
        case .lines(let lines):
            head = Self.head(lines[0], type: type)
            first = Array(lines.dropFirst())
        case .ended(let outcome): return whole(outcome)
        case .failed(let error): throw error
        case nil: throw CancellationError()
        }
        head.body = ResponseBody { [first] writer in
            try await writer.write(Self.bytes(first))
            for await event in events {
                switch event {
                case .lines(let lines): try await writer.write(Self.bytes(lines))
                case .ended(let outcome):
                    guard let fault = outcome.fault else { continue }
                    // What is no text of the handler's own must not look like its end.
                    guard isClassic else { throw CancellationError() }
                    try await writer.write(ByteBuffer(string: Self.ending(fault)))
                case .failed(let error): throw error
                }
            }
            try await writer.finish(nil)
        }
        return head
    }

    /// Starts a call. It outlives the handler of the request, which returns when the head of the answer is known; and it
    /// ends when nobody listens any more, because the caller left.
    private func events(
        _ key: FunctionKey, _ input: [UInt8], _ id: ExecutionID, _ limit: Duration, _ isCombined: Bool
    ) -> AsyncStream<Event> {
        let (events, feed) = AsyncStream.makeStream(of: Event.self)
        let call = Task {
            defer {
                inFlight.leave(key)
                feed.finish()
            }
            do {
                let done = try await platform.invoke(key, input: input, id: id, within: limit) { lines in
                    let shown = lines.filter { isCombined || $0.stream == .stdout }.map(\.text)
                    if !shown.isEmpty { feed.yield(.lines(shown)) }
                }
                feed.yield(.ended(done.outcome))
            } catch let error as PlatformError {
                feed.yield(.failed(error))
            } catch {
                feed.yield(.failed(PlatformError(.internalFailure, "The call failed.", cause: error)))
            }
        }
        feed.onTermination = { _ in call.cancel() }
        return events
    }

    /// The head that a handler's iterator is announced with: status, then names and values of headers, as JSON.
    private static func head(_ line: String, type: String) -> Response {
        var response = Response(status: .ok)
        var scanner = JSONScanner(Array(line.utf8))
        let text = scanner
        var texts: [String] = []
        try? scanner.array { _, range throws(JSONFault) in texts.append(text.string(in: range) ?? "") }
        if let status = texts.first.flatMap({ Int($0) }), GatewayResponse.statuses.contains(status) {
            response.status = HTTPResponse.Status(code: status)
        }
        let pairs = stride(from: 1, to: texts.count - 1, by: 2).map { (name: texts[$0], value: texts[$0 + 1]) }
        response.headers = CallHeaders.fromFunction(pairs)
        if response.headers[.contentType] == nil { response.headers[.contentType] = type }
        return response
    }

    private static func bytes(_ lines: [String]) -> ByteBuffer {
        ByteBuffer(string: lines.map { $0 + "\n" }.joined())
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
