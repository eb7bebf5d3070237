import Testing

@testable import WorkerHost

@Suite struct JobSchedulerTests {
    private func scheduler(queueLimit: Int = 2, workers: Int = 1, capacity: Int = 2, permits: Int = 1) -> JobScheduler {
        var scheduler = JobScheduler(queueLimit: queueLimit)
        for worker in 1...workers {
            let result1 = scheduler.add(worker, capacity: capacity, permits: permits)
            #expect(result1.isEmpty)
        }
        return scheduler
    }

    @Test func `A job starts where there is room and waits where there is none`() {
        var scheduler = scheduler()
        let result2 = scheduler.submit(1) { _ in false }
        #expect(result2 == .start(on: 1))
        let result3 = scheduler.submit(2) { _ in false }
        #expect(result3 == .start(on: 1))
        let result4 = scheduler.submit(3) { _ in false }
        #expect(result4 == .wait)
        #expect(scheduler.runningCount == 2)
        #expect(scheduler.waitingCount == 1)
    }

    @Test func `One job more than may wait is refused`() {
        var scheduler = scheduler(queueLimit: 1, capacity: 1)
        let result5 = scheduler.submit(1) { _ in false }
        #expect(result5 == .start(on: 1))
        let result6 = scheduler.submit(2) { _ in false }
        #expect(result6 == .wait)
        let result7 = scheduler.submit(3) { _ in false }
        #expect(result7 == .refuse)
    }

    @Test func `Waiting jobs start in the order in which they came`() {
        var scheduler = scheduler(capacity: 1)
        _ = scheduler.submit(1) { _ in false }
        _ = scheduler.submit(2) { _ in false }
        _ = scheduler.submit(3) { _ in false }
        let result8 = scheduler.finish(1, on: 1)
        #expect(result8 == [2])
        let result9 = scheduler.finish(2, on: 1)
        #expect(result9 == [3])
        let result10 = scheduler.finish(3, on: 1)
        #expect(result10 == [])
    }

    @Test func `A worker that holds the image is preferred while it has a processor free`() {
        var scheduler = scheduler(workers: 2, capacity: 4, permits: 1)
        let result11 = scheduler.submit(1) { $0 == 2 }
        #expect(result11 == .start(on: 2))
        let result12 = scheduler.submit(2) { $0 == 2 }
        #expect(result12 == .start(on: 1))
        let result13 = scheduler.submit(3) { $0 == 2 }
        #expect(result13 == .start(on: 2))
    }

    @Test func `A job that waits can be cancelled, one that runs cannot`() {
        var scheduler = scheduler(capacity: 1)
        _ = scheduler.submit(1) { _ in false }
        _ = scheduler.submit(2) { _ in false }
        let result14 = scheduler.cancelWaiting(1)
        #expect(!result14)
        let result15 = scheduler.cancelWaiting(2)
        #expect(result15)
        let result16 = scheduler.finish(1, on: 1)
        #expect(result16 == [])
    }

    @Test func `Jobs that waited for a worker start when one is there`() {
        var scheduler = JobScheduler(queueLimit: 10)
        for job in 1...3 {
            let result17 = scheduler.submit(UInt64(job)) { _ in false }
            #expect(result17 == .wait)
        }
        let result18 = scheduler.add(7, capacity: 2, permits: 1)
        #expect(result18 == [1, 2])
        let result19 = scheduler.finish(1, on: 7)
        #expect(result19 == [3])
    }

    @Test func `A worker that is gone gets nothing more`() {
        var scheduler = scheduler(workers: 2, capacity: 1)
        _ = scheduler.submit(1) { $0 == 1 }
        scheduler.remove(1)
        let result20 = scheduler.finish(1, on: 1)
        #expect(result20 == [])
        let result21 = scheduler.submit(2) { _ in true }
        #expect(result21 == .start(on: 2))
        let result22 = scheduler.submit(3) { _ in true }
        #expect(result22 == .wait)
    }

    @Test func `A retired worker gets nothing more, and is done when it has done what it has`() {
        var scheduler = scheduler(workers: 2, capacity: 1)
        let first = scheduler.submit(1) { $0 == 1 }
        #expect(first == .start(on: 1))
        scheduler.retire(1)
        #expect(!scheduler.isDone(1) && scheduler.workerCount == 1)
        let second = scheduler.submit(2) { $0 == 1 }
        #expect(second == .start(on: 2))
        let third = scheduler.submit(3) { $0 == 1 }
        #expect(third == .wait)
        let next = scheduler.finish(1, on: 1)
        #expect(next == [] && scheduler.isDone(1))
        let dropped = scheduler.dropWaiting()
        #expect(dropped == [3] && scheduler.waitingCount == 0)
    }

    @Test func `A parked job leaves its place to others, and comes back on top of them`() {
        var scheduler = scheduler(capacity: 1)
        _ = scheduler.submit(1) { _ in false }
        _ = scheduler.submit(2) { _ in false }
        let started = scheduler.park(1, on: 1)
        #expect(started == [2] && scheduler.runningCount == 2)
        scheduler.unpark(1, on: 1)
        let child = scheduler.submit(3, depth: 1) { _ in false }
        #expect(child == .wait)
        // Two are under way where one may be: the first end lets nothing start.
        let none = scheduler.finish(2, on: 1)
        #expect(none == [])
        let next = scheduler.finish(1, on: 1)
        #expect(next == [3])
    }

    @Test func `A parked job that ends gives no place back twice`() {
        var scheduler = scheduler(capacity: 1)
        _ = scheduler.submit(1) { _ in false }
        _ = scheduler.park(1, on: 1)
        _ = scheduler.submit(2) { _ in false }
        _ = scheduler.submit(3) { _ in false }
        let none = scheduler.finish(1, on: 1)
        #expect(none == [] && scheduler.runningCount == 1)
        let next = scheduler.finish(2, on: 1)
        #expect(next == [3])
        let again = scheduler.park(9, on: 1)
        #expect(again == [])
    }

    @Test func `Deeper jobs come first, and are never refused`() {
        var scheduler = JobScheduler(queueLimit: 1)
        _ = scheduler.add(1, capacity: 1, permits: 1)
        _ = scheduler.submit(1) { _ in false }
        _ = scheduler.submit(2) { _ in false }
        let refused = scheduler.submit(3) { _ in false }
        #expect(refused == .refuse)
        for (job, depth) in [(UInt64(4), 1), (5, 2), (6, 2)] {
            let result = scheduler.submit(job, depth: depth) { _ in false }
            #expect(result == .wait)
        }
        var order: [UInt64] = []
        var running: UInt64 = 1
        while let next = scheduler.finish(running, on: 1).first {
            order.append(next)
            running = next
        }
        #expect(order == [5, 6, 4, 2])
    }

    @Test func `No call of a client's starts while as many wait for others as may`() {
        var scheduler = JobScheduler(queueLimit: 10, parkedLimit: 1)
        _ = scheduler.add(1, capacity: 2, permits: 2)
        _ = scheduler.submit(1) { _ in false }
        _ = scheduler.park(1, on: 1)
        let outer = scheduler.submit(2) { _ in false }
        #expect(outer == .wait)
        let inner = scheduler.submit(3, depth: 1) { _ in false }
        #expect(inner == .start(on: 1))
        scheduler.unpark(1, on: 1)
        let next = scheduler.finish(3, on: 1)
        #expect(next == [2])
    }

    @Test func `Any sequence keeps every job in exactly one place`() {
        var generator = SystemRandomNumberGenerator()
        let seed = UInt64.random(in: .min ... .max, using: &generator)
        var random = Xorshift(seed: seed)
        var scheduler = scheduler(queueLimit: 5, workers: 2, capacity: 3, permits: 2)
        var running: [UInt64: Int] = [:]
        var waiting: Set<UInt64> = []
        for job in UInt64(1)...2000 {
            switch scheduler.submit(job, isWarm: { _ in Bool.random(using: &random) }) {
            case .start(let worker): running[job] = worker
            case .wait: waiting.insert(job)
            case .refuse: #expect(waiting.count == 5, "seed \(seed)")
            }
            if let (ended, worker) = running.randomElement(using: &random), Bool.random(using: &random) {
                running[ended] = nil
                for next in scheduler.finish(ended, on: worker) {
                    #expect(waiting.remove(next) != nil, "seed \(seed)")
                    running[next] = worker
                }
            }
            #expect(scheduler.runningCount == running.count && scheduler.waitingCount == waiting.count, "seed \(seed)")
        }
    }
}

/// Numbers that a seed gives again.
private struct Xorshift: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
