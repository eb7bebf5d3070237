public import Model

extension Platform {
    /// One execution once it has ended, or as it is after `limit`. Waits for the event; the store is read after the wait
    /// began, so none is missed.
    public func execution(_ id: ExecutionID, endedWithin limit: Duration) async throws(PlatformError) -> Execution {
        let subscription = hub.subscribe(id)
        defer { hub.unsubscribe(subscription) }
        let execution = try await execution(id)
        if execution.status.isFinal { return execution }
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for await event in subscription.events {
                    guard case .changed = event else { continue }
                    // Put back into the queue, or ended: only the store knows.
                    if let execution = try? await self.execution(id), !execution.status.isFinal { continue }
                    return
                }
            }
            group.addTask { [time] in try? await time.sleep(min(limit, self.configuration.maximumWait)) }
            await group.next()
            group.cancelAll()
        }
        return try await self.execution(id)
    }
}
