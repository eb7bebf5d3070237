import Glibc
import Model
import Storage
import StorageSQLite

/// The steps, each printed as a line with wall and processor time.
struct Bench {
    let store: SQLiteStore
    /// How many executions there are when lists are measured.
    let total: Int

    func run() async throws {
        for concurrency in [1, 16, 64] {
            try await enqueueSingly(concurrency)
            try await enqueueSingly(concurrency)
        }
        for _ in 0..<3 { try await enqueueInBulk() }
        for size in [1, 16, 256] { try await leaseAndSettle(size) }
        try await record()
        try await fill()
        try await list()
    }

    private func enqueueSingly(_ concurrency: Int) async throws {
        let count = concurrency * 300
        let executions = samples(count)
        try await measure("enqueue singly, concurrency \(concurrency)", count) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<concurrency {
                    group.addTask {
                        for index in stride(from: worker, to: count, by: concurrency) {
                            try await store.enqueue([executions[index]])
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    private func enqueueInBulk() async throws {
        let executions = samples(10_000)
        try await measure("enqueue in bulk of 10000", executions.count) { try await store.enqueue(executions) }
    }

    private func leaseAndSettle(_ size: Int) async throws {
        let rounds = 4096 / size / (size == 1 ? 8 : 1)
        try await measure("lease and settle, \(size) at a time", rounds * size) {
            for _ in 0..<rounds {
                let leases = try await store.lease(limit: size, now: now(), until: now() + .seconds(60))
                let refused = try await store.settle(leases.map(settlement))
                precondition(refused.isEmpty && leases.count == size)
            }
        }
    }

    private func record() async throws {
        let executions = samples(20_000, .succeeded)
        try await measure("record singly, and flush", executions.count) {
            for execution in executions { try await store.record([execution]) }
            _ = try await store.executions(matching: ExecutionFilter(limit: 1))
        }
    }

    private func fill() async throws {
        let stored = try await store.counts().values.reduce(0, +)
        guard stored < total else { return }
        let statuses: [ExecutionStatus] = [.succeeded, .succeeded, .succeeded, .failed, .timedOut]
        try await measure("fill up to \(total) with records of 10000", total - stored) {
            for batch in stride(from: stored, to: total, by: 10_000) {
                try await store.record(samples(10_000, statuses[batch / 10_000 % statuses.count]))
            }
            _ = try await store.counts()
        }
    }

    private func list() async throws {
        var (second, deep) = (ExecutionFilter(), ExecutionFilter())
        second.before = try await store.executions(matching: second).last?.id
        var generator = SystemRandomNumberGenerator()
        deep.before = ExecutionID(time: Timestamp(microseconds: start.microseconds + 1000), using: &generator)
        let key = FunctionKey(name: try FunctionName("function-3"))
        let filters = [
            ("newest 100", ExecutionFilter()), ("second page", second), ("oldest", deep),
            ("one status", ExecutionFilter(statuses: [.failed])),
            ("all statuses but one", ExecutionFilter(statuses: Set(ExecutionStatus.allCases).subtracting([.queued]))),
            ("one function", ExecutionFilter(function: key)),
            ("one function, one status", ExecutionFilter(function: key, statuses: [.timedOut])),
            ("a function without executions", ExecutionFilter(function: FunctionKey(name: try FunctionName("none")))),
        ]
        for (name, filter) in filters {
            try await measure("list \(name)", 20) {
                for _ in 0..<20 { _ = try await store.executions(matching: filter) }
            }
        }
        try await measure("counts", 5) { for _ in 0..<5 { _ = try await store.counts() } }
        let ids = try await store.executions(matching: ExecutionFilter(limit: 1000)).map(\.id)
        try await measure("get by id", ids.count) { for id in ids { _ = try await store.execution(id) } }
    }
}

private let start = now()

private func now() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
}

private func samples(_ count: Int, _ status: ExecutionStatus = .queued) -> [Execution] {
    var generator = SystemRandomNumberGenerator()
    let input = Array(
        #"{"name": "world", "numbers": [1, 2, 3], "text": "a usual input of about a hundred bytes"}"#.utf8)
    return (0..<count).map { index in
        let time = now()
        var execution = Execution(
            id: ExecutionID(time: time, using: &generator), task: .runFunction, trigger: .asynchronous,
            function: try? FunctionKey(name: FunctionName("function-\(index % 100)")), version: 1, status: status,
            input: input, createdAt: time)
        if status.isFinal {
            execution.output = Array(#"{"message": "hello world"}"#.utf8)
            execution.startedAt = time
            execution.finishedAt = time
        }
        return execution
    }
}

private func settlement(_ lease: Lease) -> Settlement {
    Settlement(
        id: lease.execution.id, epoch: lease.epoch, status: .succeeded,
        output: Array(#"{"message": "hello world"}"#.utf8), fault: nil, logs: [],
        usage: ResourceUsage(wallMicroseconds: 150, cpuMicroseconds: 150, peakMemoryBytes: 20 << 20), finishedAt: now())
}
