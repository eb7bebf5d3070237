import Model
import Synchronization

/// Tells those who wait what happens to executions. Nothing is told twice or kept for later: who waits looks into the store
/// after it began to listen.
final class ExecutionHub: Sendable {
    /// What happened to one execution.
    enum Event: Sendable {
        /// It may have another status now.
        case changed
        /// An attempt printed something; the first of these lines has this number in it.
        case printed(attempt: Int, from: Int, [LogLine])
    }

    /// A listener's place: events come until it is let go.
    struct Subscription: Sendable {
        let id: ExecutionID
        let number: UInt64
        let events: AsyncStream<Event>
    }

    private struct Tail {
        var attempt: Int
        /// The number of the first line that is still here.
        var first = 0
        var bytes = 0
        var lines: [LogLine] = []
    }

    private struct State {
        var listeners: [ExecutionID: [UInt64: AsyncStream<Event>.Continuation]] = [:]
        var tails: [ExecutionID: Tail] = [:]
        var count: UInt64 = 0
    }

    /// Tells those who follow functions.
    let functions = FunctionLogHub()
    private let maximumLines: Int
    private let maximumBytes: Int
    private let state = Mutex(State())

    init(maximumLines: Int, maximumBytes: Int) {
        self.maximumLines = maximumLines
        self.maximumBytes = maximumBytes
    }

    /// How many listen.
    var listeners: Int { state.withLock { $0.listeners.values.reduce(0) { $0 + $1.count } } }

    /// Begins to listen. The tail of a running call's log comes first.
    func subscribe(_ id: ExecutionID) -> Subscription {
        // Who is slow misses lines and finds them in the store at the end.
        let (events, continuation) = AsyncStream.makeStream(of: Event.self, bufferingPolicy: .bufferingNewest(256))
        return state.withLock { state in
            state.count += 1
            state.listeners[id, default: [:]][state.count] = continuation
            if let tail = state.tails[id], !tail.lines.isEmpty {
                continuation.yield(.printed(attempt: tail.attempt, from: tail.first, tail.lines))
            }
            return Subscription(id: id, number: state.count, events: events)
        }
    }

    /// Listens no longer.
    func unsubscribe(_ subscription: Subscription) {
        state.withLock { state in
            state.listeners[subscription.id]?.removeValue(forKey: subscription.number)?.finish()
            if state.listeners[subscription.id]?.isEmpty == true { state.listeners[subscription.id] = nil }
        }
    }

    /// An attempt begins; what it prints is held from now on.
    func begin(_ id: ExecutionID, attempt: Int) { state.withLock { $0.tails[id] = Tail(attempt: attempt) } }

    /// A running call printed lines. Of other calls nothing is held.
    func show(_ id: ExecutionID, _ lines: [LogLine]) {
        state.withLock { state in
            guard var tail = state.tails[id] else { return }
            let from = tail.first + tail.lines.count
            tail.lines += lines
            tail.bytes += lines.reduce(0) { $0 + $1.text.utf8.count }
            var dropped = 0
            while tail.lines.count - dropped > maximumLines || (tail.bytes > maximumBytes && dropped < tail.lines.count)
            {
                tail.bytes -= tail.lines[dropped].text.utf8.count
                dropped += 1
            }
            tail.lines.removeFirst(dropped)
            tail.first += dropped
            state.tails[id] = tail
            for listener in (state.listeners[id] ?? [:]).values {
                listener.yield(.printed(attempt: tail.attempt, from: from, lines))
            }
        }
    }

    /// The store has another status of these, or may have.
    func changed(_ ids: [ExecutionID]) {
        state.withLock { state in
            for id in ids {
                state.tails[id] = nil
                guard let listeners = state.listeners[id] else { continue }
                for listener in listeners.values { listener.yield(.changed) }
            }
        }
    }
}
