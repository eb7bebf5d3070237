import Logging
import ServiceLifecycle
import SharedState

/// Makes what calls wrote durable: now and then what failed calls left, and all of it before the server stops.
struct StateService: Service {
    let state: SharedState
    let interval: Duration
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: interval)) != nil {
                do { try await state.writeBack() } catch {
                    logger.error("shared state is in memory only, for now", metadata: ["error": "\(error)"])
                }
            }
        }
        try await state.close()
    }
}
