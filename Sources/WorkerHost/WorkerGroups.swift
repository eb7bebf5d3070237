internal import Model

/// Which workers belong to which spot. Pure: it knows spots and workers by number.
struct WorkerGroups {
    private struct Group {
        var size: SpotSize
        /// Its processes that have not ended, those that start or were retired included.
        var workers: Set<JobScheduler.WorkerNumber> = []
        /// Those that took calls once.
        var admitted: Set<JobScheduler.WorkerNumber> = []
        var retired: Set<JobScheduler.WorkerNumber> = []
        var isClosing = false
    }

    /// What the end of a worker asks for.
    enum Ending: Equatable {
        /// The spot needs another one.
        case replace(group: Int)
        /// It was the last one of a spot that closes.
        case lastOne(group: Int)
        case nothing
    }

    private var groups: [Int: Group] = [:]
    private var groupOfWorker: [JobScheduler.WorkerNumber: Int] = [:]
    private var nextWorker = 0
    /// Spots that do not close.
    private(set) var openCount = 0
    /// Calls that compute at one time, all open spots together.
    private(set) var capacity = 0

    /// A spot is to have workers.
    mutating func open(_ id: Int, _ size: SpotSize) {
        groups[id] = Group(size: size)
        count()
    }

    func isOpen(_ id: Int) -> Bool { groups[id]?.isClosing == false }

    /// Workers that start from now on are of this size.
    mutating func resize(_ id: Int, _ size: SpotSize) {
        groups[id]?.size = size
        count()
    }

    /// The number of a worker to start for a spot, and its size; nil where the spot closes.
    mutating func addWorker(to id: Int) -> (number: JobScheduler.WorkerNumber, size: SpotSize)? {
        guard isOpen(id) else { return nil }
        nextWorker += 1
        groups[id]!.workers.insert(nextWorker)
        groupOfWorker[nextWorker] = id
        return (nextWorker, groups[id]!.size)
    }

    /// A worker is ready. False: it is not wanted any more.
    mutating func admit(_ worker: JobScheduler.WorkerNumber) -> Bool {
        guard isWanted(worker) else { return false }
        groups[groupOfWorker[worker]!]!.admitted.insert(worker)
        return true
    }

    /// Whether a worker is neither retired nor of a spot that closes.
    func isWanted(_ worker: JobScheduler.WorkerNumber) -> Bool {
        groupOfWorker[worker].map { isOpen($0) && !groups[$0]!.retired.contains(worker) } ?? false
    }

    /// Lets all workers of a spot but `newest` go. Returns those.
    mutating func retire(_ id: Int, but newest: JobScheduler.WorkerNumber?) -> [JobScheduler.WorkerNumber] {
        guard let group = groups[id] else { return [] }
        let going = group.workers.subtracting(group.retired).filter { $0 != newest }
        groups[id]!.retired.formUnion(going)
        return going.sorted()
    }

    /// A spot closes. Returns the workers to retire, and whether the spot has none at all.
    mutating func close(_ id: Int) -> (retired: [JobScheduler.WorkerNumber], isGone: Bool) {
        guard groups[id] != nil else { return ([], true) }
        groups[id]!.isClosing = true
        let going = retire(id, but: nil)
        let isGone = groups[id]!.workers.isEmpty
        if isGone { groups[id] = nil }
        count()
        return (going, isGone)
    }

    /// A worker ended, or never started. Who starts one sees to it himself until it is admitted.
    mutating func ended(_ worker: JobScheduler.WorkerNumber) -> Ending {
        guard let id = groupOfWorker.removeValue(forKey: worker), groups[id] != nil else { return .nothing }
        groups[id]!.workers.remove(worker)
        let wasRetired = groups[id]!.retired.remove(worker) != nil
        let wasAdmitted = groups[id]!.admitted.remove(worker) != nil
        guard groups[id]!.isClosing else { return wasAdmitted && !wasRetired ? .replace(group: id) : .nothing }
        guard groups[id]!.workers.isEmpty else { return .nothing }
        groups[id] = nil
        return .lastOne(group: id)
    }

    private mutating func count() {
        let open = groups.values.filter { !$0.isClosing }
        openCount = open.count
        capacity = open.reduce(0) { $0 + $1.size.maximumWorkers }
    }
}
