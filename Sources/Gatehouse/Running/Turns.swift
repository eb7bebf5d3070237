import Storage
import Synchronization

/// Lets no more calls of a gate run at one time than it allows; the others wait in the order of arrival.
final class Turns: Sendable {
    private struct Waiter {
        let number: UInt64
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct Line {
        var running = 0
        var limit: Int
        var waiting: [Waiter] = []
    }

    private struct State {
        var lines: [ObjectID: Line] = [:]
        var count: UInt64 = 0

        /// Those whose turn it is.
        mutating func admit(_ gate: ObjectID) -> [Waiter] {
            guard var line = lines[gate] else { return [] }
            var admitted: [Waiter] = []
            while line.running < line.limit, !line.waiting.isEmpty {
                admitted.append(line.waiting.removeFirst())
                line.running += 1
            }
            lines[gate] = line.running == 0 && line.waiting.isEmpty ? nil : line
            return admitted
        }
    }

    private let maximumWaiting: Int
    private let state = Mutex(State())

    init(maximumWaiting: Int) { self.maximumWaiting = maximumWaiting }

    /// Waits for a turn, for no longer than `time`; nil where there is none, or too many wait.
    func take(_ gate: ObjectID, of limit: Int, within time: Duration) async -> Turn? {
        let number = state.withLock { state in
            state.count += 1
            return state.count
        }
        var timer: Task<Void, Never>?
        let isTaken = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                guard line(up: Waiter(number: number, continuation: continuation), gate, limit) else { return }
                timer = Task {
                    if (try? await Task.sleep(for: time)) != nil { giveUp(number, gate) }
                }
                // It may have been cancelled before it stood in the line.
                if Task.isCancelled { giveUp(number, gate) }
            }
        } onCancel: {
            giveUp(number, gate)
        }
        timer?.cancel()
        return isTaken ? Turn(self, gate) : nil
    }

    /// False: it need not wait, for it has its turn or is refused.
    private func line(up waiter: Waiter, _ gate: ObjectID, _ limit: Int) -> Bool {
        let (admitted, isFull) = state.withLock { state in
            var line = state.lines[gate] ?? Line(limit: limit)
            // The gate may have been changed since the last one came.
            line.limit = limit
            guard line.running < limit || line.waiting.count < maximumWaiting else { return ([Waiter](), true) }
            line.waiting.append(waiter)
            state.lines[gate] = line
            return (state.admit(gate), false)
        }
        if isFull { waiter.continuation.resume(returning: false) }
        for waiter in admitted { waiter.continuation.resume(returning: true) }
        return !isFull && !admitted.contains { $0.number == waiter.number }
    }

    private func giveUp(_ number: UInt64, _ gate: ObjectID) {
        let waiter = state.withLock { state -> Waiter? in
            guard let place = state.lines[gate]?.waiting.firstIndex(where: { $0.number == number }) else { return nil }
            return state.lines[gate]?.waiting.remove(at: place)
        }
        waiter?.continuation.resume(returning: false)
    }

    fileprivate func leave(_ gate: ObjectID) {
        let admitted = state.withLock { state in
            state.lines[gate]?.running -= 1
            return state.admit(gate)
        }
        for waiter in admitted { waiter.continuation.resume(returning: true) }
    }

    /// On top of what runs by now.
    fileprivate func enterAgain(_ gate: ObjectID) {
        state.withLock { $0.lines[gate, default: Line(limit: 1)].running += 1 }
    }
}

/// A call's turn at its gate. It must be ended.
struct Turn: Sendable {
    private let turns: Turns
    private let gate: ObjectID

    fileprivate init(_ turns: Turns, _ gate: ObjectID) {
        self.turns = turns
        self.gate = gate
    }

    /// The call waits for others from now on, which may need a turn at the same gate.
    func park() { turns.leave(gate) }

    func unpark() { turns.enterAgain(gate) }

    func end() { turns.leave(gate) }
}
