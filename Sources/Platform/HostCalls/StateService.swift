import ServiceLifecycle
import SharedState

/// Makes what calls wrote durable before the server stops.
struct StateService: Service {
    let state: SharedState

    func run() async throws {
        try? await gracefulShutdown()
        try await state.close()
    }
}
