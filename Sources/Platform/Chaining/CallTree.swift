import Model
import Synchronization

/// A call of a client's with all calls that came of it: those that it chained, those that these chained, and so on. They know
/// each other by numbers that mean nothing outside of the tree.
final class CallTree: Sendable {
    /// Called when a wait is over, with the calls in the order in which they were named.
    typealias Waiter = @Sendable ([Member]) -> Void

    struct Member: Sendable {
        let id: ExecutionID
        let parent: Int32
        let depth: Int
        /// Nil: it has not ended.
        var ending: Ending?
    }

    /// What a caller is told of the end of a call that it chained.
    struct Ending: Sendable {
        var code: Int32
        var output: [UInt8]
    }

    private struct Wait {
        var numbers: [Int32]
        var missing: Set<Int32>
        /// Ends the wait when it takes too long; cancelled when it is over, for many waits are short.
        var timer: Task<Void, Never>
        var waiter: Waiter
    }

    private struct State {
        var members: [Member]
        var waits: [Int: Wait] = [:]
        var nextWait = 0
        var outputBytes = 0

        subscript(number: Int32) -> Member? {
            get { members.indices.contains(Int(number)) ? members[Int(number)] : nil }
        }

        func named(_ numbers: [Int32]) -> [Member] { numbers.map { members[Int($0)] } }
    }

    let root: ExecutionID
    private let state: Mutex<State>

    /// The client's call has number 0.
    init(root: ExecutionID) {
        self.root = root
        state = Mutex(State(members: [Member(id: root, parent: 0, depth: 0)]))
    }

    /// Calls, the client's included.
    var count: Int { state.withLock { $0.members.count } }

    /// Bytes of output that are kept for those who ask.
    var outputBytes: Int { state.withLock { $0.outputBytes } }

    /// Adds a call that `parent` chained, and returns its number; nil where there are `limit` of them.
    func add(_ id: ExecutionID, parent: Int32, limit: Int) -> (number: Int32, depth: Int)? {
        state.withLock { state in
            guard state.members.count <= limit, let depth = state[parent]?.depth else { return nil }
            state.members.append(Member(id: id, parent: parent, depth: depth + 1))
            return (Int32(state.members.count - 1), depth + 1)
        }
    }

    /// A call of the tree other than the client's; nil: there is none of that number.
    subscript(number: Int32) -> Member? { number > 0 ? state.withLock { $0[number] } : nil }

    /// Notes the end of a call, and tells those who wait for it.
    func end(_ number: Int32, _ ending: Ending) {
        let over = state.withLock { state -> [(Waiter, [Member])] in
            state.members[Int(number)].ending = ending
            state.outputBytes += ending.output.count
            var over: [(Waiter, [Member])] = []
            for (key, var wait) in state.waits where wait.missing.remove(number) != nil {
                state.waits[key] = wait.missing.isEmpty ? nil : wait
                guard wait.missing.isEmpty else { continue }
                wait.timer.cancel()
                over.append((wait.waiter, state.named(wait.numbers)))
            }
            return over
        }
        for (waiter, members) in over { waiter(members) }
    }

    /// The calls, where all of them have ended.
    func ended(_ numbers: [Int32]) -> [Member]? {
        state.withLock { state in
            numbers.allSatisfy { state[$0]?.ending != nil } ? state.named(numbers) : nil
        }
    }

    /// Has `waiter` told once all of the calls have ended, or after `timeout`. Every number must be known. Returns the calls
    /// instead where all of them have ended before.
    func wait(for numbers: [Int32], timeout: Duration, _ waiter: @escaping Waiter) -> [Member]? {
        state.withLock { state in
            let missing = Set(numbers.filter { state[$0]?.ending == nil })
            guard !missing.isEmpty else { return state.named(numbers) }
            state.nextWait += 1
            let key = state.nextWait
            let timer = Task {
                if (try? await Task.sleep(for: timeout)) != nil { giveUp(key) }
            }
            state.waits[key] = Wait(numbers: numbers, missing: missing, timer: timer, waiter: waiter)
            return nil
        }
    }

    /// Ends a wait that takes too long. Nothing happens where it is over.
    private func giveUp(_ wait: Int) {
        let given = state.withLock { state in
            state.waits.removeValue(forKey: wait).map { ($0, state.named($0.numbers)) }
        }
        if let (wait, members) = given { wait.waiter(members) }
    }

    /// The calls that came of `number` and have not ended.
    func unfinishedDescendants(of number: Int32) -> [ExecutionID] {
        state.withLock { state in
            var family: Set<Int32> = [number]
            // A call comes after its parent.
            for (index, member) in state.members.enumerated().dropFirst() where family.contains(member.parent) {
                family.insert(Int32(index))
            }
            return family.filter { $0 != number }.map { state.members[Int($0)] }.filter { $0.ending == nil }.map(\.id)
        }
    }
}
