import Model
import Storage
import Testing

/// Every order of leases, settles, crashes, lost leases, cancels and retries, for small numbers of each.
@Suite(.serialized, .timeLimit(.minutes(3))) struct QueueModelTests {
    @Test(arguments: [(1, 1, 4), (1, 2, 3), (1, 3, 2), (2, 1, 2), (2, 2, 2)])
    func `in every order of events each execution ends once and none is lost`(
        _ executions: Int, _ dispatchers: Int, _ leases: Int64
    ) {
        let model = QueueModel(maximumLeases: leases)
        let result = model.explore(executions: executions, dispatchers: dispatchers)
        #expect(result.violation == nil, "after \(result.events)")
        #expect(result.stuck == 0)
        #expect(result.count > 50)
    }

    @Test func `a settle that ignores the epoch is noticed`() {
        var model = QueueModel()
        model.rules.settle = { entry, _, verdict in
            // The current epoch stands for "whatever it is".
            entry.settle(epoch: entry.epoch, verdict)
        }
        #expect(model.explore(executions: 1, dispatchers: 2).violation != nil)
    }

    @Test func `a settle that ignores the status is noticed`() {
        var model = QueueModel()
        model.rules.settle = { entry, epoch, verdict in
            guard entry.epoch == epoch else { return false }
            if entry.settle(epoch: epoch, verdict) { return true }
            return entry.status.isFinal
        }
        #expect(model.explore(executions: 1, dispatchers: 2).violation?.contains("settled twice") == true)
    }

    @Test func `a lease under the old epoch is noticed`() {
        var model = QueueModel()
        model.rules.lease = { entry in
            guard entry.isReady else { return false }
            // The same number again, as where losing a lease put the old one back.
            var fresh = QueueEntry(Self.queued)
            _ = fresh.lease(until: QueueModel.leaseEnd)
            entry = fresh
            return true
        }
        #expect(model.explore(executions: 1, dispatchers: 2).violation != nil)
    }

    @Test func `a lost lease that is forgotten is noticed`() {
        var model = QueueModel()
        model.rules.loseLease = { _ in false }
        let result = model.explore(executions: 1, dispatchers: 1)
        #expect(result.violation == nil)
        #expect(result.stuck > 0, "what a crashed dispatcher held never ends")
    }

    private static let queued = Execution(
        id: ExecutionID(high: 0, low: 0), task: .runFunction, trigger: .asynchronous, function: nil, status: .queued,
        createdAt: Timestamp(microseconds: 0))
}
