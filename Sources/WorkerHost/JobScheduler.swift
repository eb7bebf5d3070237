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
        /// Jobs under way, those left out that wait for other calls.
        var jobs: Set<JobNumber> = []
        /// Jobs that wait for other calls and compute nothing.
        var parked: Set<JobNumber> = []
        /// Whether it gets nothing more.
        var isRetired = false
    }

    private let queueLimit: Int
    private let parkedLimit: Int
    private var workers: [WorkerNumber: Load] = [:]
    private var waiting = JobQueue()
    private var parkedCount = 0

    /// `queueLimit`: how many jobs of depth 0 may wait. `parkedLimit`: none of these starts while so many jobs are parked.
    init(queueLimit: Int, parkedLimit: Int = .max) {
        self.queueLimit = queueLimit
        self.parkedLimit = parkedLimit
    }

    var waitingCount: Int { waiting.count }
    var runningCount: Int { workers.values.reduce(0) { $0 + $1.jobs.count + $1.parked.count } }
    /// Workers that take jobs.
    var workerCount: Int { workers.values.count { !$0.isRetired } }

    /// `isWarm` tells whether a worker holds what the job needs. A warm worker is preferred while it has a processor free,
    /// or where no other has. A job that another one waits for (`depth` above 0) is never refused.
    mutating func submit(_ job: JobNumber, depth: Int = 0, isWarm: (WorkerNumber) -> Bool) -> Submission {
        if depth >= least, waiting.deepest.map({ $0 < depth }) ?? true, let best = best(isWarm) {
            workers[best]!.jobs.insert(job)
            return .start(on: best)
        }
        guard depth > 0 || waiting.outerCount < queueLimit else { return .refuse }
        waiting.append(job, depth: depth)
        return .wait
    }

    /// The least depth that may start now.
    private var least: Int { parkedCount >= parkedLimit ? 1 : 0 }

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

    /// A job ended. Returns the jobs to start on its worker.
    mutating func finish(_ job: JobNumber, on worker: WorkerNumber) -> [JobNumber] {
        if workers[worker]?.parked.remove(job) != nil { parkedCount -= 1 }
        workers[worker]?.jobs.remove(job)
        return fill(worker)
    }

    /// A job waits for other calls from now on. Returns the jobs to start on its worker.
    mutating func park(_ job: JobNumber, on worker: WorkerNumber) -> [JobNumber] {
        guard workers[worker]?.jobs.remove(job) != nil else { return [] }
        workers[worker]!.parked.insert(job)
        parkedCount += 1
        return fill(worker)
    }

    /// A job goes on that was parked: on top of what its worker has been given meanwhile.
    mutating func unpark(_ job: JobNumber, on worker: WorkerNumber) {
        guard workers[worker]?.parked.remove(job) != nil else { return }
        workers[worker]!.jobs.insert(job)
        parkedCount -= 1
    }

    private mutating func fill(_ worker: WorkerNumber) -> [JobNumber] {
        guard let load = workers[worker], !load.isRetired else { return [] }
        var started: [JobNumber] = []
        while load.jobs.count + started.count < load.capacity, let next = waiting.popFirst(from: least) {
            started.append(next)
        }
        workers[worker]!.jobs.formUnion(started)
        return started
    }

    /// A worker is ready. Returns the jobs to start on it.
    mutating func add(_ worker: WorkerNumber, capacity: Int, permits: Int) -> [JobNumber] {
        workers[worker] = Load(capacity: capacity, permits: permits)
        return fill(worker)
    }

    /// A worker gets nothing more; it goes on with what it has.
    mutating func retire(_ worker: WorkerNumber) { workers[worker]?.isRetired = true }

    /// Whether a worker was retired and has nothing left to do.
    func isDone(_ worker: WorkerNumber) -> Bool {
        workers[worker].map { $0.isRetired && $0.jobs.isEmpty && $0.parked.isEmpty } ?? false
    }

    /// A worker is gone, with its jobs.
    mutating func remove(_ worker: WorkerNumber) {
        parkedCount -= workers.removeValue(forKey: worker)?.parked.count ?? 0
    }

    /// Takes a job out of the queue. False where it does not wait.
    mutating func cancelWaiting(_ job: JobNumber) -> Bool { waiting.remove(job) }

    /// Takes every job out of the queue.
    mutating func dropWaiting() -> [JobNumber] {
        var dropped: [JobNumber] = []
        while let job = waiting.popFirst() { dropped.append(job) }
        return dropped
    }
}
