internal import Kernel
internal import Sandbox
internal import Synchronization

/// The runs that a worker still has to do, and the permits to do them. Only as many threads are awake as there are permits.
/// Threads are started when they are needed: where a permit is free, a job waits, and all the others wait for something.
final class WorkQueue: Permits {
    typealias Job = @Sendable () -> Void

    /// Where a thread waits for what it is handed.
    private typealias Seat<Thing> = Condition<Thing?>

    // While a permit is free, no thread wants one back, and no job waits that an idle thread could do.
    private struct State {
        var jobs: [Job] = []
        var nextJob = 0
        var freePermits: Int
        /// Threads that may still be started.
        var unborn: Int
        var whenIdle: Job = {}
        /// The thread that was busy last comes last: its stack is still in the processor's cache.
        var idle: [Seat<Job>] = []
        /// Threads that want their permit back after they waited for something.
        var returning: [Seat<Void>] = []

        var hasJob: Bool { nextJob < jobs.count }

        /// A thread for a job.
        mutating func doer() -> Doer? {
            if let seat = idle.popLast() { return .idle(seat) }
            guard unborn > 0 else { return nil }
            unborn -= 1
            return .newThread
        }

        mutating func takeJob() -> Job? {
            guard hasJob else { return nil }
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

    init(permits: Int, maximumThreads: Int) {
        state = Mutex(State(freePermits: permits, unborn: maximumThreads))
    }

    /// Has threads run `body`, with a permit, where no job waits after one is done.
    func onIdle(_ body: @escaping Job) { state.withLock { $0.whenIdle = body } }

    /// Who does a job that has a permit.
    private enum Doer {
        case idle(Seat<Job>)
        case newThread
    }

    func add(_ job: @escaping Job) {
        let doer = state.withLock { state -> Doer? in
            guard state.freePermits > 0, let doer = state.doer() else {
                state.jobs.append(job)
                return nil
            }
            state.freePermits -= 1
            return doer
        }
        if let doer { give(job, to: doer) }
    }

    private func give(_ job: @escaping Job, to doer: Doer) {
        switch doer {
        case .idle(let seat): seat.signal { $0 = job }
        case .newThread: GuestThread.start(name: "guest") { self.work(job) }
        }
    }

    /// Does `first`, for which there is a permit, and then jobs for ever.
    private func work(_ first: @escaping Job) {
        let seat = Seat<Job>(nil)
        var job: Job? = first
        while true {
            // The permit is kept from job to job: giving it back would wake another thread for each.
            while let current = job {
                current()
                job = state.withLock { $0.returning.isEmpty ? $0.takeJob() : nil }
            }
            state.withLock { $0.whenIdle }()
            release()
            job = nextJob(seat)
        }
    }

    /// Waits for a job, and a permit for it.
    private func nextJob(_ seat: Seat<Job>) -> Job {
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
            case job(Job, Doer)
            case nobody
        }
        let heir = state.withLock { state -> Heir in
            if !state.returning.isEmpty { return .returning(state.returning.removeFirst()) }
            if state.hasJob, let doer = state.doer(), let job = state.takeJob() { return .job(job, doer) }
            state.freePermits += 1
            return .nobody
        }
        switch heir {
        case .returning(let seat): seat.signal { $0 = () }
        case .job(let job, let doer): give(job, to: doer)
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
