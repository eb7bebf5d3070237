import Model
import Storage

/// Decides what the dispatcher does next: pure, without clock, store or tasks of its own.
struct DispatchMachine {
    struct Limits {
        /// Calls that run at one time.
        var concurrency: Int
        /// Leased calls that wait for one of those places.
        var maximumHeld = 256
        /// Ended calls whose end is not stored yet; above it nothing more is leased.
        var maximumUnsettled = 2048
        /// As many calls are held as end in this time, so that the store is asked for many at once.
        var horizon: Duration = .milliseconds(250)
    }

    enum Action: Equatable {
        /// Run this call and tell ``ended(_:)``.
        case start(Lease)
        /// Lease so many and tell ``leased(_:asked:)`` or ``leaseFailed()``.
        case lease(limit: Int)
        /// Wait for an event.
        case rest
        case finished
    }

    private enum Phase { case working, draining, expired }

    private let limits: Limits
    private var phase = Phase.working
    /// Whether nothing can run for now.
    private var isPaused = false
    /// Oldest last.
    private var held: [Lease] = []
    private var running: Set<ExecutionID> = []
    private var isLeasing = false
    /// Whether the store may hold queued calls.
    private var mayHaveMore = true
    private var isWokenWhileLeasing = false
    /// Whether the last look passed something over because its function runs as often as it may.
    private var isHeldBack = false
    private var nextLook: Timestamp?
    private var endedSinceLease = 0
    private var lastLeaseAt: Timestamp?

    init(limits: Limits) { self.limits = limits }

    /// Whether no more calls are started.
    var isDraining: Bool { phase != .working }
    /// Whether running calls are to be broken off.
    var isExpired: Bool { phase == .expired }

    /// Something was queued.
    mutating func woken() {
        mayHaveMore = true
        if isLeasing { isWokenWhileLeasing = true }
    }

    /// What the store gave. Returns what must go back because the stop came first.
    mutating func leased(_ work: LeasedWork, asked: Int) -> [Lease] {
        isLeasing = false
        mayHaveMore = work.leases.count >= asked || isWokenWhileLeasing
        isHeldBack = work.isHeldBack
        if isDraining { return work.leases }
        if isPaused {
            mayHaveMore = true
            return work.leases
        }
        held.insert(contentsOf: work.leases.reversed(), at: 0)
        return []
    }

    /// Ends of calls were stored, so that others of their functions may run.
    mutating func stored() {
        if isHeldBack { woken() }
    }

    /// When to look again because of `due`; nil: it is not within `horizon`, or a look at that time or before is planned.
    mutating func plan(_ due: Timestamp?, now: Timestamp, horizon: Duration) -> Timestamp? {
        if let planned = nextLook, planned <= now { nextLook = nil }
        guard let due, due.since(now) < horizon, nextLook.map({ due < $0 }) ?? true else { return nil }
        nextLook = due
        return due
    }

    /// The store gave nothing; a wake-up comes later.
    mutating func leaseFailed() {
        isLeasing = false
        mayHaveMore = isWokenWhileLeasing
    }

    /// A call that was started has ended.
    mutating func ended(_ id: ExecutionID) {
        running.remove(id)
        endedSinceLease += 1
    }

    /// Takes a call out that is leased but not started; nil where it is not such a one.
    mutating func withdraw(_ id: ExecutionID) -> Lease? {
        held.firstIndex { $0.execution.id == id }.map { held.remove(at: $0) }
    }

    /// Starts nothing until it may again. Returns what is leased but not started, to go back into the queue.
    mutating func setPaused(_ paused: Bool) -> [Lease] {
        isPaused = paused
        guard paused else {
            woken()
            return []
        }
        defer { held = [] }
        return held.reversed()
    }

    /// Starts nothing more. Returns what is leased but not started, to go back into the queue.
    mutating func drain() -> [Lease] {
        if phase == .working { phase = .draining }
        defer { held = [] }
        return held.reversed()
    }

    /// Waits no longer for what runs.
    mutating func expire() { phase = .expired }

    /// What to do now. Asked again after every action until it says `rest` or `finished`.
    mutating func next(at now: Timestamp, unsettled: Int) -> Action {
        switch phase {
        case .expired: return .finished
        case .draining: return running.isEmpty && !isLeasing ? .finished : .rest
        case .working: break
        }
        if isPaused { return .rest }
        if running.count < limits.concurrency, let lease = held.popLast() {
            running.insert(lease.execution.id)
            return .start(lease)
        }
        guard mayHaveMore, !isLeasing, unsettled < limits.maximumUnsettled else { return .rest }
        let wanted = wantedHeld(at: now)
        let free = limits.concurrency - running.count
        guard free > 0 || held.count <= wanted / 2 else { return .rest }
        let limit = free + wanted - held.count
        guard limit > 0 else { return .rest }
        isLeasing = true
        isWokenWhileLeasing = false
        lastLeaseAt = now
        endedSinceLease = 0
        return .lease(limit: limit)
    }

    /// How many calls will end within the horizon, going by the time since the last lease.
    private func wantedHeld(at now: Timestamp) -> Int {
        guard let lastLeaseAt else { return 0 }
        // Over a shorter time a rate says little.
        let elapsed = max(10_000, now.since(lastLeaseAt).microseconds)
        return Int(min(Int64(limits.maximumHeld), Int64(endedSinceLease) * limits.horizon.microseconds / elapsed))
    }
}
