public import Model

extension Platform {
    /// Calls a function as ``invoke(_:input:id:within:)`` does, and hands over what it prints while it runs; at the end what
    /// is left of that.
    public func invoke(
        _ key: FunctionKey, input: [UInt8], id: ExecutionID, within limit: Duration?,
        printed: @Sendable ([LogLine]) async throws -> Void
    ) async throws -> CompletedCall {
        hub.begin(id, attempt: 1)
        let subscription = hub.subscribe(id)
        async let call = finished(subscription) { () async throws(PlatformError) in
            try await self.invoke(key, input: input, id: id, within: limit)
        }
        var read = 0
        for await event in subscription.events {
            guard case .printed(_, let from, let lines) = event, from + lines.count > read else { continue }
            try await printed(Array(lines.dropFirst(max(0, read - from))))
            read = from + lines.count
        }
        let done = try await call
        try await printed(Array(done.outcome.logs.dropFirst(read)))
        return done
    }

    /// Ends a subscription when `body` has ended.
    private func finished<T: Sendable>(
        _ subscription: ExecutionHub.Subscription, _ body: @Sendable () async throws(PlatformError) -> T
    ) async throws(PlatformError) -> T {
        defer {
            hub.unsubscribe(subscription)
            hub.changed([subscription.id])
        }
        return try await body()
    }
}
