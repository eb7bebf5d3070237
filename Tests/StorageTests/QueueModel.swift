import Model
import Storage

/// How the transitions of an entry are made; a test breaks some to see that the check notices.
struct QueueRules: Sendable {
    var lease: @Sendable (inout QueueEntry) -> Bool = { $0.lease(until: QueueModel.leaseEnd) }
    var settle: @Sendable (inout QueueEntry, Int64, QueueEntry.Verdict) -> Bool = { $0.settle(epoch: $1, $2) }
    var loseLease: @Sendable (inout QueueEntry) -> Bool = { $0.loseLease(at: QueueModel.late) }
    var cancel: @Sendable (inout QueueEntry) -> Cancellation = { $0.cancel() }
}

/// A small world: executions, dispatchers that hold leases, and everything that can happen to them in any order.
struct QueueModel {
    static let late = Timestamp(microseconds: 1000)
    static let leaseEnd = Timestamp(microseconds: 10)
    private static let due = Timestamp(microseconds: 100)

    static let maximumAttempts = 2
    /// How often each execution is leased at most, which keeps the world finite.
    var maximumLeases: Int64 = 3

    struct Held: Hashable {
        var execution: Int
        var epoch: Int64
        /// What the attempt number was when it was leased.
        var attempt: Int
    }

    struct State: Hashable {
        var entries: [QueueEntry]
        /// The leases that each dispatcher believes to have; a zombie's too.
        var held: [Set<Held>]
        /// How often each execution was settled for good.
        var ends: [Int]
        /// How often the lease of each was lost.
        var losses: [Int]
        /// How often somebody settled under a lease that was another's by then.
        var thefts = 0
        var ledger: Ledger
    }

    var rules = QueueRules()

    func initial(executions: Int, dispatchers: Int) -> State {
        var ledger = Ledger()
        ledger.accept(executions)
        let execution = Execution(
            id: ExecutionID(high: 0, low: 0), task: .runFunction, trigger: .asynchronous, function: nil,
            status: .queued,
            createdAt: Timestamp(microseconds: 0))
        return State(
            entries: Array(repeating: QueueEntry(execution), count: executions),
            held: Array(repeating: [], count: dispatchers), ends: Array(repeating: 0, count: executions),
            losses: Array(repeating: 0, count: executions), ledger: ledger)
    }

    /// All that can happen next, each with its name.
    func successors(of state: State) -> [(event: String, state: State)] {
        var next: [(String, State)] = []
        for execution in state.entries.indices {
            happen("cancel \(execution)", execution, state, &next) { rules.cancel(&$0) == .cancelled }
            happen("wake \(execution)", execution, state, &next) { $0.wake(at: Self.late) }
            happen(
                "lose the lease of \(execution)", execution, state, &next, { rules.loseLease(&$0) },
                also: { $0.losses[execution] += 1 })
            for dispatcher in state.held.indices where state.entries[execution].epoch < maximumLeases {
                var attempt = 0
                var epoch: Int64 = 0
                happen(
                    "\(dispatcher) leases \(execution)", execution, state, &next,
                    { entry in
                        guard rules.lease(&entry) else { return false }
                        (attempt, epoch) = (entry.attempts, entry.epoch)
                        return true
                    },
                    also: { $0.held[dispatcher].insert(Held(execution: execution, epoch: epoch, attempt: attempt)) })
            }
        }
        for (dispatcher, leases) in state.held.enumerated() {
            for held in leases { settle(held, dispatcher, state, &next) }
            if !leases.isEmpty {
                var crashed = state
                crashed.held[dispatcher] = []
                next.append(("\(dispatcher) crashes", crashed))
            }
        }
        return next
    }

    /// What a dispatcher can say of a lease that it believes to have.
    private func settle(_ held: Held, _ dispatcher: Int, _ state: State, _ next: inout [(String, State)]) {
        var verdicts: [(String, QueueEntry.Verdict)] = [
            ("ends", .end(.succeeded, isDead: false)), ("gives back", .again(notBefore: nil, isUnstarted: true)),
        ]
        if held.attempt < Self.maximumAttempts {
            verdicts.append(("retries", .again(notBefore: Self.due, isUnstarted: false)))
        } else {
            verdicts.append(("buries", .end(.failed, isDead: true)))
        }
        for (name, verdict) in verdicts {
            var after = state
            after.held[dispatcher].remove(held)
            let before = next.count
            happen(
                "\(dispatcher) \(name) \(held.execution)", held.execution, after, &next,
                { rules.settle(&$0, held.epoch, verdict) },
                also: { if state.entries[held.execution].epoch != held.epoch { $0.thefts += 1 } })
            // A settle that was refused still ends what the dispatcher believes.
            if next.count == before { next.append(("\(dispatcher) is refused \(held.execution)", after)) }
        }
    }

    private func happen(
        _ event: String, _ execution: Int, _ state: State, _ next: inout [(String, State)],
        _ change: (inout QueueEntry) -> Bool, also more: (inout State) -> Void = { _ in }
    ) {
        var after = state
        let old = after.entries[execution]
        guard change(&after.entries[execution]) else { return }
        let entry = after.entries[execution]
        if old.status != entry.status {
            after.ledger.move(from: old.status, to: entry.status, isDead: entry.isDead)
            if entry.status.isFinal { after.ends[execution] += 1 }
        } else if entry.status.isFinal {
            after.ends[execution] += 1
        }
        more(&after)
        next.append((event, after))
    }

    /// What must hold in every state; the first that does not.
    func violation(in state: State) -> String? {
        if !state.ledger.totals.isConserved { return "the counters do not agree" }
        if state.thefts > 0 { return "somebody settled under a lease that was another's" }
        let statuses = state.entries.map(\.status)
        if state.ledger.queued != statuses.count(where: { $0 == .queued })
            || state.ledger.running != statuses.count(where: { $0 == .running })
        {
            return "the counters count something else"
        }
        for (execution, entry) in state.entries.enumerated() {
            if state.ends[execution] > 1 { return "\(execution) was settled twice" }
            if entry.status.isFinal != (state.ends[execution] == 1) { return "\(execution) left its end" }
            if entry.status == .running, entry.leasedUntil == nil { return "\(execution) runs without a lease" }
            if entry.status != .running, entry.leasedUntil != nil { return "\(execution) is leased but does not run" }
            if entry.attempts > Self.maximumAttempts + state.losses[execution] {
                return "\(execution) had \(entry.attempts) attempts"
            }
            let epochs = state.held.joined().filter { $0.execution == execution }.map(\.epoch)
            if Set(epochs).count != epochs.count { return "two dispatchers hold the same lease of \(execution)" }
        }
        return nil
    }

    /// Everything that can come of a world, breadth first.
    func explore(executions: Int, dispatchers: Int) -> Exploration {
        let start = initial(executions: executions, dispatchers: dispatchers)
        var states = [start]
        var numbers = [start: 0]
        var cameFrom: [(state: Int, event: String)] = [(0, "the beginning")]
        var predecessors: [[Int]] = [[]]
        var position = 0
        while position < states.count {
            if let violation = violation(in: states[position]) {
                var events: [String] = []
                var state = position
                while state != 0 {
                    events.append(cameFrom[state].event)
                    state = cameFrom[state].state
                }
                return Exploration(count: states.count, violation: violation, events: events.reversed(), stuck: 0)
            }
            for (event, next) in successors(of: states[position]) {
                if let known = numbers[next] {
                    predecessors[known].append(position)
                } else {
                    numbers[next] = states.count
                    states.append(next)
                    cameFrom.append((position, event))
                    predecessors.append([position])
                }
            }
            position += 1
        }
        return Exploration(
            count: states.count, violation: nil, events: [], stuck: states.count - ending(states, predecessors))
    }

    /// How many states can still reach one in which everything has ended: else something is lost.
    private func ending(_ states: [State], _ predecessors: [[Int]]) -> Int {
        var open = states.indices.filter { states[$0].entries.allSatisfy(\.status.isFinal) }
        var reached = Set(open)
        while let state = open.popLast() {
            for before in predecessors[state] where reached.insert(before).inserted { open.append(before) }
        }
        return reached.count
    }
}

struct Exploration {
    var count: Int
    var violation: String?
    /// What led to the violation.
    var events: [String]
    /// States from which not everything can end.
    var stuck: Int
}
