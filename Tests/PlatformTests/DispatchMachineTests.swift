import Model
import Storage
import Testing

@testable import Platform

struct DispatchMachineTests {
    private let start = Timestamp(microseconds: 0)

    private func lease(_ number: UInt64) -> Lease {
        let id = ExecutionID(high: 0, low: number)
        return Lease(
            execution: Execution(
                id: id, task: .runFunction, trigger: .asynchronous, function: nil, status: .running, createdAt: start),
            epoch: 1)
    }

    private func machine(_ concurrency: Int = 2) -> DispatchMachine {
        DispatchMachine(limits: .init(concurrency: concurrency))
    }

    @Test func `asks for as many as can run, starts them in order, and rests when there are no more`() {
        var machine = machine()
        #expect(machine.next(at: start, unsettled: 0) == .lease(limit: 2))
        #expect(machine.next(at: start, unsettled: 0) == .rest)
        #expect(machine.leased(LeasedWork(leases: [lease(1)]), asked: 2).isEmpty)
        #expect(machine.next(at: start, unsettled: 0) == .start(lease(1)))
        #expect(machine.next(at: start, unsettled: 0) == .rest)
        machine.ended(lease(1).execution.id)
        #expect(machine.next(at: start, unsettled: 0) == .rest)
        machine.woken()
        #expect(machine.next(at: start + .seconds(10), unsettled: 0) == .lease(limit: 2))
    }

    @Test func `a wake-up during a lease is not lost`() {
        var machine = machine()
        #expect(machine.next(at: start, unsettled: 0) == .lease(limit: 2))
        machine.woken()
        _ = machine.leased(LeasedWork(leases: []), asked: 2)
        #expect(machine.next(at: start, unsettled: 0) == .lease(limit: 2))
    }

    @Test func `a failed lease waits for a wake-up`() {
        var machine = machine()
        _ = machine.next(at: start, unsettled: 0)
        machine.leaseFailed()
        #expect(machine.next(at: start, unsettled: 0) == .rest)
        machine.woken()
        #expect(machine.next(at: start, unsettled: 0) == .lease(limit: 2))
    }

    @Test func `never runs more than it may`() {
        var machine = machine(2)
        _ = machine.next(at: start, unsettled: 0)
        _ = machine.leased(LeasedWork(leases: [lease(1), lease(2), lease(3)]), asked: 2)
        #expect(machine.next(at: start, unsettled: 0) == .start(lease(1)))
        #expect(machine.next(at: start, unsettled: 0) == .start(lease(2)))
        #expect(machine.next(at: start, unsettled: 0) == .rest)
        machine.ended(lease(2).execution.id)
        #expect(machine.next(at: start, unsettled: 0) == .start(lease(3)))
    }

    @Test func `asks for more at once where calls are short`() {
        var machine = machine(2)
        _ = machine.next(at: start, unsettled: 0)
        _ = machine.leased(LeasedWork(leases: [lease(1), lease(2)]), asked: 2)
        _ = machine.next(at: start, unsettled: 0)
        _ = machine.next(at: start, unsettled: 0)
        machine.ended(lease(1).execution.id)
        machine.ended(lease(2).execution.id)
        // Two in ten milliseconds are fifty in the horizon of 250.
        #expect(machine.next(at: Timestamp(microseconds: 10_000), unsettled: 0) == .lease(limit: 52))
    }

    @Test func `takes nothing more while too many ends are not stored`() {
        var machine = machine()
        #expect(machine.next(at: start, unsettled: 2048) == .rest)
        #expect(machine.next(at: start, unsettled: 2047) == .lease(limit: 2))
    }

    @Test func `what is leased but not started can be withdrawn`() {
        var machine = machine(1)
        _ = machine.next(at: start, unsettled: 0)
        _ = machine.leased(LeasedWork(leases: [lease(1), lease(2)]), asked: 1)
        #expect(machine.next(at: start, unsettled: 0) == .start(lease(1)))
        #expect(machine.withdraw(lease(2).execution.id) == lease(2))
        #expect(machine.withdraw(lease(2).execution.id) == nil)
        #expect(machine.withdraw(lease(1).execution.id) == nil)
    }

    @Test func `a stop gives back what is not started and waits for what runs`() {
        var machine = machine(1)
        _ = machine.next(at: start, unsettled: 0)
        _ = machine.leased(LeasedWork(leases: [lease(1), lease(2), lease(3)]), asked: 1)
        _ = machine.next(at: start, unsettled: 0)
        #expect(machine.drain() == [lease(2), lease(3)])
        #expect(machine.next(at: start, unsettled: 0) == .rest)
        machine.ended(lease(1).execution.id)
        #expect(machine.next(at: start, unsettled: 0) == .finished)
    }

    @Test func `a lease that comes after the stop goes back`() {
        var machine = machine()
        _ = machine.next(at: start, unsettled: 0)
        _ = machine.drain()
        #expect(machine.next(at: start, unsettled: 0) == .rest)
        #expect(machine.leased(LeasedWork(leases: [lease(1)]), asked: 2) == [lease(1)])
        #expect(machine.next(at: start, unsettled: 0) == .finished)
    }

    @Test func `an expired stop waits for nothing`() {
        var machine = machine()
        _ = machine.next(at: start, unsettled: 0)
        _ = machine.leased(LeasedWork(leases: [lease(1)]), asked: 2)
        _ = machine.next(at: start, unsettled: 0)
        _ = machine.drain()
        machine.expire()
        #expect(machine.isExpired)
        #expect(machine.next(at: start, unsettled: 0) == .finished)
    }

    @Test func `under any order of events it holds its bounds and loses nothing`() {
        for seed in 0..<300 as Range<UInt64> {
            var generator = SeededGenerator(state: seed)
            var machine = machine(3)
            var (running, asked, now): (Set<ExecutionID>, Int?, Int64) = ([], nil, 0)
            var (queued, given, done): ([Lease], Set<ExecutionID>, Int) = ((1...40).map { lease($0) }, [], 0)
            for _ in 0..<2000 where done < 40 {
                now += Int64.random(in: 0...20_000, using: &generator)
                switch machine.next(at: Timestamp(microseconds: now), unsettled: 0) {
                case .start(let lease): #expect(running.insert(lease.execution.id).inserted, "seed \(seed)")
                case .lease(let limit):
                    #expect(asked == nil && limit > 0, "seed \(seed)")
                    asked = limit
                case .finished: Issue.record("finished, seed \(seed)")
                case .rest: break
                }
                #expect(running.count <= 3, "seed \(seed)")
                if let limit = asked, Bool.random(using: &generator) {
                    let batch = Array(queued.prefix(limit))
                    queued.removeFirst(batch.count)
                    for lease in batch { #expect(given.insert(lease.execution.id).inserted) }
                    _ = machine.leased(LeasedWork(leases: batch), asked: limit)
                    asked = nil
                }
                if let id = running.randomElement(using: &generator), Bool.random(using: &generator) {
                    running.remove(id)
                    machine.ended(id)
                    done += 1
                }
            }
            #expect(done == 40, "seed \(seed)")
        }
    }
}
