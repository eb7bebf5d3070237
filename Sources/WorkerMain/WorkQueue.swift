internal import Kernel
internal import Sandbox
internal import Synchronization

/// The runs that a worker still has to do, and the permits to do them. Only as many threads are awake as there are permits.
final class WorkQueue: Permits {
    typealias Job = @Sendable () -> Void

    /// Where a thread waits for what it is handed.
    private typealias Seat<Thing> = Condition<Thing?>

    // While a permit is free, no thread wants one back, and no job waits that an idle thread could do.
    private struct State {
        var jobs: [Job] = []
        var nextJob = 0
        var freePermits: Int
        /// The thread that was busy last comes last: its stack is still in the processor's cache.
        var idle: [Seat<Job>] = []
        /// Threads that want their permit back after they waited for something.
        var returning: [Seat<Void>] = []

        mutating func takeJob() -> Job? {
            guard nextJob < jobs.count else { return nil }
            defer {
                nextJob += 1
                if nextJob == jobs.count {
                    jobs.removeAll(keepingCapacity: true)
                    nextJob = 0
                }
            }
            return jobs[nextJob]
        }
    }

    private let state: Mutex<State>

    init(permits: Int) { state = Mutex(State(freePermits: permits)) }

    func add(_ job: @escaping Job) {
        let idle = state.withLock { state -> Seat<Job>? in
            guard state.freePermits > 0, let idle = state.idle.popLast() else {
                state.jobs.append(job)
                return nil
            }
            state.freePermits -= 1
            return idle
        }
        idle?.signal { $0 = job }
    }

    /// Does jobs for ever. `whenIdle` runs, with a permit, where no job waits after one is done.
    func work(whenIdle: () -> Void) {
        let seat = Seat<Job>(nil)
        while true {
            var job: Job? = firstJob(seat)
            // The permit is kept from job to job: giving it back would wake another thread for each.
            while let current = job {
                current()
                job = state.withLock { $0.returning.isEmpty ? $0.takeJob() : nil }
            }
            whenIdle()
            release()
        }
    }

    /// Waits for a job, and a permit for it.
    private func firstJob(_ seat: Seat<Job>) -> Job {
        let job = state.withLock { state -> Job? in
            if state.freePermits > 0, let job = state.takeJob() {
                state.freePermits -= 1
                return job
            }
            state.idle.append(seat)
            return nil
        }
        return job ?? seat.take()
    }

    func acquire() {
        let seat = state.withLock { state -> Seat<Void>? in
            if state.freePermits > 0 {
                state.freePermits -= 1
                return nil
            }
            let seat = Seat<Void>(nil)
            state.returning.append(seat)
            return seat
        }
        seat?.take()
    }

    func release() {
        enum Heir {
            case returning(Seat<Void>)
            case idle(Seat<Job>, Job)
            case nobody
        }
        let heir = state.withLock { state -> Heir in
            if !state.returning.isEmpty { return .returning(state.returning.removeFirst()) }
            if let idle = state.idle.last, let job = state.takeJob() {
                state.idle.removeLast()
                return .idle(idle, job)
            }
            state.freePermits += 1
            return .nobody
        }
        switch heir {
        case .returning(let seat): seat.signal { $0 = () }
        case .idle(let seat, let job): seat.signal { $0 = job }
        case .nobody: break
        }
    }
}

extension Condition {
    /// Waits until there is something, and takes it.
    fileprivate func take<Thing>() -> Thing where State == Thing? {
        // Without a deadline, waiting ends with a value only.
        wait { (thing: inout Thing?) -> Thing? in thing.take() }!
    }
}
