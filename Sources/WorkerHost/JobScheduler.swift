/// Which worker does which job, and which jobs wait. Pure: it knows workers and jobs by number.
struct JobScheduler {
    typealias WorkerNumber = Int
    typealias JobNumber = UInt64

    /// What happens to a new job.
    enum Submission: Equatable {
        case start(on: WorkerNumber)
        case wait
        case refuse
    }

    private struct Load {
        /// Jobs that a worker may have at once, and those of them that compute.
        var capacity: Int
        var permits: Int
        var jobs: Set<JobNumber> = []
        /// Whether it gets nothing more.
        var isRetired = false
    }

    private let queueLimit: Int
    private var workers: [WorkerNumber: Load] = [:]
    private var waiting: [JobNumber] = []

    init(queueLimit: Int) { self.queueLimit = queueLimit }

    var waitingCount: Int { waiting.count }
    var runningCount: Int { workers.values.reduce(0) { $0 + $1.jobs.count } }
    /// Workers that take jobs.
    var workerCount: Int { workers.values.count { !$0.isRetired } }

    /// `isWarm` tells whether a worker holds what the job needs. A warm worker is preferred while it has a processor free,
    /// or where no other has.
    mutating func submit(_ job: JobNumber, isWarm: (WorkerNumber) -> Bool) -> Submission {
        if waiting.isEmpty, let best = best(isWarm) {
            workers[best]!.jobs.insert(job)
            return .start(on: best)
        }
        guard waiting.count < queueLimit else { return .refuse }
        waiting.append(job)
        return .wait
    }

    private func best(_ isWarm: (WorkerNumber) -> Bool) -> WorkerNumber? {
        var best: (worker: WorkerNumber, rank: (Int, Int, Int, Int)?)?
        for (number, load) in workers where !load.isRetired && load.jobs.count < load.capacity {
            guard let first = best else {
                // Ranked only when there is another one.
                best = (number, nil)
                continue
            }
            let leading = first.rank ?? rank(first.worker, workers[first.worker]!, isWarm)
            let rank = rank(number, load, isWarm)
            best = rank < leading ? (number, rank) : (first.worker, leading)
        }
        return best?.worker
    }

    private func rank(_ number: WorkerNumber, _ load: Load, _ isWarm: (WorkerNumber) -> Bool) -> (Int, Int, Int, Int) {
        (load.jobs.count < load.permits ? 0 : 1, isWarm(number) ? 0 : 1, load.jobs.count, number)
    }

    /// A job ended. Returns the job to start in its place.
    mutating func finish(_ job: JobNumber, on worker: WorkerNumber) -> JobNumber? {
        guard workers[worker]?.jobs.remove(job) != nil, !waiting.isEmpty, !workers[worker]!.isRetired else {
            return nil
        }
        let next = waiting.removeFirst()
        workers[worker]!.jobs.insert(next)
        return next
    }

    /// A worker is ready. Returns the jobs to start on it.
    mutating func add(_ worker: WorkerNumber, capacity: Int, permits: Int) -> [JobNumber] {
        let started = Array(waiting.prefix(capacity))
        waiting.removeFirst(started.count)
        workers[worker] = Load(capacity: capacity, permits: permits, jobs: Set(started))
        return started
    }

    /// A worker gets nothing more; it goes on with what it has.
    mutating func retire(_ worker: WorkerNumber) { workers[worker]?.isRetired = true }

    /// Whether a worker was retired and has nothing left to do.
    func isDone(_ worker: WorkerNumber) -> Bool {
        workers[worker].map { $0.isRetired && $0.jobs.isEmpty } ?? false
    }

    /// A worker is gone, with its jobs.
    mutating func remove(_ worker: WorkerNumber) { workers[worker] = nil }

    /// Takes a job out of the queue. False where it does not wait.
    mutating func cancelWaiting(_ job: JobNumber) -> Bool {
        guard let index = waiting.firstIndex(of: job) else { return false }
        waiting.remove(at: index)
        return true
    }

    /// Takes every job out of the queue.
    mutating func dropWaiting() -> [JobNumber] {
        defer { waiting = [] }
        return waiting
    }
}
