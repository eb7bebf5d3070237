public import Model
import Storage

extension Platform {
    /// Queues calls of a function, all or none, and returns their ids in order once they are on disk.
    public func enqueue(_ key: FunctionKey, inputs: [[UInt8]]) async throws(PlatformError) -> [ExecutionID] {
        guard inputs.count <= configuration.maximumBulkCalls else {
            throw PlatformError(
                .tooLarge,
                "\(inputs.count) calls in one request, but at most \(configuration.maximumBulkCalls) are allowed "
                    + "(`maximumBulkCalls`).")
        }
        let function = try await directory.resolve(key)
        for input in inputs { try check(input, function) }
        try dispatcher.reserve(inputs.count)
        let now = time.now()
        let executions = inputs.enumerated().map { index, input in
            // A microsecond apart, so that ids keep the order of the request.
            Execution(
                id: time.makeID(at: now + .microseconds(index)), task: .runFunction, trigger: .asynchronous,
                function: key, status: .queued, input: input, createdAt: now)
        }
        do {
            try await PlatformError.storing { try await store.enqueue(executions) }
        } catch {
            dispatcher.release(inputs.count)
            throw error
        }
        dispatcher.wake()
        return executions.map(\.id)
    }
}
