import Model
import Synchronization

/// Tells those who follow a function what its calls printed, when they end. Nothing is told twice or kept for later.
final class FunctionLogHub: Sendable {
    /// What one call printed.
    struct Event: Sendable {
        var execution: ExecutionID
        var lines: [LogLine]
    }

    private struct State {
        var listeners: [FunctionKey: [UInt64: AsyncStream<Event>.Continuation]] = [:]
        var count: UInt64 = 0
    }

    private let state = Mutex(State())

    /// Who is slower than this many calls misses some.
    private static let maximumWaitingCalls = 1024

    /// Begins to listen, until the stream is let go.
    func subscribe(_ key: FunctionKey) -> AsyncStream<Event> {
        let (events, continuation) = AsyncStream.makeStream(
            of: Event.self, bufferingPolicy: .bufferingNewest(Self.maximumWaitingCalls))
        let number = state.withLock { state in
            state.count += 1
            state.listeners[key, default: [:]][state.count] = continuation
            return state.count
        }
        continuation.onTermination = { [weak self] _ in self?.remove(number, key) }
        return events
    }

    /// A call has ended.
    func publish(_ key: FunctionKey, _ execution: ExecutionID, _ lines: [LogLine]) {
        guard !lines.isEmpty else { return }
        let listeners = state.withLock { state in state.listeners[key].map { Array($0.values) } ?? [] }
        for listener in listeners { listener.yield(Event(execution: execution, lines: lines)) }
    }

    private func remove(_ number: UInt64, _ key: FunctionKey) {
        state.withLock { state in
            state.listeners[key]?[number] = nil
            if state.listeners[key]?.isEmpty == true { state.listeners[key] = nil }
        }
    }
}
