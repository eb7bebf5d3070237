public import Model
import Storage

/// A line of an execution's log, and the attempt that printed it.
public struct AttemptLine: Hashable, Sendable {
    public var attempt: Int
    public var line: LogLine
}

/// What who follows a log is told.
public enum LogEvent: Hashable, Sendable {
    case line(AttemptLine)
    /// The execution has ended; nothing comes after this.
    case end(Execution)
}

extension Platform {
    /// What an execution printed, all attempts; of a running one what is known by now.
    public func logs(of id: ExecutionID) async throws(PlatformError) -> [AttemptLine] {
        let subscription = hub.subscribe(id)
        defer { hub.unsubscribe(subscription) }
        var cursor = LogCursor()
        let execution = try await execution(id)
        var lines = cursor.catchUp(execution, try await history(of: execution))
        guard !execution.status.isFinal else { return lines }
        // The tail of what runs was put into the stream when the subscription began; this only takes it out.
        hub.unsubscribe(subscription)
        for await event in subscription.events {
            if case .printed(let attempt, let from, let printed) = event {
                lines += cursor.take(printed, of: attempt, from: from)
            }
        }
        return lines
    }

    /// Follows an execution's log from its beginning to its end. Ends early where the consumer stops.
    public func followLogs(
        of id: ExecutionID, _ consume: @Sendable (LogEvent) async throws -> Void
    ) async throws {
        let subscription = hub.subscribe(id)
        defer { hub.unsubscribe(subscription) }
        var cursor = LogCursor()
        var execution = try await execution(id)
        for line in cursor.catchUp(execution, try await history(of: execution)) { try await consume(.line(line)) }
        if execution.status.isFinal { return try await consume(.end(execution)) }
        for await event in subscription.events {
            switch event {
            case .printed(let attempt, let from, let lines):
                for line in cursor.take(lines, of: attempt, from: from) { try await consume(.line(line)) }
            case .changed:
                execution = try await self.execution(id)
                for line in cursor.catchUp(execution, try await history(of: execution)) {
                    try await consume(.line(line))
                }
                if execution.status.isFinal { return try await consume(.end(execution)) }
            }
        }
    }

    /// Every attempt of an execution so far, the one that ended it and the one that runs included.
    public func history(of execution: Execution) async throws(PlatformError) -> [Attempt] {
        var attempts = try await PlatformError.storing { try await store.attempts(of: execution.id) }
        if execution.status != .queued, let started = execution.startedAt {
            attempts.append(
                Attempt(
                    number: execution.attempts, status: execution.status, startedAt: started,
                    finishedAt: execution.finishedAt, fault: execution.fault, usage: execution.usage,
                    logs: execution.logs))
        }
        return attempts
    }
}

/// How far somebody has read an execution's log.
struct LogCursor {
    /// The attempt that is being read, and how many of its lines were.
    private var attempt = 0
    private var read = 0

    /// The lines of a history that were not read yet.
    mutating func catchUp(_ execution: Execution, _ history: [Attempt]) -> [AttemptLine] {
        var lines: [AttemptLine] = []
        for each in history where each.number >= attempt {
            if each.number > attempt { (attempt, read) = (each.number, 0) }
            lines += each.logs.dropFirst(read).map { AttemptLine(attempt: attempt, line: $0) }
            read = max(read, each.logs.count)
        }
        return lines
    }

    /// The lines of a running attempt that were not read yet; none of an attempt that is over.
    mutating func take(_ lines: [LogLine], of number: Int, from: Int) -> [AttemptLine] {
        if number > attempt { (attempt, read) = (number, 0) }
        guard number == attempt, from + lines.count > read else { return [] }
        let fresh = lines.dropFirst(max(0, read - from))
        read = from + lines.count
        return fresh.map { AttemptLine(attempt: number, line: $0) }
    }
}
