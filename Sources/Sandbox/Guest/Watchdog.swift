internal import CLinux
internal import Glibc
internal import Kernel
internal import Model

/// Ends runs that exceed their time: one thread looks at all of them when the first may have reached a limit.
///
/// First it asks gently, where that can be done; what computes on for `graceNanoseconds` is ended.
final class Watchdog: Sendable {
    /// Of the guest's processor time: on a machine with too much to do, it gets as far as on an idle one.
    private static let graceNanoseconds: Int64 = 25_000_000
    /// Of wall time. One that gets no processor would not end sooner without its memory, so this is but a safety net.
    private static let longestGraceNanoseconds: Int64 = 60_000_000_000
    private static let periodNanoseconds: Int64 = 1_000_000

    /// One run under watch.
    private struct Entry {
        let interruption: Interruption
        let end: any RunEnd
        let clock: ThreadClock
        let limits: FunctionLimits
        let wallDeadline: Int64
        let cpuDeadline: Int64
        /// When it was asked to end, on the wall's clock and on its own.
        var asked: (at: Int64, cpu: Int64)?

        /// Whether it had its time to obey.
        func isOverdue(_ now: Int64) -> Bool {
            guard let asked else { return false }
            return now - asked.at >= longestGraceNanoseconds || clock.nanoseconds() - asked.cpu >= graceNanoseconds
        }
    }

    private struct State {
        var entries: [UInt64: Entry] = [:]
        var nextTicket: UInt64 = 0
        /// When the thread looks again. It is not moved back when a run ends: most calls then wake nobody.
        var nextLook = Int64.max
    }

    private let state = Condition(State())

    init() {
        PlainThread.start(name: "watchdog") { [state] in
            while true { Self.tick(state) }
        }
    }

    /// Watches a run on the calling thread, which starts now. Give the ticket back when it ended.
    func watch(
        _ interruption: Interruption, _ end: any RunEnd, limits: FunctionLimits, clock: ThreadClock
    ) -> UInt64 {
        let now = Clock.monotonicNanoseconds()
        let cpuNanoseconds = Int64(limits.cpuTimeMilliseconds) * 1_000_000
        let entry = Entry(
            interruption: interruption, end: end, clock: clock, limits: limits,
            wallDeadline: now + Int64(limits.wallTimeMilliseconds) * 1_000_000,
            cpuDeadline: clock.nanoseconds() + cpuNanoseconds)
        var ticket: UInt64 = 0
        state.withLock { state in
            state.nextTicket += 1
            ticket = state.nextTicket
            state.entries[ticket] = entry
        }
        look(at: interruption.watch(by: self) ? now : min(entry.wallDeadline, now + cpuNanoseconds))
        return ticket
    }

    func unwatch(_ ticket: UInt64) { state.withLock { _ = $0.entries.removeValue(forKey: ticket) } }

    /// Looks at all runs at `time` of the monotonic clock, or before.
    func look(at time: Int64 = 0) {
        let isSooner = state.withLock { state in
            guard time < state.nextLook else { return false }
            state.nextLook = time
            return true
        }
        if isSooner { state.signal { _ in } }
    }

    private static func tick(_ state: Condition<State>) {
        let planned = state.withLock { $0.nextLook }
        _ = state.wait(until: planned == .max ? nil : planned) { $0.nextLook < planned ? true : nil }
        state.withLock { state in
            let now = Clock.monotonicNanoseconds()
            guard now >= state.nextLook else { return }
            state.nextLook = .max
            for ticket in state.entries.keys {
                state.nextLook = min(state.nextLook, check(&state.entries[ticket]!, now))
            }
        }
    }

    /// Ends a run that must end. Returns when to look at it again.
    private static func check(_ entry: inout Entry, _ now: Int64) -> Int64 {
        guard let reason = entry.interruption.reason ?? overrun(entry, now) else {
            // A thread uses no more processor time than passes.
            let cpuLeft = max(periodNanoseconds, entry.cpuDeadline - entry.clock.nanoseconds())
            return min(entry.wallDeadline, now + cpuLeft)
        }
        if entry.asked == nil { entry.asked = (now, entry.clock.nanoseconds()) }
        if reason == .cancelled || entry.isOverdue(now) || !entry.end.ask() { entry.end.force() }
        // After it was asked: a sleep that ends now must find the alarm.
        entry.interruption.note(reason)
        return now + periodNanoseconds
    }

    private static func overrun(_ entry: Entry, _ now: Int64) -> InterruptionReason? {
        if now >= entry.wallDeadline { return .wallTime(milliseconds: entry.limits.wallTimeMilliseconds) }
        if entry.clock.nanoseconds() >= entry.cpuDeadline {
            return .cpuTime(milliseconds: entry.limits.cpuTimeMilliseconds)
        }
        return nil
    }
}

/// How the run of one guest is ended from another thread. Both are repeated until the run has ended.
protocol RunEnd: Sendable {
    /// Asks the guest to end; false where it cannot be asked.
    func ask() -> Bool
    func force()
}

/// Python is asked by its own alarm, so that it raises TimeoutError where it stands, and loses its memory in the end.
struct InterpreterEnd: RunEnd {
    let memory: GuestMemory
    let cells: InterruptCells?

    func ask() -> Bool {
        guard let cells else { return false }
        // Fails only where the memory is gone already, which is what is wanted in the end.
        _ = try? memory.access(cells.trip)
        return true
    }

    func force() { memory.revoke() }
}
