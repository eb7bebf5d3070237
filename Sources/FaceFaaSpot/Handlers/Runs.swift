import HTTPTypes
import Hummingbird
import Model
import Platform
import Storage

extension FaaSpotFace {
    /// Queues one run and answers with its uuid.
    func run(_ key: FunctionKey, _ call: Call) async throws -> Response {
        try call.access.require(.run)
        try call.access.requireVisible(key)
        let options = try RunHeaders.options(call.request.headers, platform.configuration)
        let runs = try await platform.enqueue(key, inputs: [try await arguments(call)], options, isBatch: false)
        return Reply.uuid(runs.ids[0])
    }

    /// Queues many runs, all or none, and answers with their uuids in order.
    func runInBulk(_ key: FunctionKey, _ call: Call) async throws -> Response {
        try call.access.require(.run)
        try call.access.requireVisible(key)
        let options = try RunHeaders.options(call.request.headers, platform.configuration)
        let body = try await call.body(atMost: configuration.maximumBulkBodyBytes)
        let runs = try await platform.enqueue(key, inputs: try Arguments.bulk(body), options, isBatch: true)
        var response = Reply.json(
            Reply.written { writer in writer.array { writer in for id in runs.ids { writer.string(id.description) } } })
        if let batch = runs.batch { response.headers[Self.batchHeader] = batch.description }
        return response
    }

    /// Runs and answers with the return value as the guest wrote it.
    func runBlocking(_ key: FunctionKey, _ call: Call) async throws -> Response {
        try call.access.require(.run)
        try call.access.requireVisible(key)
        let done = try await platform.invoke(key, input: try await arguments(call))
        if let fault = done.outcome.fault { return Reply.failure(Failure(fault), execution: done.id) }
        return Reply.json(OutputBody.json(done), execution: done.id)
    }

    /// Runs and answers with the return value, or with the error, in an envelope.
    func runInEnvelope(_ key: FunctionKey, _ call: Call) async throws -> Response {
        try call.access.require(.run)
        try call.access.requireVisible(key)
        try await platform.requireFunction(key)
        do {
            let done = try await platform.invoke(key, input: try await arguments(call))
            if let fault = done.outcome.fault { return Self.envelope(error: Failure(fault).message, done.id) }
            let body =
                Array("{\"status\":true,\"output\":".utf8) + OutputBody.json(done) + [UInt8(ascii: "}")]
            return Reply.json(body, execution: done.id)
        } catch {
            let failure = Self.failure(error)
            // Deleted since it was looked for.
            if failure == .notFound { throw failure }
            return Self.envelope(error: failure.message, nil)
        }
    }

    /// A GET has its arguments in the query, anything else in the body.
    private func arguments(_ call: Call) async throws -> [UInt8] {
        if call.request.method == .get || call.request.method == .head {
            return try Arguments.query(call.request.uri.query ?? "")
        }
        return try Arguments.body(try await call.body(atMost: configuration.maximumRequestBodyBytes))
    }

    private static let batchHeader = HTTPField.Name("X-Swiftlet-Batch")!

    private static func envelope(error: String, _ id: ExecutionID?) -> Response {
        Reply.json(
            Reply.written { writer in
                writer.object { writer in
                    writer.key("status")
                    writer.bool(false)
                    writer.member("error", error)
                }
            }, execution: id)
    }
}
