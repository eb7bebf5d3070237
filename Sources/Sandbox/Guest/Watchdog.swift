internal import CLinux
internal import Glibc
internal import Kernel
internal import Model

/// Ends runs that exceed their time: one thread looks at all of them once a millisecond while there are any.
///
/// First it raises the interpreter's own alarm, so that Python raises TimeoutError where it stands; what ignores that for
/// `graceNanoseconds` loses its memory.
final class Watchdog: Sendable {
    static let graceNanoseconds: Int64 = 25_000_000
    private static let periodNanoseconds: Int64 = 1_000_000

    /// One run under watch.
    private struct Entry {
        let interruption: Interruption
        let memory: GuestMemory
        let cells: InterruptCells?
        let clock: ThreadClock
        let limits: FunctionLimits
        let wallDeadline: Int64
        let cpuDeadline: Int64
        /// When it was asked to end.
        var askedAt: Int64?
    }

    private struct State {
        var entries: [UInt64: Entry] = [:]
        var nextTicket: UInt64 = 0
        var isIdle = true
    }

    private let state = Condition(State())

    init() {
        PlainThread.start(name: "watchdog") { [state] in
            while true { Self.tick(state) }
        }
    }

    /// Watches a run on the calling thread, which starts now. Give the ticket back when it ended.
    func watch(
        _ interruption: Interruption, memory: GuestMemory, cells: InterruptCells?, limits: FunctionLimits,
        clock: ThreadClock
    ) -> UInt64 {
        let entry = Entry(
            interruption: interruption, memory: memory, cells: cells, clock: clock, limits: limits,
            wallDeadline: Clock.monotonicNanoseconds() + Int64(limits.wallTimeMilliseconds) * 1_000_000,
            cpuDeadline: clock.nanoseconds() + Int64(limits.cpuTimeMilliseconds) * 1_000_000)
        var ticket: UInt64 = 0
        var wasIdle = false
        state.withLock { state in
            state.nextTicket += 1
            ticket = state.nextTicket
            state.entries[ticket] = entry
            wasIdle = state.isIdle
        }
        if wasIdle { state.signal { $0.isIdle = false } }
        return ticket
    }

    func unwatch(_ ticket: UInt64) { state.withLock { _ = $0.entries.removeValue(forKey: ticket) } }

    private static func tick(_ state: Condition<State>) {
        _ = state.wait { (state: inout State) -> Bool? in
            guard state.entries.isEmpty else { return true }
            state.isIdle = true
            return nil
        }
        var pause = timespec(tv_sec: 0, tv_nsec: Int(periodNanoseconds))
        nanosleep(&pause, nil)
        let now = Clock.monotonicNanoseconds()
        state.withLock { state in
            for (ticket, entry) in state.entries {
                guard let reason = entry.interruption.reason ?? overrun(entry, now) else { continue }
                entry.interruption.request(reason)
                let askedAt = entry.askedAt ?? now
                state.entries[ticket]?.askedAt = askedAt
                if reason == .cancelled || entry.cells == nil || now - askedAt >= graceNanoseconds {
                    entry.memory.revoke()
                } else {
                    // Fails only where the memory is gone already, which is what is wanted in the end.
                    _ = try? entry.memory.access(entry.cells!.trip)
                }
            }
        }
    }

    private static func overrun(_ entry: Entry, _ now: Int64) -> InterruptionReason? {
        if now >= entry.wallDeadline { return .wallTime(milliseconds: entry.limits.wallTimeMilliseconds) }
        if entry.clock.nanoseconds() >= entry.cpuDeadline {
            return .cpuTime(milliseconds: entry.limits.cpuTimeMilliseconds)
        }
        return nil
    }
}
