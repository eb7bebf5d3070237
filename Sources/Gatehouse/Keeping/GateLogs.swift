import Labels
import Model
import Storage
import Synchronization

/// The last lines of gates' logs. Each is shown only to those whom its label may flow to, and that is known when the call
/// that printed it has ended. All of it is in memory.
final class GateLogs: Sendable {
    private struct Entry {
        let line: GateLogLine
        let label: Label
    }

    private struct Log {
        var entries: ArraySlice<Entry> = []
        var bytes = 0
        /// When somebody wrote last, in turns of all logs.
        var turn: UInt64 = 0
    }

    private struct Listener {
        let gate: ObjectID
        let privilege: Component
        let stream: AsyncStream<GateLogLine>.Continuation
    }

    private struct State {
        var logs: [ObjectID: Log] = [:]
        var listeners: [UInt64: Listener] = [:]
        var count: UInt64 = 0
    }

    private let configuration: GatehouseConfiguration
    private let state = Mutex(State())

    init(_ configuration: GatehouseConfiguration) { self.configuration = configuration }

    /// How many lines there are, whoever may know them.
    func count(of gate: ObjectID) -> Int { state.withLock { $0.logs[gate]?.entries.count ?? 0 } }

    func append(_ lines: [GateLogLine], label: Label, of gate: ObjectID) {
        guard !lines.isEmpty else { return }
        let listeners = state.withLock { state in
            state.count += 1
            if state.logs[gate] == nil, state.logs.count >= configuration.maximumLoggedGates,
                let quietest = state.logs.min(by: { $0.value.turn < $1.value.turn })
            {
                state.logs[quietest.key] = nil
            }
            var log = state.logs[gate] ?? Log()
            log.turn = state.count
            for line in lines {
                log.entries.append(Entry(line: line, label: label))
                log.bytes += line.text.utf8.count
            }
            while log.entries.count > configuration.maximumLogLines || log.bytes > configuration.maximumLogBytes,
                let oldest = log.entries.popFirst()
            {
                log.bytes -= oldest.line.text.utf8.count
            }
            state.logs[gate] = log
            return state.listeners.values.filter { $0.gate == gate }
        }
        for listener in listeners where Self.mayKnow(label, listener.privilege) {
            for line in lines { listener.stream.yield(line) }
        }
    }

    /// What there is, oldest first; with `follow` also what comes, until the stream is let go.
    func lines(of gate: ObjectID, for privilege: Component, follow: Bool) -> AsyncStream<GateLogLine> {
        // Who is slower than this many lines misses some.
        let (lines, stream) = AsyncStream.makeStream(
            of: GateLogLine.self, bufferingPolicy: .bufferingNewest(2 * configuration.maximumLogLines))
        let number = state.withLock { state in
            state.count += 1
            if follow { state.listeners[state.count] = Listener(gate: gate, privilege: privilege, stream: stream) }
            // Under the lock, so that what comes meanwhile comes after these.
            for entry in state.logs[gate]?.entries ?? [] where Self.mayKnow(entry.label, privilege) {
                stream.yield(entry.line)
            }
            return state.count
        }
        if follow {
            stream.onTermination = { [weak self] _ in
                _ = self?.state.withLock { $0.listeners.removeValue(forKey: number) }
            }
        } else {
            stream.finish()
        }
        return lines
    }

    private static func mayKnow(_ label: Label, _ privilege: Component) -> Bool {
        label.canFlow(to: Label(secrecy: privilege, integrity: .true), with: privilege)
    }
}
