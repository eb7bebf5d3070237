internal import Kernel
internal import Sandbox

/// The runs that a worker still has to do, and the permits to do them. Only as many threads are awake as there are permits.
final class WorkQueue: Permits {
    typealias Job = @Sendable () -> Void

    private struct State {
        var jobs: [Job] = []
        var nextJob = 0
        var freePermits: Int
        /// Threads that want their permit back after they waited for something.
        var returning = 0

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

    private let state: Condition<State>

    init(permits: Int) { state = Condition(State(freePermits: permits)) }

    func add(_ job: @escaping Job) {
        let isFree = state.withLock { state in
            state.jobs.append(job)
            return state.freePermits > 0
        }
        // Without a free permit, who gives one back looks for jobs: waking a thread now would be for nothing.
        if isFree { state.signal { _ in } }
    }

    /// Does jobs for ever. `whenIdle` runs, with a permit, where no job waits after one is done.
    func work(whenIdle: () -> Void) {
        while true {
            var job = state.wait { (state: inout State) -> Job? in
                guard state.freePermits > 0, state.returning == 0, let job = state.takeJob() else { return nil }
                state.freePermits -= 1
                return job
            }
            // The permit is kept from job to job: giving it back would wake another thread for each.
            while let current = job {
                current()
                job = state.withLock { $0.returning == 0 ? $0.takeJob() : nil }
            }
            whenIdle()
            release()
        }
    }

    func acquire() {
        var isWaiting = false
        _ = state.wait { (state: inout State) -> Bool? in
            guard state.freePermits > 0 else {
                if !isWaiting { state.returning += 1 }
                isWaiting = true
                return nil
            }
            if isWaiting { state.returning -= 1 }
            state.freePermits -= 1
            return true
        }
    }

    func release() {
        let (someReturn, hasJobs) = state.withLock { state in
            state.freePermits += 1
            return (state.returning > 0, state.nextJob < state.jobs.count)
        }
        // A signal might wake a thread that wants a job while one that returns goes before it.
        if someReturn { state.broadcast { _ in } } else if hasJobs { state.signal { _ in } }
    }
}
