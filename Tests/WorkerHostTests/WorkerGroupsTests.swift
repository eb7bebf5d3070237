import Model
import Testing

@testable import WorkerHost

@Suite struct WorkerGroupsTests {
    private let small = SpotSize(minimumWorkers: 1, maximumWorkers: 2)
    private let large = SpotSize(minimumWorkers: 2, maximumWorkers: 8)

    /// Groups with one spot and its admitted worker, both of number 1.
    private func groups() -> WorkerGroups {
        var groups = WorkerGroups()
        groups.open(1, small)
        let worker = groups.addWorker(to: 1)
        #expect(worker?.number == 1 && worker?.size == small)
        let isAdmitted = groups.admit(1)
        #expect(isAdmitted && groups.openCount == 1 && groups.capacity == 2)
        return groups
    }

    @Test func `A worker that dies is replaced, one that never took calls is not`() {
        var groups = groups()
        let second = groups.addWorker(to: 1)
        let unborn = groups.ended(second?.number ?? 0)
        #expect(unborn == .nothing)
        let died = groups.ended(1)
        #expect(died == .replace(group: 1))
        let again = groups.ended(1)
        #expect(again == .nothing)
    }

    @Test func `A spot that changes its size keeps its old worker until the new one is there`() {
        var groups = groups()
        groups.resize(1, large)
        let second = groups.addWorker(to: 1)
        #expect(second?.size == large && groups.capacity == 8)
        let isAdmitted = groups.admit(2)
        let retired = groups.retire(1, but: 2)
        #expect(isAdmitted && retired == [1] && !groups.isWanted(1) && groups.isWanted(2))
        let ended = groups.ended(1)
        #expect(ended == .nothing)
    }

    @Test func `A spot that closes is gone with its last worker`() {
        var groups = groups()
        _ = groups.addWorker(to: 1)
        let (retired, isGone) = groups.close(1)
        #expect(retired == [1, 2] && !isGone && groups.openCount == 0 && groups.capacity == 0)
        let late = groups.admit(2)
        #expect(!late)
        let none = groups.addWorker(to: 1)
        #expect(none == nil)
        let first = groups.ended(1)
        let last = groups.ended(2)
        #expect(first == .nothing && last == .lastOne(group: 1))
        let unknown = groups.close(1)
        #expect(unknown.isGone)
    }
}
