public import Model
internal import Synchronization

/// What is done while the server answers already: the interpreter is compiled where that was not done before.
extension WorkerPool {
    public func beginPreparation() { state.withLock { $0.isPreparing = true } }

    public func prepareSpots(onLong: @escaping @Sendable () -> Void) async throws(SandboxRefusal) {
        do throws(WorkerError) { _ = try await interpreter.code(onLong: onLong) } catch {
            throw .unavailable(error.message)
        }
    }

    public func endPreparation() {
        // Without any spot, what waited would wait for ever.
        let refused = state.withLock { state in
            state.isPreparing = false
            guard state.supervision.openCount == 0 else { return [Job]() }
            return state.scheduler.dropWaiting().compactMap { state.unregister($0) }
        }
        for job in refused { job.finish(.noSpots) }
    }
}
