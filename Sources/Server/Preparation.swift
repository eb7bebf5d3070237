import Logging
import Model
import Platform
import ServiceLifecycle
import Synchronization

/// Makes ready what calls need while the server answers already: calls that come meanwhile wait, and `/healthz` tells how far it is.
struct Preparation: Service {
    let platform: Platform
    let configuration: ServerConfiguration
    /// Where its end is awaited; where it takes long, only if that was asked for.
    let arrivals: Arrivals
    let logger: Logger

    func run() async throws {
        // Whoever waits for readiness must not wait for what failed.
        defer { arrivals.fail() }
        let arrival = Arrival(arrivals)
        do {
            try await cancelWhenGracefulShutdown {
                try await platform.sandbox.prepareSpots {
                    if !configuration.faasm.compilesFirst { arrival.come() }
                }
                try await openSpots()
            }
        } catch {
            guard !Task.isShuttingDownGracefully else { return }
            throw error
        }
        platform.sandbox.endPreparation()
        arrival.come()
        try? await gracefulShutdown()
    }

    private func openSpots() async throws {
        let (size, count) = configuration.firstSpots
        try await platform.spots.restore(first: size, count: count)
        if configuration.threadsPerWorker != nil, platform.spots.size != size {
            logger.notice("--threads is for the first start; the spots are as they were set (`fas spots update`)")
        }
    }

    /// Arrives once, whoever says so.
    private final class Arrival: Sendable {
        private let arrivals: Arrivals
        private let hasCome = Mutex(false)

        init(_ arrivals: Arrivals) { self.arrivals = arrivals }

        func come() {
            let isFirst = hasCome.withLock { hasCome in
                defer { hasCome = true }
                return !hasCome
            }
            if isFirst { arrivals.arrive() }
        }
    }
}
