import HTTPTypes
import Hummingbird
import Model
import NIOCore
import Platform
import PlatformHTTP

/// Answers that the caller reads while they are made.
extension OpenFaaSFace {
    /// What becomes of a call.
    private enum Event: Sendable {
        /// A part of the answer. The function goes on when it was taken.
        case part([UInt8], taken: @Sendable () -> Void)
        case ended(CallOutcome)
        case failed(PlatformError)
    }

    /// The type of what the caller wants as it comes; nil: the answer is to be sent whole.
    static func streamedType(_ callee: Callee, _ request: Request) -> String? {
        guard callee.function.face == .openfaas else { return nil }
        // Nearly all callers accept something shorter.
        guard let accepted = request.headers[.accept], accepted.utf8.count >= streamedTypes[0].utf8.count else {
            return nil
        }
        return streamedTypes.first { accepted.contains($0) }
    }

    /// The shortest first.
    private static let streamedTypes = ["text/event-stream", "application/x-ndjson"]

    /// Sends an answer as the function makes it: what a classic handler prints, or what comes out of the iterator that another one
    /// returns. Where the call ends without any of it, `whole` makes the answer.
    func stream(
        _ callee: Callee, _ input: [UInt8], _ id: ExecutionID, within limit: Duration, type: String,
        to remote: ConnectionContext, whole: (CallOutcome) -> Response
    ) async throws -> Response {
        let environment = callee.deployment?.environment ?? [:]
        let isClassic = Language(template: callee.entry ?? "") ?? .classic == .classic
        let events = begin(callee.function.key, input, id, limit, for: remote)
        // The head can only be sent when something is known of the answer.
        var iterator = events.makeAsyncIterator()
        var head = Response(status: .ok, headers: [.contentType: environment["content_type"] ?? type])
        let first: [UInt8]
        switch await iterator.next() {
        case .part(let part, let taken):
            first = isClassic ? part : []
            if !isClassic { head = try Self.head(part, type: type) }
            taken()
        case .ended(let outcome): return whole(outcome)
        case .failed(let error): throw error
        case nil: throw CancellationError()
        }
        head.body = ResponseBody { writer in
            if !first.isEmpty { try await writer.write(ByteBuffer(bytes: first)) }
            for await event in events { try await Self.send(event, to: &writer, isClassic: isClassic) }
            try await writer.finish(nil)
        }
        return head
    }

    private static func send(
        _ event: Event, to writer: inout any ResponseBodyWriter, isClassic: Bool
    ) async throws {
        switch event {
        case .part(let part, let taken):
            try await writer.write(ByteBuffer(bytes: part))
            taken()
        case .ended(let outcome):
            guard let fault = outcome.fault else { return }
            // What is no text of the handler's own must not look like its end.
            guard isClassic else { throw CancellationError() }
            try await writer.write(ByteBuffer(string: ending(fault)))
        case .failed(let error): throw error
        }
    }

    /// Starts a call. It outlives the handler of the request, which returns when the head of the answer is known; and it
    /// ends when nobody listens any more, because the caller left. While there is nothing to send, only a reset tells that.
    private func begin(
        _ key: FunctionKey, _ input: [UInt8], _ id: ExecutionID, _ limit: Duration, for remote: ConnectionContext
    ) -> AsyncStream<Event> {
        let (events, feed) = AsyncStream.makeStream(of: Event.self)
        let call = Task {
            defer {
                inFlight.leave(key)
                feed.finish()
            }
            do throws(PlatformError) {
                let done = try await platform.invoke(key, input: input, id: id, within: limit) { part, taken in
                    feed.yield(.part(part, taken: taken))
                }
                feed.yield(.ended(done.outcome))
            } catch { feed.yield(.failed(error)) }
        }
        feed.onTermination = { _ in call.cancel() }
        remote.closed.whenComplete { _ in call.cancel() }
        return events
    }

    /// The head that a handler's iterator is announced with: a response without its body.
    private static func head(_ bytes: [UInt8], type: String) throws -> Response {
        guard let announced = GatewayResponse(decoding: bytes) else {
            throw Refusal(.internalServerError, "The function's answer is no HTTP response.\n", origin: .watchdog)
        }
        var response = Response(
            status: HTTPResponse.Status(code: announced.status), headers: CallHeaders.fromFunction(announced.headers))
        if response.headers[.contentType] == nil { response.headers[.contentType] = type }
        return response
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
