/// What the sandboxes have to run calls with, and what they do.
public struct SandboxStatus: Hashable, Sendable, Codable {
    /// Worker processes that are up.
    public var workers: Int
    /// Worker processes that should be up: one for each spot.
    public var wantedWorkers: Int
    /// Calls that can run at one time, all workers together.
    public var capacity: Int
    /// Calls that run now.
    public var running: Int
    /// Calls that wait for a place.
    public var waiting: Int
    /// What is being done before the first call can run, a sentence; nil: nothing.
    public var preparation: String?

    public init(
        workers: Int, wantedWorkers: Int, capacity: Int, running: Int, waiting: Int, preparation: String? = nil
    ) {
        self.preparation = preparation
        self.workers = workers
        self.wantedWorkers = wantedWorkers
        self.capacity = capacity
        self.running = running
        self.waiting = waiting
    }
}

extension SandboxService {
    /// These sandboxes tell what was printed only at the end.
    public func onLogs(_ sink: @escaping @Sendable (ExecutionID, [LogLine]) -> Void) {}

    /// These sandboxes need no preparation.
    public func beginPreparation() {}
    public func prepareSpots(onLong: @escaping @Sendable () -> Void) async throws(SandboxRefusal) {}
    public func endPreparation() {}

    /// These sandboxes do not say how they fare.
    public var sandboxStatus: SandboxStatus? { nil }
}
