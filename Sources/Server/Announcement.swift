import Logging
import ServiceLifecycle
import Synchronization

/// Says that the server is ready once all that this means has come. Not where the server begins to listen: it answers already.
final class Announcement: Service {
    private let place = Mutex<Server.Place?>(nil)
    private let arrivals: Arrivals
    private let logger: Logger
    private let onReady: @Sendable (Server.Place) async -> Void

    init(_ arrivals: Arrivals, _ logger: Logger, onReady: @escaping @Sendable (Server.Place) async -> Void) {
        self.arrivals = arrivals
        self.logger = logger
        self.onReady = onReady
    }

    /// The main listener is open.
    func listens(at place: Server.Place) {
        self.place.withLock { $0 = place }
        arrivals.arrive()
    }

    func run() async throws {
        if await arrivals.all(), let place = place.withLock({ $0 }) {
            logger.notice("ready at \(place.url), data in \(place.dataFolder), token in \(place.tokenFile)")
            await onReady(place)
        }
        try? await gracefulShutdown()
    }
}
