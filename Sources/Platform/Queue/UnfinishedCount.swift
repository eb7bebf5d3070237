import Synchronization

/// How many executions are accepted and have not ended, kept below a limit.
final class UnfinishedCount: Sendable {
    private let limit: Int
    private let count = Mutex(0)

    init(limit: Int) { self.limit = limit }

    func set(_ value: Int) { count.withLock { $0 = value } }

    func add(_ number: Int) throws(PlatformError) {
        let isFull = count.withLock { count in
            if count + number > limit { return true }
            count += number
            return false
        }
        if isFull {
            throw PlatformError(
                .busy,
                "\(limit) executions are unfinished, which is the most that may be (`maximumUnfinishedExecutions`); "
                    + "try again later.", retryAfterSeconds: 10)
        }
    }

    func subtract(_ number: Int) { count.withLock { $0 = max(0, $0 - number) } }
}
