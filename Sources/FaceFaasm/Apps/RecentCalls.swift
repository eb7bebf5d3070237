import Model
import Synchronization

/// The numbers that synchronous calls were given lately, so that clients can ask for these as for others. They end with the
/// server; the executions stay.
final class RecentCalls: Sendable {
    private struct Key: Hashable {
        var owner: UUID7
        var number: Int64
    }

    private struct State {
        var records: [Key: AppRecord] = [:]
        /// A ring.
        var keys: [Key] = []
        var next = 0
    }

    private static let maximum = 10_000
    private let state = Mutex(State())

    /// Notes a call, and returns its number.
    func add(_ message: Message, _ execution: ExecutionID, _ owner: UUID7) -> Int64 {
        var message = message
        message.input = []
        let number = message.setNumber()
        let record = AppRecord(Batch(number: number, messages: [message]), [execution])
        let key = Key(owner: owner, number: number)
        state.withLock { state in
            state.records[key] = record
            if state.keys.count < Self.maximum {
                state.keys.append(key)
            } else {
                state.records[state.keys[state.next]] = nil
                state.keys[state.next] = key
                state.next = (state.next + 1) % Self.maximum
            }
        }
        return number
    }

    func app(_ number: Int64, _ owner: UUID7) -> AppRecord? {
        state.withLock { $0.records[Key(owner: owner, number: number)] }
    }
}

extension Message {
    /// Gives a call that a client did not number an id of our own, as an app of one call, and returns that.
    mutating func setNumber() -> Int64 {
        // Beyond what clients choose and what chained calls have.
        let number = Int64.random(in: 1_500_000_000...Int64(Int32.max))
        self[number: "id"] = number
        self[number: "appId"] = number
        return number
    }
}
