/// Jobs that wait for a worker: those of deeper calls first, and among equals in the order of arrival.
///
/// A call that waits for its own calls keeps its memory, so what lets such calls end comes before what begins new ones: then
/// no more of them wait at one time than calls are deep, for each processor.
struct JobQueue {
    typealias JobNumber = UInt64

    /// A lane for each depth; a job that was taken out of the middle stays as a gap until the lane is walked.
    private struct Lane {
        private var jobs: [JobNumber] = []
        private var first = 0

        mutating func append(_ job: JobNumber) { jobs.append(job) }

        mutating func next() -> JobNumber? {
            guard first < jobs.count else { return nil }
            defer {
                first += 1
                // What was walked is let go now and then, so that taking a job costs the same however many wait.
                if first >= 1024 {
                    jobs.removeFirst(first)
                    first = 0
                }
            }
            return jobs[first]
        }
    }

    private var lanes: [Int: Lane] = [:]
    private var depths: [JobNumber: Int] = [:]
    /// Waiting jobs that clients sent themselves.
    private(set) var outerCount = 0

    var count: Int { depths.count }

    /// The depth of the job that is next; nil where none waits.
    var deepest: Int? { lanes.keys.max() }

    mutating func append(_ job: JobNumber, depth: Int) {
        lanes[depth, default: Lane()].append(job)
        depths[job] = depth
        if depth == 0 { outerCount += 1 }
    }

    /// Takes the next job of at least this depth.
    mutating func popFirst(from depth: Int = 0) -> JobNumber? {
        while let deepest, deepest >= depth {
            while let job = lanes[deepest]!.next() {
                if remove(job) { return job }
            }
            lanes[deepest] = nil
        }
        return nil
    }

    /// Takes out a job; false where it does not wait.
    mutating func remove(_ job: JobNumber) -> Bool {
        guard let depth = depths.removeValue(forKey: job) else { return false }
        if depth == 0 { outerCount -= 1 }
        return true
    }
}
